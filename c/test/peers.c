// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The jobs of numbers.c done by others: by hand on a plain rbtree and a list (PEER_RBTREE), or by
 * the maple tree (PEER_MAPLE).  Both come from the kernel's source, see numbers.sh.
 */

#ifdef PEER_MAPLE
#include "test.h"
#include "linux/init.h"
#define module_init(x)
#define module_exit(x)
#define MODULE_AUTHOR(x)
#define MODULE_LICENSE(x)
#define dump_stack()	abort()
#ifndef fallthrough
#define fallthrough	__attribute__((__fallthrough__))
#endif
#include "../../../lib/maple_tree.c"
#else
#include <linux/list.h>
#include <linux/rbtree.h>
#endif

#include "clock.h"

struct peer {
	unsigned long start, last, value;
#ifndef PEER_MAPLE
	struct list_head list;
	struct rb_node tree;
#endif
};

static struct peer *items, *unused;

static unsigned long start_of(size_t i)
{
	return i / 2 * 16 + i % 2 * 6;
}

#ifdef PEER_MAPLE

static struct maple_tree tree = MTREE_INIT(tree, MT_FLAGS_ALLOC_RANGE);

static void insert(struct peer *item)
{
	mtree_insert_range(&tree, item->start, item->last, item, GFP_KERNEL);
}

static struct peer *look_up(unsigned long key)
{
	return mtree_load(&tree, key);
}

static size_t walk(unsigned long *sum)
{
	MA_STATE(mas, &tree, 0, 0);
	struct peer *item;
	size_t seen = 0;

	mas_for_each(&mas, item, ULONG_MAX) {
		*sum += item->start;
		seen++;
	}
	return seen;
}

/* There is no merge: the longer range is stored over both. */
static size_t walk_and_merge(void)
{
	MA_STATE(mas, &tree, 0, 0);
	struct peer *item, *next;
	size_t seen = 0;

	mas_for_each(&mas, item, ULONG_MAX) {
		next = mas_next(&mas, ULONG_MAX);
		item->last = next->last;
		mas_set_range(&mas, item->start, item->last);
		mas_store_gfp(&mas, item, GFP_KERNEL);
		seen++;
	}
	return seen;
}

static size_t walk_and_split(void)
{
	MA_STATE(mas, &tree, 0, 0);
	struct peer *item, *tail;
	size_t seen = 0;

	mas_for_each(&mas, item, ULONG_MAX) {
		seen++;
		if (item->last - item->start <= 3)
			continue;
		tail = unused++;
		*tail = *item;
		tail->start = item->start + 4;
		item->last = item->start + 3;
		mas_set_range(&mas, tail->start, tail->last);
		mas_store_gfp(&mas, tail, GFP_KERNEL);
		mas_set(&mas, tail->start);	/* the tail comes next */
	}
	return seen;
}

static unsigned long find_gap(unsigned long from, unsigned long size)
{
	MA_STATE(mas, &tree, 0, 0);

	clock_insist(!mas_empty_area(&mas, from, ULONG_MAX, size), "there is a gap");
	return mas.index;
}

#else

static LIST_HEAD(list);
static struct rb_root root = RB_ROOT;

/* The last item that starts at @key or below; by the way where a new one belongs. */
static struct peer *floor_of(unsigned long key, struct rb_node ***link, struct rb_node **parent)
{
	struct rb_node **at = &root.rb_node;
	struct peer *found = NULL;

	*parent = NULL;
	while (*at) {
		struct peer *item = rb_entry(*at, struct peer, tree);

		*parent = *at;
		if (item->start <= key)
			found = item;
		at = item->start <= key ? &(*at)->rb_right : &(*at)->rb_left;
	}
	*link = at;
	return found;
}

static void insert(struct peer *item)
{
	struct rb_node **link, *parent;
	struct peer *before = floor_of(item->start, &link, &parent);

	list_add(&item->list, before ? &before->list : &list);
	rb_link_node(&item->tree, parent, link);
	rb_insert_color(&item->tree, &root);
}

static struct peer *look_up(unsigned long key)
{
	struct rb_node **link, *parent;
	struct peer *item = floor_of(key, &link, &parent);

	return item && item->last >= key ? item : NULL;
}

static size_t walk(unsigned long *sum)
{
	struct peer *item;
	size_t seen = 0;

	list_for_each_entry(item, &list, list) {
		*sum += item->start;
		seen++;
	}
	return seen;
}

static size_t walk_and_merge(void)
{
	struct peer *item, *next;
	size_t seen = 0;

	list_for_each_entry(item, &list, list) {
		next = list_next_entry(item, list);
		item->last = next->last;
		list_del(&next->list);
		rb_erase(&next->tree, &root);
		seen++;
	}
	return seen;
}

static size_t walk_and_split(void)
{
	struct peer *item, *tail;
	size_t seen = 0;

	list_for_each_entry(item, &list, list) {
		seen++;
		if (item->last - item->start <= 3)
			continue;
		tail = unused++;
		*tail = *item;
		tail->start = item->start + 4;
		item->last = item->start + 3;
		insert(tail);
	}
	return seen;
}

/* A plain rbtree has nothing to find a gap by but the list. */
static unsigned long find_gap(unsigned long from, unsigned long size)
{
	struct rb_node **link, *parent;
	struct peer *item = floor_of(from, &link, &parent);
	unsigned long low = item && item->last >= from ? item->last + 1 : from;

	if (item)
		item = list_next_entry(item, list);
	for (; item && &item->list != &list; item = list_next_entry(item, list)) {
		if (item->start >= low && item->start - low >= size)
			break;
		low = item->last + 1;
	}
	return low;
}

#endif /* PEER_MAPLE */

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000, i;
	size_t *order = clock_shuffled(count), seen;
	unsigned long sum = 0;

	items = calloc(2 * count, sizeof(*items));
	clock_insist(!!items, "there is memory");
	unused = items + count;
#ifdef PEER_MAPLE
	maple_tree_init();
#endif
	clock_start();
	for (i = 0; i < count; i++) {
		struct peer *item = &items[order[i]];

		item->value = order[i];
		item->start = start_of(order[i]);
		item->last = item->start + 5;
		insert(item);
	}
	clock_say("build", count);

	clock_start();
	for (i = 0; i < count; i++)
		sum += look_up(start_of(order[i]) + 3)->start;
	clock_say("look up", count);

	clock_start();
	seen = walk(&sum);
	clock_say("walk", count);
	clock_insist(seen == count, "a walk sees each once");

	clock_start();
	seen = walk_and_merge();
	clock_say("walk and merge", seen);
	clock_insist(seen == count / 2, "each absorbed the next");

	clock_start();
	seen = walk_and_split();
	clock_say("walk and split", seen);
	clock_insist(seen == count / 2 * 3, "each was cut in three");

	clock_start();
	for (i = 0; i < count; i++)
		sum += find_gap(start_of(order[i]), 1 + i % 4);
	clock_say("find a gap near by", count);
	return sum == 42;
}
