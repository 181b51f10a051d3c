// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How long range_list.h takes; peers.sh puts others beside it.
 *
 *	cc -O2 -I.. numbers.c -o numbers && ./numbers 1000000
 *
 * Nodes of 6 keys, touching in pairs, a gap of 4 behind each pair; @count of them.
 */

#include "clock.h"
#include "range_list.h"

struct item {
	struct range_node range;
	unsigned long value;
};

static bool same(struct range_list *rl, const struct range_node *left,
		 const struct range_node *right)
{
	return container_of(left, struct item, range)->value ==
	       container_of(right, struct item, range)->value;
}

static void split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	container_of(spare, struct item, range)->value =
		container_of(node, struct item, range)->value;
}

static const struct range_ops ops = { same, NULL, NULL, NULL, NULL, split, NULL };

static u64 start_of(size_t i)
{
	return i / 2 * 16 + i % 2 * 6;
}

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000, i, seen;
	struct item *items = (struct item *)calloc(2 * count, sizeof(*items));
	size_t *order = clock_shuffled(count);
	struct range_query query = { 5, 1, 0, 0, U64_MAX, false };
	struct range_list rl;
	struct range_work work;
	struct range_cursor cursor;
	struct range_node *node;
	u64 found, sum = 0;

	clock_insist(items && count % 2 == 0, "an even number of nodes, and memory");
	range_list_init(&rl, &ops);
	range_work_init(&work);

	clock_start();
	for (i = 0; i < count; i++) {
		struct item *item = &items[order[i]];

		item->value = order[i];		/* none is the same as its neighbour */
		item->range.start = start_of(order[i]);
		item->range.last = item->range.start + 5;
		range_insert(&rl, &item->range, &work);
	}
	clock_say("build", count);
	clock_insist(rl.count == count, "all were inserted");

	clock_start();
	for (i = 0; i < count; i++)
		sum += range_at(&rl, start_of(order[i]) + 3)->start;
	clock_say("look up", count);

	range_cursor_init(&cursor, &rl, 0, U64_MAX, false);
	clock_start();
	for (seen = 0; (node = range_cursor_next(&cursor)); seen++)
		sum += node->start;
	clock_say("walk", count);
	clock_insist(seen == count, "a walk sees each once");

	range_cursor_init(&cursor, &rl, 0, U64_MAX, true);
	clock_start();
	for (seen = 0; (node = range_cursor_next(&cursor)); seen++)
		sum += node->start;
	clock_say("walk back", count);
	clock_insist(seen == count, "a walk back sees each once");

	range_cursor_init(&cursor, &rl, 0, U64_MAX, false);
	clock_start();
	for (seen = 0; (node = range_cursor_next(&cursor)); seen++)
		range_merge(&rl, node, range_next(&rl, node), &work);
	clock_say("walk and merge", seen);
	clock_insist(seen == count / 2 && rl.count == seen, "each absorbed the next");

	for (i = 0; i < count; i++)
		range_give(&work, &items[count + i].range);
	range_cursor_init(&cursor, &rl, 0, U64_MAX, false);
	clock_start();
	for (seen = 0; (node = range_cursor_next(&cursor)); seen++)
		if (range_last_key(node) - node->start > 3)
			range_split(&rl, node->start + 4, &work);
	clock_say("walk and split", seen);
	clock_insist(seen == count / 2 * 3 && rl.count == seen, "each was cut in three");

	clock_start();
	for (i = 0; i < count; i++) {
		query.start = start_of(order[i]);
		query.size = 1 + i % 4;
		clock_insist(!range_find_gap(&rl, &query, &found), "there is a gap");
		sum += found;
	}
	clock_say("find a gap near by", count);

	query.start = 0;
	clock_start();
	for (i = 0; i < count; i++) {
		query.size = 5;
		clock_insist(!range_find_gap(&rl, &query, &found), "there is a gap");
		sum += found;
	}
	clock_say("find the one large gap", count);

	range_cursor_init(&cursor, &rl, 0, U64_MAX, false);
	clock_start();
	for (seen = 0; (node = range_cursor_next(&cursor)); seen++) {
		range_delete(&rl, node);
		range_give(&work, node);
	}
	clock_say("walk and delete", seen);
	clock_insist(rl.count == 0 && range_check(&rl), "nothing is left");
	free(items);
	free(order);
	return sum == 42;	/* so that nothing is optimised away */
}
