// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Edges of the key space, errors, and memory that runs out at each call: nothing may change. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "whiteboard.h"

struct item {
	struct range_node range;
	char value;
};

static int failures;

#define CHECK(fact) do {							\
	if (!(fact)) {								\
		printf("line %d: %s\n", __LINE__, #fact);			\
		failures++;							\
	}									\
} while (0)

static struct item *item_of(const struct range_node *node)
{
	return container_of(node, struct item, range);
}

static bool same(struct range_list *rl, const struct range_node *left,
		 const struct range_node *right)
{
	return item_of(left)->value == item_of(right)->value;
}

static void split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	item_of(spare)->value = item_of(node)->value;
}

static int never(struct range_list *rl, const struct range_node *node, u64 at)
{
	return -EBUSY;
}

static int refuse(struct range_list *rl, const struct range_node *old,
		  const struct range_node *fresh)
{
	return -EPERM;
}

static const struct range_ops ops = { same, NULL, NULL, NULL, NULL, split, NULL };
static const struct range_ops stiff = { same, NULL, never, refuse, NULL, split, NULL };
static const struct range_ops plain = { NULL, NULL, NULL, NULL, NULL, NULL, NULL };

/* ---- an allocator that fails at the call it is told to --------------------------------------- */

static long calls, failing, alive;

static struct range_node *allocate(void *context)
{
	struct item *item;

	(void)context;
	if (++calls == failing)
		return NULL;
	item = (struct item *)malloc(sizeof(*item));
	if (!item)
		abort();
	alive++;
	return &item->range;
}

static void release(struct range_node *node)
{
	alive--;
	free(item_of(node));
}

static void drain(struct range_work *work)
{
	struct range_node *node;

	while ((node = range_pop_taken(work)) || (node = range_pop_spare(work)))
		release(node);
}

static void destroy(struct range_list *rl, struct range_work *work)
{
	struct range_node *node;

	drain(work);
	while ((node = range_first(rl))) {
		range_delete(rl, node);
		release(node);
	}
}

static struct range_node *make_item(u64 start, u64 last, char value)
{
	struct range_node *node = allocate(NULL);

	range_set_span(node, start, last);
	item_of(node)->value = value;
	return node;
}

/* The list as text. */
static const char *text(const struct range_list *rl)
{
	static char out[4096];
	struct range_node *node;
	size_t n = 0;

	out[0] = 0;
	for (node = range_first(rl); node; node = range_next(rl, node))
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%llx-%llx%c ", node->start,
				      range_last_key(node), item_of(node)->value);
	CHECK(range_check(rl));
	return out;
}

static void spare(struct range_work *work, u64 need)
{
	CHECK(!range_prealloc(work, need, allocate, NULL));
}

/* ---- the ends of the key space --------------------------------------------------------------- */

static void test_whole_space(void)
{
	const u64 max = U64_MAX - RANGE_BEYOND;	/* the last key that can be covered */
	struct range_list rl;
	struct range_work work;
	struct range_cursor cursor;
	struct range_query query = { 1, 1, 0, 0, U64_MAX, false };
	struct range_gap gap;
	struct range_node *node = make_item(0, max, 'a');
	u64 found;

	range_list_init(&rl, &ops);
	range_work_init(&work);
	CHECK(range_check(&rl));
	CHECK(!range_find_gap(&rl, &query, &found) && found == 0);
	query.size = U64_MAX;
	CHECK(!range_find_gap(&rl, &query, &found) && found == 0);
	CHECK(range_first_gap(&rl, 0, U64_MAX, &gap));
	CHECK(gap.start == 0 && gap.RANGE_STOP == U64_MAX);
	CHECK(!range_next_gap(&rl, U64_MAX, &gap));
	CHECK(!range_set(&rl, node, &work) && work.node == node);
	CHECK(range_at(&rl, max) == node && range_at(&rl, 0) == node);
	CHECK(range_merge(&rl, node, node, &work) == -EINVAL);
	query.size = 1;
	CHECK(range_find_gap(&rl, &query, &found) == -ENOENT);
	CHECK(!range_first_gap(&rl, 0, U64_MAX, &gap));

	spare(&work, RANGE_SPARES);
	CHECK(!range_split(&rl, max, &work) && work.node == range_last(&rl));
	CHECK(work.node->start == max && range_last_key(work.node) == max);
	range_cursor_init(&cursor, &rl, 0, U64_MAX, false);
	CHECK(range_cursor_next(&cursor) == node && range_cursor_next(&cursor) == work.node);
	CHECK(!range_cursor_next(&cursor) && range_cursor_prev(&cursor) == work.node);
	CHECK(range_cursor_prev(&cursor) == node && !range_cursor_prev(&cursor));
	range_cursor_init(&cursor, &rl, 0, U64_MAX, true);
	CHECK(range_cursor_sweep(&cursor) == work.node && range_cursor_sweep(&cursor) == node);
	CHECK(!range_cursor_sweep(&cursor));
	/* Both ends are the same, and do not touch around the end of the space. */
	CHECK(range_merge(&rl, node, node, &work) == -EINVAL);
	CHECK(!range_coalesce(&rl, 0, U64_MAX, &work) && work.count == 1 && rl.count == 1);
	spare(&work, RANGE_SPARES);
	CHECK(!range_remove(&rl, 1, max - 1 + RANGE_BEYOND, &work) && rl.count == 2);
	CHECK(!range_coalesce(&rl, 0, U64_MAX, &work) && work.count == 0 && rl.count == 2);
	CHECK(range_merge(&rl, range_last(&rl), range_first(&rl), &work) == -EINVAL);
	CHECK(range_merge(&rl, range_first(&rl), range_last(&rl), &work) == -EINVAL);
	destroy(&rl, &work);
}

/* ---- bad input ------------------------------------------------------------------------------- */

static void test_errors(void)
{
	struct range_list rl;
	struct range_work work;
	struct range_node *bad = make_item(9, 9, 'z'), *node;
	struct range_query query = { 0, 1, 0, 0, 9, false };
	struct range_gap gap;
	char before[4096];
	u64 found;

	bad->RANGE_STOP = 8;
	range_list_init(&rl, &ops);
	range_work_init(&work);
	range_insert(&rl, make_item(0, 9, 'a'), &work);
	range_insert(&rl, make_item(20, 29, 'b'), &work);
	strcpy(before, text(&rl));
	CHECK(range_set(&rl, bad, &work) == -EINVAL);
	CHECK(range_insert(&rl, bad, &work) == -EINVAL);
	CHECK(range_fill(&rl, bad, &work) == -EINVAL);
	CHECK(range_add(&rl, bad, &work) == -EINVAL);
	CHECK(range_remove(&rl, 5, 4, &work) == -EINVAL);
	CHECK(range_update(&rl, 5, 4, NULL, NULL, &work) == -EINVAL);
	CHECK(range_coalesce(&rl, 5, 3, &work) == -EINVAL);
	CHECK(range_resize(&rl, range_first(&rl), 5, 4, &work) == -EINVAL);
	CHECK(range_merge(&rl, range_first(&rl), range_last(&rl), &work) == -EINVAL);
	CHECK(range_count_fill(&rl, 5, 4) == 0 && range_count_add(&rl, 5, 4) == 0);
	CHECK(!range_iter_first(&rl, 5, 4) && !range_first_gap(&rl, 5, 4, &gap));
	CHECK(range_find_gap(&rl, &query, &found) == -EINVAL);
	query.size = 1;
	query.align = 0;
	CHECK(range_find_gap(&rl, &query, &found) == -EINVAL);
	query.align = 1;
	query.start = 10;
	CHECK(range_find_gap(&rl, &query, &found) == -EINVAL);
	CHECK(!strcmp(before, text(&rl)));

	/* No spares. */
	range_set_span(bad, 4, 24);
	CHECK(range_set(&rl, bad, &work) == -ENOMEM && range_fill(&rl, bad, &work) == -ENOMEM);
	CHECK(range_add(&rl, bad, &work) == -ENOMEM && range_split(&rl, 4, &work) == -ENOMEM);
	CHECK(range_remove(&rl, 4, 4 + RANGE_BEYOND, &work) == -ENOMEM);
	CHECK(range_update(&rl, 4, 4 + RANGE_BEYOND, NULL, NULL, &work) == -ENOMEM);
	CHECK(range_resize(&rl, range_first(&rl), 4, 9 + RANGE_BEYOND, &work) == -ENOMEM);
	CHECK(range_insert(&rl, bad, &work) == -EEXIST && work.node == range_first(&rl));
	CHECK(range_resize(&rl, range_first(&rl), 0, 25, &work) == -EEXIST);
	CHECK(work.node == range_last(&rl) && !strcmp(before, text(&rl)));

	/* A hook says no: its error comes out. */
	rl.ops = &stiff;
	spare(&work, 9);
	CHECK(range_set(&rl, bad, &work) == -EBUSY && range_fill(&rl, bad, &work) == -EBUSY);
	CHECK(range_add(&rl, bad, &work) == -EBUSY && range_split(&rl, 4, &work) == -EBUSY);
	CHECK(range_resize(&rl, range_first(&rl), 4, 9 + RANGE_BEYOND, &work) == -EBUSY);
	range_set_span(bad, 0, 9);
	CHECK(range_add(&rl, bad, &work) == -EPERM && work.nr_spares == 9);
	CHECK(!strcmp(before, text(&rl)));

	/* Where nothing is covered nothing is written. */
	rl.ops = &ops;
	CHECK(!range_update(&rl, 12, 15, NULL, NULL, &work) && work.count == 0);
	range_set_span(bad, 2, 7);
	CHECK(!range_fill(&rl, bad, &work) && work.count == 0);
	node = range_pop_taken(&work);
	CHECK(node == bad && !strcmp(before, text(&rl)));
	release(bad);
	destroy(&rl, &work);
}

/* Without hooks nothing is joined, and a newcomer replaces what it is added to. */
static void test_no_hooks(void)
{
	struct range_list rl;
	struct range_work work;
	struct range_node *fresh = make_item(2, 3, 'x');

	range_list_init(&rl, &plain);
	range_work_init(&work);
	range_insert(&rl, make_item(0, 1, 'a'), &work);
	range_insert(&rl, make_item(2, 3, 'a'), &work);
	CHECK(rl.count == 2);
	CHECK(!range_add(&rl, fresh, &work) && range_last(&rl) == fresh);
	destroy(&rl, &work);
}

/* A cursor can be set to a key, saved as numbers, and go on in the middle of everything. */
static void test_resume(void)
{
	struct range_list rl;
	struct range_work work;
	struct range_cursor cursor, saved;
	u64 first, last;

	range_list_init(&rl, &ops);
	range_work_init(&work);
	for (first = 0; first < 50; first += 10)
		range_insert(&rl, make_item(first, first + 7, 'a'), &work);
	range_cursor_init(&cursor, &rl, 5, 45, false);
	CHECK(range_cursor_next(&cursor) == range_first(&rl) && cursor.first == 5);
	CHECK(range_cursor_next(&cursor) && cursor.first == 10 && cursor.last == 17);
	first = cursor.first;
	last = cursor.last;
	range_delete(&rl, cursor.node);
	release(cursor.node);
	range_cursor_init(&saved, &rl, 5, 45, false);
	saved.first = first;
	saved.last = last;
	saved.stand = RANGE_PLACED;
	saved.up = true;
	CHECK(!range_cursor_current(&saved));
	CHECK(range_cursor_next(&saved) && saved.first == 20);
	CHECK(range_cursor_next(&cursor) && cursor.first == 20);
	range_cursor_seek(&cursor, 35);
	CHECK(!range_cursor_current(&cursor));
	CHECK(range_cursor_next(&cursor)->start == 30);
	range_cursor_seek(&cursor, 35);
	CHECK(range_cursor_prev(&cursor)->start == 30);
	range_cursor_seek(&cursor, 30);
	CHECK(range_cursor_prev(&cursor)->start == 20);
	range_cursor_seek(&cursor, 0);
	CHECK(!range_cursor_prev(&cursor) && range_cursor_next(&cursor)->start == 0);
	range_cursor_seek(&cursor, 99);
	CHECK(!range_cursor_next(&cursor) && range_cursor_prev(&cursor)->start == 40);
	range_cursor_reset(&cursor);
	CHECK(!range_cursor_prev(&cursor) && range_cursor_next(&cursor)->start == 0);
	range_cursor_init(&cursor, &rl, 9, 8, false);
	CHECK(!range_cursor_next(&cursor) && !range_cursor_sweep(&cursor));
	range_cursor_init(&cursor, &rl, 9, 8, true);
	CHECK(!range_cursor_next(&cursor) && !range_cursor_sweep(&cursor));
	destroy(&rl, &work);
}

/* What was taken out comes back in key order, cut at the ends. */
static void test_taken(void)
{
	static const u64 first[] = { 5, 10, 20, 30 };
	struct range_list rl;
	struct range_work work;
	struct range_node *node;
	int i;

	range_list_init(&rl, &ops);
	range_work_init(&work);
	for (i = 0; i < 4; i++)
		range_insert(&rl, make_item((u64)i * 10, (u64)i * 10 + 9, (char)('a' + i)), &work);
	spare(&work, RANGE_SPARES);
	CHECK(!range_remove(&rl, 5, 34 + RANGE_BEYOND, &work) && work.count == 4);
	for (i = 0; i < 4; i++) {
		node = range_pop_taken(&work);
		CHECK(node && node->start == first[i] && item_of(node)->value == 'a' + i);
		release(node);
	}
	CHECK(!range_pop_taken(&work) && !strcmp(text(&rl), "0-4a 23-27d "));
	destroy(&rl, &work);
}

/* One border is a window of no keys. */
static void test_one_border(void)
{
	struct range_list rl;
	struct range_work work;
	int i;

	range_list_init(&rl, &plain);
	range_work_init(&work);
	for (i = 0; i < 4; i++)
		range_insert(&rl, make_item((u64)i * 10, (u64)i * 10 + 9, 'a'), &work);
	rl.ops = &ops;
	CHECK(!range_coalesce(&rl, 20, 20 - 1 + RANGE_BEYOND, &work) && work.count == 1);
	CHECK(!strcmp(text(&rl), "0-9a a-1da 1e-27a "));
	CHECK(!range_coalesce(&rl, 0, 0, &work) && work.count == 0);
	CHECK(!range_coalesce(&rl, 0, U64_MAX, &work) && work.count == 2);
	destroy(&rl, &work);
}

/* ---- memory runs out ------------------------------------------------------------------------- */

static u64 state;

static unsigned int draw(unsigned int below)
{
	state = state * 6364136223846793005 + 1442695040888963407;
	return (unsigned int)(state >> 40) % below;
}

static void fill_z(struct range_node *piece, void *context)
{
	item_of(piece)->value = *(char *)context;
}

/* One random write, its memory taken first. */
static int random_write(struct range_list *rl, struct range_work *work)
{
	unsigned int verb = draw(7);
	u64 start = draw(100), last = start + draw(20), stop = last + RANGE_BEYOND;
	char value = (char)('a' + draw(3));
	struct range_node *node;
	u64 need = RANGE_SPARES;

	if (verb == 2)
		need = range_count_fill(rl, start, stop);
	if (verb == 3)
		need = range_count_add(rl, start, stop);
	if (range_prealloc(work, need + 1, allocate, NULL))
		return -ENOMEM;
	if (verb == 4)
		return range_remove(rl, start, stop, work);
	if (verb == 5)
		return range_split(rl, start, work);
	if (verb == 6)
		return range_update(rl, start, stop, fill_z, &value, work);
	node = range_pop_spare(work);
	range_set_span(node, start, last);
	item_of(node)->value = value;
	if (verb == 1 && range_insert(rl, node, work) == -EEXIST) {
		release(node);
		return 0;
	}
	return verb == 0 ? range_set(rl, node, work) : verb == 2 ? range_fill(rl, node, work) :
	       verb == 3 ? range_add(rl, node, work) : 0;
}

/* Make 60 random writes; at the @fail-th allocation there is no memory. */
static int writes(u64 seed, long fail, char *end)
{
	struct range_list rl;
	struct range_work work;
	int i, failed = 0;

	range_list_init(&rl, &ops);
	range_work_init(&work);
	calls = 0;
	failing = fail;
	state = seed;
	for (i = 0; i < 60; i++) {
		char before[4096];
		u64 again = state;
		int error;

		strcpy(before, text(&rl));
		error = random_write(&rl, &work);
		if (error) {
			CHECK(error == -ENOMEM && !strcmp(before, text(&rl)));
			failed++;
			state = again;
			CHECK(!random_write(&rl, &work));
		}
		drain(&work);
	}
	strcpy(end, text(&rl));
	destroy(&rl, &work);
	failing = 0;
	return failed;
}

static void test_no_memory(void)
{
	char good[4096], end[4096];
	long most, k;
	u64 seed;

	for (seed = 1; seed <= 10; seed++) {
		CHECK(writes(seed, 0, good) == 0);
		most = calls;
		for (k = 1; k <= most; k++) {
			CHECK(writes(seed, k, end) == 1);
			CHECK(!strcmp(good, end));
		}
	}
}

static void test_whiteboard(void)
{
	size_t i;

	for (i = 0; i < sizeof(whiteboard_cases) / sizeof(*whiteboard_cases); i++) {
		const char *wrong = whiteboard_run(&whiteboard_cases[i]);

		if (wrong) {
			printf("%s: %s\n", whiteboard_cases[i].title, wrong);
			failures++;
		}
	}
}

int main(void)
{
	test_whole_space();
	test_errors();
	test_no_hooks();
	test_resume();
	test_taken();
	test_one_border();
	test_no_memory();
	test_whiteboard();
	CHECK(alive == 0);
	return failures != 0;
}
