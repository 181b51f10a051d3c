// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What things cost, in calls of the header's functions, whatever the machine: the compiler makes
 * each of them tell when it is entered (-O0 -finstrument-functions).
 */

#include <stdio.h>
#include <stdlib.h>

#define UNCOUNTED __attribute__((no_instrument_function))

static unsigned long entered;

UNCOUNTED void __cyg_profile_func_enter(void *function, void *caller)
{
	entered++;
}

UNCOUNTED void __cyg_profile_func_exit(void *function, void *caller)
{
}

#include "range_list.h"

#define FEW 1000
#define MANY 64000
#define ROUNDS 100

static const struct range_ops ops = { NULL, NULL, NULL, NULL, NULL, NULL, NULL };

static struct range_list rl;
static struct range_work work;
static struct range_cursor cursor;
static struct range_node *nodes;
static unsigned long count, at;

/* Node i of those that were there at first: 6 keys, touching in pairs, a gap of 4 behind each. */
static u64 start_of(unsigned long i)
{
	return i / 2 * 16 + i % 2 * 6;
}

static void build(void)
{
	unsigned long i;

	range_list_init(&rl, &ops);
	range_work_init(&work);
	nodes = (struct range_node *)calloc(count + 4 * ROUNDS, sizeof(*nodes));
	if (!nodes)
		abort();
	for (i = 0; i < count + 4 * ROUNDS; i++) {
		if (i >= count) {
			range_give(&work, &nodes[i]);
			continue;
		}
		range_set_span(&nodes[i], start_of(i), start_of(i) + 5);
		range_insert(&rl, &nodes[i], &work);
	}
	range_cursor_init(&cursor, &rl, 0, U64_MAX, false);
}

/* ---- one round of each ---------------------------------------------------------------------- */

static void look_up(void)
{
	range_at(&rl, start_of(at) + 3);
}

static void set(void)
{
	struct range_node *node = range_pop_spare(&work);

	range_set_span(node, start_of(at) + 2, start_of(at) + 3);
	range_set(&rl, node, &work);
}

static void punch(void)
{
	range_remove(&rl, start_of(at) + 2, start_of(at) + 3 + RANGE_BEYOND, &work);
}

static void cut_and_merge(void)
{
	range_split(&rl, start_of(at) + 5, &work);
	range_merge(&rl, range_prev(&rl, work.node), work.node, &work);
}

static void step(void)
{
	range_cursor_next(&cursor);
}

static void step_after_change(void)
{
	range_split(&rl, start_of(at) + 4, &work);
	range_cursor_next(&cursor);
}

static void find_gap(bool highest)
{
	struct range_query query = { 5, 1, 0, 0, U64_MAX, highest };
	u64 found;

	range_find_gap(&rl, &query, &found);
}

static void find_lowest(void)
{
	find_gap(false);
}

static void find_highest(void)
{
	find_gap(true);
}

static void next_gap(void)
{
	struct range_gap gap;

	range_first_gap(&rl, start_of(at), U64_MAX, &gap);
}

/* Calls for ROUNDS rounds in a list of so many nodes. */
static unsigned long cost(unsigned long nr_nodes, void (*round)(void))
{
	unsigned long i;

	count = nr_nodes;
	build();
	entered = 0;
	for (i = 0; i < ROUNDS; i++) {
		/* An odd one, each time another. */
		at = (i * 7919 % (count / 2)) * 2 + 1;
		round();
	}
	free(nodes);
	return entered;
}

/*
 * 64 times as many nodes make the tree 6 levels deeper: less than double the calls.  What costs
 * the same has one look-up in all, for the first step.
 */
static int compare(const char *what, void (*round)(void), bool constant)
{
	unsigned long few = cost(FEW, round), many = cost(MANY, round);
	bool good = constant ? many <= few + 10 : many <= 2 * few;

	printf("%s: %lu calls among %d, %lu among %d%s\n", what, few / ROUNDS, FEW,
	       many / ROUNDS, MANY, good ? "" : ": too many");
	return !good;
}

int main(void)
{
	int bad = 0;

	bad += compare("look up", look_up, false);
	bad += compare("set", set, false);
	bad += compare("remove", punch, false);
	bad += compare("split and merge", cut_and_merge, false);
	bad += compare("step", step, true);
	bad += compare("step after a change", step_after_change, false);
	bad += compare("lowest gap", find_lowest, false);
	bad += compare("highest gap", find_highest, false);
	bad += compare("next gap", next_gap, false);
	return bad != 0;
}
