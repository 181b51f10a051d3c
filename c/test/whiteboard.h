/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Carry out the whiteboard's cases, in user space and in a kernel. */

#ifndef RANGE_WHITEBOARD_H
#define RANGE_WHITEBOARD_H

#include "range_list.h"

#define WHITEBOARD_NODES 5

enum whiteboard_verb { WHITEBOARD_SET, WHITEBOARD_UPDATE };

struct whiteboard_node {
	char name;	/* P, M, N; + is any other */
	u64 start, last;
	char value;
	bool pinned;	/* it is not deleted by a merge */
};

struct whiteboard_case {
	const char *title;
	enum whiteboard_verb verb;
	u64 start, last;
	char value;
	int nr_before;
	struct whiteboard_node before[WHITEBOARD_NODES];
	int nr_after;
	struct whiteboard_node after[WHITEBOARD_NODES];
};

#include "whiteboard_cases.h"

struct whiteboard_area {
	struct range_node range;
	struct whiteboard_node is;
};

static inline struct whiteboard_node *whiteboard_of(const struct range_node *node)
{
	return &container_of(node, struct whiteboard_area, range)->is;
}

static bool whiteboard_same(struct range_list *rl, const struct range_node *left,
			    const struct range_node *right)
{
	return whiteboard_of(left)->value == whiteboard_of(right)->value;
}

static bool whiteboard_can_delete(struct range_list *rl, const struct range_node *node)
{
	return !whiteboard_of(node)->pinned;
}

static void whiteboard_split(struct range_list *rl, struct range_node *node,
			     struct range_node *spare)
{
	*whiteboard_of(spare) = *whiteboard_of(node);
	whiteboard_of(spare)->name = '+';
}

static void whiteboard_change(struct range_node *piece, void *value)
{
	whiteboard_of(piece)->value = *(const char *)value;
}

static const struct range_ops whiteboard_ops = {
	whiteboard_same, whiteboard_can_delete, NULL, NULL, NULL, whiteboard_split, NULL
};

/* Return what is wrong, or NULL. */
static inline const char *whiteboard_compare(const struct range_list *rl,
					     const struct whiteboard_case *want)
{
	const struct range_node *node = range_first(rl);
	int i;

	for (i = 0; i < want->nr_after; i++) {
		const struct whiteboard_node *is, *after = &want->after[i];

		if (!node)
			return "a node is missing";
		is = whiteboard_of(node);
		if (node->start != after->start || range_last_key(node) != after->last)
			return "a node has another range";
		if (is->value != after->value)
			return "a node has another value";
		if (is->name != after->name)
			return "another node has survived";
		node = range_next(rl, node);
	}
	if (node)
		return "there is one node too many";
	return range_check(rl) ? NULL : "the list is not in order";
}

/* Carry out one case; return what is wrong, or NULL. */
static inline const char *whiteboard_run(const struct whiteboard_case *test)
{
	struct whiteboard_area areas[WHITEBOARD_NODES + RANGE_SPARES];
	char value = test->value;
	struct range_list rl;
	struct range_work work;
	int i, error;

	range_list_init(&rl, &whiteboard_ops);
	range_work_init(&work);
	for (i = 0; i < test->nr_before; i++) {
		areas[i].is = test->before[i];
		range_set_span(&areas[i].range, areas[i].is.start, areas[i].is.last);
		range_insert(&rl, &areas[i].range, &work);
	}
	areas[i].is.name = '+';
	areas[i].is.value = value;
	areas[i].is.pinned = false;
	range_set_span(&areas[i].range, test->start, test->last);
	range_give(&work, &areas[i + 1].range);
	range_give(&work, &areas[i + 2].range);
	if (test->verb == WHITEBOARD_SET)
		error = range_set(&rl, &areas[i].range, &work);
	else
		error = range_update(&rl, test->start, test->last + RANGE_BEYOND,
				     whiteboard_change, &value, &work);
	return error ? "the write was refused" : whiteboard_compare(&rl, test);
}

#endif /* RANGE_WHITEBOARD_H */
