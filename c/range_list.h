/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Disjoint ranges that merge and split, embedded in your struct
 *
 *	range_set	[----a----]....[-b-]	overwrite: cut what is in the way, put
 *			      [--c--]		the new range there, look at both borders
 *			[--a-][--c--]..[-b-]
 *	range_insert	only into free space	range_fill	only into the gaps
 *	range_add	the gaps, and ops->overlap() where something is
 *	range_update	change what is inside	range_remove	punch a hole
 *	range_split, range_merge, range_resize, range_changed, range_delete, range_coalesce
 *
 * Four rules:
 *
 * - Nothing is allocated.  A write that may cut takes spare nodes from the caller's
 *   struct range_work, and gives back what it took out of the list in the same struct.
 * - A write that returns an error has changed nothing.
 * - Questions come first (the hooks same and can_*), acts (merge, split, overlap) cannot fail.
 * - A walk is a place on the key axis, not a pointer: it survives every change of the list.
 *
 * Look-up, writes, gap search: O(log n), plus what is written.  A step of a walk: O(1), or
 * O(log n) if the list has changed since the step before.  Locking is the caller's: reads
 * may run beside reads, a write runs alone.
 *
 * Ranges are [start, last], from 0 to U64_MAX.  With RANGE_HALF_OPEN defined before the header
 * is included they are [start, end); where a function below says @stop, this is meant.
 */

#ifndef RANGE_LIST_H
#define RANGE_LIST_H

#ifdef __KERNEL__

#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/rbtree_augmented.h>
#include <linux/types.h>

#else /* user space */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

/* A program that has the kernel's list.h and types already says so by RANGE_HAVE_KERNEL_TYPES. */
#ifndef RANGE_HAVE_KERNEL_TYPES

typedef unsigned long long u64;
#define U64_MAX (~0ULL)

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

/* Put @entry behind @head. */
static inline void list_add(struct list_head *entry, struct list_head *head)
{
	entry->prev = head;
	entry->next = head->next;
	head->next->prev = entry;
	head->next = entry;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	list_add(entry, head->prev);
}

static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
}

#endif /* RANGE_HAVE_KERNEL_TYPES */
#endif /* __KERNEL__ */

/* The logic below is written once for both: node->RANGE_STOP, and how far beyond the last key. */
#ifdef RANGE_HALF_OPEN
#define RANGE_STOP	end
#define RANGE_BEYOND	1
#else
#define RANGE_STOP	last
#define RANGE_BEYOND	0
#endif

struct range_list;

/* ---- types ----------------------------------------------------------------------------------- */

/**
 * struct range_node - embed one in your struct; container_of() finds the struct
 * @start: first key of the range
 * @last: last key of the range
 * @end: instead of @last, with RANGE_HALF_OPEN: the key behind the range
 * @tree: private: the place in the tree
 * @gap: private: number of free keys between the node before and this one
 * @max_gap: private: largest @gap in the subtree
 * @list: private: neighbours in key order; or the list of a struct range_work
 * @born: private: when the node was linked, in changes of the list
 *
 * Set @start and @last before the node is given to a verb.  While it is in a list only the
 * verbs change them.
 */
struct range_node {
	u64 start;
#ifdef RANGE_HALF_OPEN
	u64 end;
#else
	u64 last;
#endif
#ifdef __KERNEL__
	struct rb_node tree;
#else
	struct {
		struct range_node *parent, *child[2];
		int height;
	} tree;
#endif
	u64 gap;
	u64 max_gap;
	struct list_head list;
	u64 born;
};

/**
 * struct range_ops - what "the same" means, and what becomes of your data
 * @same: may these two touching nodes be one?  NULL: never
 * @can_delete: may this node of the list disappear into a neighbour?  NULL: yes.  Not asked of
 *	the node being inserted, nor of a piece that was cut off for this write
 * @can_split: 0, or the error that refuses a cut of @node just below the key @at.  NULL: 0
 * @can_overlap: 0, or the error that refuses range_add(); @old and @fresh are whole.  NULL: 0
 * @merge: @keep takes over the range of @gone, and what it needs of its data; both still have
 *	their old ranges.  Afterwards @gone is one of the spare nodes.  NULL: @keep stays as it is
 * @split: @node was cut.  Both have their final ranges; @spare, which may lie on either side,
 *	has no data yet.  Give it some, and mend those of @node.  NULL: there are no data
 * @overlap: combine the data of @fresh into @old; both have the same range.  Afterwards @fresh
 *	is one of the spare nodes.  NULL: @fresh takes the place of @old
 *
 * The first four are questions and must not change anything; @can_split and @can_overlap are
 * asked before anything has changed.  No hook may change the list.
 */
struct range_ops {
	bool (*same)(struct range_list *rl, const struct range_node *left,
		     const struct range_node *right);
	bool (*can_delete)(struct range_list *rl, const struct range_node *node);
	int (*can_split)(struct range_list *rl, const struct range_node *node, u64 at);
	int (*can_overlap)(struct range_list *rl, const struct range_node *old,
			   const struct range_node *fresh);
	void (*merge)(struct range_list *rl, struct range_node *keep, struct range_node *gone);
	void (*split)(struct range_list *rl, struct range_node *node, struct range_node *spare);
	void (*overlap)(struct range_list *rl, struct range_node *old, struct range_node *fresh);
};

/**
 * struct range_list - disjoint ranges in key order
 * @nodes: the list, in key order
 * @tree: the same nodes as a balanced tree
 * @ops: the hooks
 * @count: number of nodes
 * @changes: goes up with each change; a walk that sees the same number knows its place
 */
struct range_list {
	struct list_head nodes;
#ifdef __KERNEL__
	struct rb_root tree;
#else
	struct range_node *tree;
#endif
	const struct range_ops *ops;
	u64 count;
	u64 changes;
};

/**
 * struct range_work - what a write takes and gives
 * @spares: nodes the caller lends; what a write does not use, or no longer needs, is here
 * @nr_spares: number of them
 * @taken: what the writes took out of the list, in key order
 * @node: result: the node that now holds what was written; for -EEXIST the node in the way
 * @count: result: how many pieces were written, or how many merges were made
 * @since: private: rl->changes when the write began
 */
struct range_work {
	struct list_head spares;
	u64 nr_spares;
	struct list_head taken;
	struct range_node *node;
	u64 count;
	u64 since;
};

/**
 * struct range_gap - a maximal free range, clipped to a window
 * @start: first free key
 * @last: last free key
 * @end: instead of @last, with RANGE_HALF_OPEN: the key behind it
 */
struct range_gap {
	u64 start;
#ifdef RANGE_HALF_OPEN
	u64 end;
#else
	u64 last;
#endif
};

/**
 * struct range_query - what range_find_gap() looks for
 * @size: number of keys
 * @align: the place is @offset modulo this; any number from 1 on
 * @offset: see @align
 * @start: first key of the window
 * @last: last key of the window
 * @end: instead of @last, with RANGE_HALF_OPEN: the key behind it
 * @highest: take the highest place, not the lowest
 */
struct range_query {
	u64 size;
	u64 align;
	u64 offset;
	u64 start;
#ifdef RANGE_HALF_OPEN
	u64 end;
#else
	u64 last;
#endif
	bool highest;
};

/**
 * enum range_stand - where a cursor stands
 * @RANGE_OUTSIDE: before the first step
 * @RANGE_SOUGHT: at a key, &range_cursor.first
 * @RANGE_PLACED: on what was delivered last, from &range_cursor.first to &range_cursor.last
 */
enum range_stand { RANGE_OUTSIDE, RANGE_SOUGHT, RANGE_PLACED };

/**
 * struct range_cursor - a place on the key axis; copy it, or save it and go on tomorrow
 * @rl: the list
 * @low: first key of the window
 * @high: last key of the window
 * @first: first key delivered by the last step, clipped to the window
 * @last: last key delivered by the last step, clipped to the window
 * @stand: what the two say
 * @reverse: range_cursor_next() goes down
 * @up: the last step went up
 * @node: private: the node delivered last, valid only while @changes is that of the list
 * @changes: private: see @node
 */
struct range_cursor {
	const struct range_list *rl;
	u64 low, high;
	u64 first, last;
	enum range_stand stand;
	bool reverse, up;
	struct range_node *node;
	u64 changes;
};

#define RANGE_SPARES 2	/* enough for each write but range_fill() and range_add() */

/* ---- spans: the logic below knows last keys only --------------------------------------------- */

static inline u64 range_last_key(const struct range_node *node)
{
	return node->RANGE_STOP - RANGE_BEYOND;
}

static inline void range_set_span(struct range_node *node, u64 start, u64 last)
{
	node->start = start;
	node->RANGE_STOP = last + RANGE_BEYOND;
}

static inline bool range_span_ok(u64 start, u64 stop)
{
	return start < stop || (start == stop && !RANGE_BEYOND);
}

static inline bool range_touch(const struct range_node *left, const struct range_node *right)
{
	return right->start - range_last_key(left) == 1;
}

/* Number of free keys below @node, the one before it being @before or NULL. */
static inline u64 range_free_below(const struct range_node *before, const struct range_node *node)
{
	return before ? node->start - range_last_key(before) - 1 : node->start;
}

/* ---- the list -------------------------------------------------------------------------------- */

static inline struct range_node *range_of_list(const struct range_list *rl,
					       const struct list_head *at)
{
	return at == &rl->nodes ? NULL : container_of(at, struct range_node, list);
}

/**
 * range_first() - find the first node
 * @rl: the list
 *
 * Return: the node, or NULL.
 */
static inline struct range_node *range_first(const struct range_list *rl)
{
	return range_of_list(rl, rl->nodes.next);
}

/**
 * range_last() - find the last node
 * @rl: the list
 *
 * Return: the node, or NULL.
 */
static inline struct range_node *range_last(const struct range_list *rl)
{
	return range_of_list(rl, rl->nodes.prev);
}

/**
 * range_next() - find a neighbour; O(1)
 * @rl: the list
 * @node: a node in it
 *
 * Return: the node behind @node, or NULL.
 */
static inline struct range_node *range_next(const struct range_list *rl,
					    const struct range_node *node)
{
	return range_of_list(rl, node->list.next);
}

/**
 * range_prev() - find a neighbour; O(1)
 * @rl: the list
 * @node: a node in it
 *
 * Return: the node before @node, or NULL.
 */
static inline struct range_node *range_prev(const struct range_list *rl,
					    const struct range_node *node)
{
	return range_of_list(rl, node->list.prev);
}

/* Step in either direction. */
static inline struct range_node *range_step(const struct range_list *rl,
					    const struct range_node *node, bool up)
{
	return up ? range_next(rl, node) : range_prev(rl, node);
}

/* ---- the tree: four functions for each of two kinds ------------------------------------------ */

#ifdef __KERNEL__

static inline u64 range_own_gap(const struct range_node *node)
{
	return node->gap;
}

RB_DECLARE_CALLBACKS_MAX(static, range_augment, struct range_node, tree, u64, max_gap,
			 range_own_gap)

static inline struct range_node *range_root(const struct range_list *rl)
{
	return rb_entry_safe(rl->tree.rb_node, struct range_node, tree);
}

static inline struct range_node *range_parent(const struct range_node *node)
{
	return rb_entry_safe(rb_parent(&node->tree), struct range_node, tree);
}

static inline struct range_node *range_child(const struct range_node *node, bool right)
{
	struct rb_node *child = right ? node->tree.rb_right : node->tree.rb_left;

	return rb_entry_safe(child, struct range_node, tree);
}

/* The gap of @node has changed. */
static inline void range_tree_update(struct range_list *rl, struct range_node *node)
{
	range_augment.propagate(&node->tree, NULL);
}

/* Hang @node below @parent, where there is no child yet. */
static inline void range_tree_link(struct range_list *rl, struct range_node *node,
				   struct range_node *parent, bool right)
{
	struct rb_node **link = &rl->tree.rb_node;

	if (parent)
		link = right ? &parent->tree.rb_right : &parent->tree.rb_left;
	node->max_gap = node->gap;
	rb_link_node(&node->tree, parent ? &parent->tree : NULL, link);
	if (parent)
		range_tree_update(rl, parent);
	rb_insert_augmented(&node->tree, &rl->tree, &range_augment);
}

static inline void range_tree_unlink(struct range_list *rl, struct range_node *node)
{
	rb_erase_augmented(&node->tree, &rl->tree, &range_augment);
}

static inline void range_tree_init(struct range_list *rl)
{
	rl->tree = RB_ROOT;
}

static inline bool range_tree_balanced(const struct range_node *node)
{
	return true;	/* lib/rbtree.c is tested elsewhere */
}

#else /* a tree of our own: AVL, so that one loop mends heights and gaps */

static inline struct range_node *range_root(const struct range_list *rl)
{
	return rl->tree;
}

static inline struct range_node *range_parent(const struct range_node *node)
{
	return node->tree.parent;
}

static inline struct range_node *range_child(const struct range_node *node, bool right)
{
	return node->tree.child[right];
}

static inline int range_height(const struct range_node *node)
{
	return node ? node->tree.height : 0;
}

static inline void range_recompute(struct range_node *node)
{
	int right;

	node->tree.height = 1;
	node->max_gap = node->gap;
	for (right = 0; right < 2; right++) {
		struct range_node *child = node->tree.child[right];

		if (!child)
			continue;
		if (node->tree.height <= child->tree.height)
			node->tree.height = child->tree.height + 1;
		if (node->max_gap < child->max_gap)
			node->max_gap = child->max_gap;
	}
}

/* Let @node, which may be NULL, take the place of @old below @parent. */
static inline void range_attach(struct range_list *rl, struct range_node *parent,
				const struct range_node *old, struct range_node *node)
{
	if (!parent)
		rl->tree = node;
	else
		parent->tree.child[parent->tree.child[1] == old] = node;
	if (node)
		node->tree.parent = parent;
}

/* Turn @node down to one side; the child of the other side comes up and is returned. */
static inline struct range_node *range_rotate(struct range_list *rl, struct range_node *node,
					      bool right)
{
	struct range_node *up = node->tree.child[!right], *inner = up->tree.child[right];

	range_attach(rl, node->tree.parent, node, up);
	node->tree.child[!right] = inner;
	if (inner)
		inner->tree.parent = node;
	up->tree.child[right] = node;
	node->tree.parent = up;
	range_recompute(node);
	range_recompute(up);
	return up;
}

static inline struct range_node *range_balance(struct range_list *rl, struct range_node *node)
{
	int lean = range_height(node->tree.child[0]) - range_height(node->tree.child[1]);
	bool right = lean > 0;
	struct range_node *tall;

	if (lean >= -1 && lean <= 1)
		return node;
	tall = node->tree.child[!right];
	if (range_height(tall->tree.child[right]) > range_height(tall->tree.child[!right]))
		range_rotate(rl, tall, !right);
	return range_rotate(rl, node, right);
}

/* The gap or a child of @node has changed: go up until that makes no difference any more. */
static inline void range_tree_update(struct range_list *rl, struct range_node *node)
{
	while (node) {
		int height = node->tree.height;
		u64 max_gap = node->max_gap;
		struct range_node *top;

		range_recompute(node);
		top = range_balance(rl, node);
		if (top == node && height == node->tree.height && max_gap == node->max_gap)
			break;
		node = top->tree.parent;
	}
}

/* Hang @node below @parent, where there is no child yet. */
static inline void range_tree_link(struct range_list *rl, struct range_node *node,
				   struct range_node *parent, bool right)
{
	node->tree.parent = parent;
	node->tree.child[0] = NULL;
	node->tree.child[1] = NULL;
	range_recompute(node);
	if (parent)
		parent->tree.child[right] = node;
	else
		rl->tree = node;
	range_tree_update(rl, parent);
}

static inline void range_tree_unlink(struct range_list *rl, struct range_node *node)
{
	struct range_node *parent = node->tree.parent, *heir, *from;

	if (!node->tree.child[0] || !node->tree.child[1]) {
		heir = node->tree.child[!node->tree.child[0]];
		range_attach(rl, parent, node, heir);
		range_tree_update(rl, parent);
		return;
	}
	/* The next node has no left child: take it out below, and put it here. */
	heir = range_next(rl, node);
	from = heir->tree.parent == node ? heir : heir->tree.parent;
	range_attach(rl, heir->tree.parent, heir, heir->tree.child[1]);
	heir->tree = node->tree;
	heir->max_gap = node->max_gap;
	range_attach(rl, parent, node, heir);
	heir->tree.child[0]->tree.parent = heir;
	if (heir->tree.child[1])
		heir->tree.child[1]->tree.parent = heir;
	range_tree_update(rl, from);
	range_tree_update(rl, heir);
}

static inline void range_tree_init(struct range_list *rl)
{
	rl->tree = NULL;
}

static inline bool range_tree_balanced(const struct range_node *node)
{
	int left = range_height(node->tree.child[0]), right = range_height(node->tree.child[1]);
	int taller = left > right ? left : right;

	return node->tree.height == taller + 1 && 2 * taller - left - right <= 1;
}

#endif /* __KERNEL__ */

/* ---- links: list and tree together ----------------------------------------------------------- */

/* The border below @node has moved; @node may be NULL. */
static inline void range_regap(struct range_list *rl, struct range_node *node)
{
	u64 gap;

	rl->changes++;
	if (!node)
		return;
	gap = range_free_below(range_prev(rl, node), node);
	if (gap == node->gap)
		return;
	node->gap = gap;
	range_tree_update(rl, node);
}

/* Link @node between two neighbours: one of them has no child where it belongs. */
static inline void range_link(struct range_list *rl, struct range_node *node,
			      struct range_node *before)
{
	struct range_node *next;

	list_add(&node->list, before ? &before->list : &rl->nodes);
	node->gap = range_free_below(before, node);
	next = range_next(rl, node);
	if (before && !range_child(before, true))
		range_tree_link(rl, node, before, true);
	else
		range_tree_link(rl, node, next, false);
	rl->count++;
	range_regap(rl, next);
	node->born = rl->changes;
}

static inline void range_unlink(struct range_list *rl, struct range_node *node)
{
	struct range_node *next = range_next(rl, node);

	range_tree_unlink(rl, node);
	list_del(&node->list);
	rl->count--;
	range_regap(rl, next);
}

/* ---- looking up ------------------------------------------------------------------------------ */

/**
 * range_list_init() - make an empty list
 * @rl: the list
 * @ops: the hooks, which must stay
 */
static inline void range_list_init(struct range_list *rl, const struct range_ops *ops)
{
	INIT_LIST_HEAD(&rl->nodes);
	range_tree_init(rl);
	rl->ops = ops;
	rl->count = 0;
	rl->changes = 0;
}

/**
 * range_floor() - find by start
 * @rl: the list
 * @key: a key
 *
 * Return: the last node that starts at @key or below, or NULL.
 */
static inline struct range_node *range_floor(const struct range_list *rl, u64 key)
{
	struct range_node *node = range_root(rl), *found = NULL;

	/* Two calls, so that the processor may guess which child comes next. */
	while (node) {
		if (node->start <= key) {
			found = node;
			node = range_child(node, true);
		} else {
			node = range_child(node, false);
		}
	}
	return found;
}

/* Return the node behind @node, the first one if @node is NULL. */
static inline struct range_node *range_behind(const struct range_list *rl,
					      const struct range_node *node)
{
	return node ? range_next(rl, node) : range_first(rl);
}

/* Return the node before @node, the last one if @node is NULL. */
static inline struct range_node *range_before(const struct range_list *rl,
					      const struct range_node *node)
{
	return node ? range_prev(rl, node) : range_last(rl);
}

/* Return the first node that ends at @key or above. */
static inline struct range_node *range_reaching(const struct range_list *rl, u64 key)
{
	struct range_node *node = range_floor(rl, key);

	return node && range_last_key(node) >= key ? node : range_behind(rl, node);
}

/**
 * range_at() - find what covers a key
 * @rl: the list
 * @key: a key
 *
 * Return: the node that covers @key, or NULL.
 */
static inline struct range_node *range_at(const struct range_list *rl, u64 key)
{
	struct range_node *node = range_floor(rl, key);

	return node && range_last_key(node) >= key ? node : NULL;
}

/* Return @node unless it starts behind @last. */
static inline struct range_node *range_within(struct range_node *node, u64 last)
{
	return node && node->start <= last ? node : NULL;
}

/**
 * range_iter_first() - find the first node that overlaps a window
 * @rl: the list
 * @start: first key of the window
 * @stop: where the window ends
 *
 * Return: the node, or NULL.
 */
static inline struct range_node *range_iter_first(const struct range_list *rl, u64 start, u64 stop)
{
	if (!range_span_ok(start, stop))
		return NULL;
	return range_within(range_reaching(rl, start), stop - RANGE_BEYOND);
}

/**
 * range_iter_next() - find the next node that overlaps a window
 * @rl: the list
 * @node: the one before
 * @stop: where the window ends
 *
 * Return: the node, or NULL.
 */
static inline struct range_node *range_iter_next(const struct range_list *rl,
						 const struct range_node *node, u64 stop)
{
	return range_within(range_next(rl, node), stop - RANGE_BEYOND);
}

/* ---- gaps ------------------------------------------------------------------------------------ */

/*
 * Return the first node, from @node on in one direction, with at least @size free keys below it.
 * The largest gap of a subtree says whether to look into it.
 */
static inline struct range_node *range_gap_from(struct range_node *node, u64 size, bool up)
{
	while (node && node->gap < size) {
		struct range_node *child = range_child(node, up), *parent;

		if (child && child->max_gap >= size) {
			node = child;
			for (;;) {
				child = range_child(node, !up);
				if (!child || child->max_gap < size)
					break;
				node = child;
			}
			continue;
		}
		parent = range_parent(node);
		while (parent && range_child(parent, up) == node) {
			node = parent;
			parent = range_parent(node);
		}
		node = parent;
	}
	return node;
}

/* Clip the free keys below @node, behind all nodes if it is NULL, to [*low, *high]. */
static inline bool range_gap_below(const struct range_list *rl, const struct range_node *node,
				   u64 *low, u64 *high)
{
	const struct range_node *before = range_before(rl, node);

	if (before && range_last_key(before) >= *low) {
		if (range_last_key(before) >= *high)
			return false;
		*low = range_last_key(before) + 1;
	}
	if (node && node->start <= *high) {
		if (node->start <= *low)
			return false;
		*high = node->start - 1;
	}
	return *low <= *high;
}

/**
 * range_first_gap() - find the first gap in a window
 * @rl: the list
 * @start: first key of the window
 * @stop: where the window ends
 * @gap: result, clipped to the window
 *
 * Return: false if all of the window is covered.
 */
static inline bool range_first_gap(const struct range_list *rl, u64 start, u64 stop,
				   struct range_gap *gap)
{
	struct range_node *node;
	u64 low = start, high;

	if (!range_span_ok(start, stop))
		return false;
	high = stop - RANGE_BEYOND;
	node = range_behind(rl, range_floor(rl, start));
	/* The gap that holds @start may be cut short, any other one is whole. */
	if (!range_gap_below(rl, node, &low, &high)) {
		if (!node)
			return false;
		node = range_gap_from(range_next(rl, node), 1, true);
		low = start;
		high = stop - RANGE_BEYOND;
		if (!range_gap_below(rl, node, &low, &high))
			return false;
	}
	gap->start = low;
	gap->RANGE_STOP = high + RANGE_BEYOND;
	return true;
}

/**
 * range_next_gap() - find the next gap in a window
 * @rl: the list, which may have changed
 * @stop: where the window ends
 * @gap: the one before, and result
 *
 * Return: false if all of the rest of the window is covered.
 */
static inline bool range_next_gap(const struct range_list *rl, u64 stop, struct range_gap *gap)
{
	if (gap->RANGE_STOP >= stop)
		return false;
	return range_first_gap(rl, gap->RANGE_STOP + 1 - RANGE_BEYOND, stop, gap);
}

static inline u64 range_modulo(u64 key, u64 align)
{
#ifdef __KERNEL__
	u64 rest;

	div64_u64_rem(key, align, &rest);
	return rest;
#else
	return key % align;
#endif
}

/* Find the lowest or the highest place of the query in the free keys from @low to @high. */
static inline bool range_fits(const struct range_query *query, u64 low, u64 high, u64 *found)
{
	u64 rest, want = range_modulo(query->offset, query->align), by;

	if (high - low < query->size - 1)
		return false;
	high -= query->size - 1;
	rest = range_modulo(query->highest ? high : low, query->align);
	if (query->highest)
		by = rest >= want ? rest - want : query->align - (want - rest);
	else
		by = want >= rest ? want - rest : query->align - (rest - want);
	if (by > high - low)
		return false;
	*found = query->highest ? high - by : low + by;
	return true;
}

/**
 * range_find_gap() - find a free place of a given size
 * @rl: the list
 * @query: what is wanted
 * @found: result, the first key of the place
 *
 * O(log n), and once more for each gap that is large enough and holds no aligned place.
 *
 * Return: 0, -ENOENT if there is none, or -EINVAL.
 */
static inline int range_find_gap(const struct range_list *rl, const struct range_query *query,
				 u64 *found)
{
	u64 last = query->RANGE_STOP - RANGE_BEYOND;
	bool up = !query->highest;
	struct range_node *node;

	if (!query->size || !query->align || !range_span_ok(query->start, query->RANGE_STOP))
		return -EINVAL;
	/* Each node stands for the gap below it, NULL for the one behind all nodes. */
	node = range_behind(rl, range_floor(rl, up ? query->start : last));
	for (;;) {
		u64 low = query->start, high = last;

		if (range_gap_below(rl, node, &low, &high) && range_fits(query, low, high, found))
			return 0;
		if (up ? !node || node->start > last : node && node->start <= query->start)
			return -ENOENT;
		node = up ? range_next(rl, node) : range_before(rl, node);
		node = range_gap_from(node, query->size, up);
		if (!up && !node)
			return -ENOENT;
	}
}

/* ---- work: what a write takes and gives ------------------------------------------------------ */

/**
 * range_work_init() - prepare for writes
 * @work: used for any number of them, and for any list
 */
static inline void range_work_init(struct range_work *work)
{
	INIT_LIST_HEAD(&work->spares);
	INIT_LIST_HEAD(&work->taken);
	work->nr_spares = 0;
	work->node = NULL;
	work->count = 0;
}

/**
 * range_give() - lend a spare node
 * @work: gets it
 * @node: a node that is in no list; what is in its struct does not matter
 */
static inline void range_give(struct range_work *work, struct range_node *node)
{
	list_add(&node->list, &work->spares);
	work->nr_spares++;
}

static inline struct range_node *range_pop(struct list_head *list)
{
	struct range_node *node = container_of(list->next, struct range_node, list);

	if (list->next == list)
		return NULL;
	list_del(&node->list);
	return node;
}

/**
 * range_pop_spare() - take a spare node back
 * @work: has it
 *
 * Return: the node, or NULL if there is none.
 */
static inline struct range_node *range_pop_spare(struct range_work *work)
{
	struct range_node *node = range_pop(&work->spares);

	if (node)
		work->nr_spares--;
	return node;
}

/**
 * range_pop_taken() - fetch the first node that was taken out
 * @work: has it
 *
 * Return: the node, now the caller's, or NULL if there is none.
 */
static inline struct range_node *range_pop_taken(struct range_work *work)
{
	return range_pop(&work->taken);
}

/**
 * range_prealloc() - collect spare nodes before a write
 * @work: gets them
 * @need: how many there shall be: RANGE_SPARES, range_count_fill() or range_count_add()
 * @alloc: returns a node, or NULL if there is no memory
 * @context: for @alloc
 *
 * Return: 0 or -ENOMEM; what was collected stays.
 */
static inline int range_prealloc(struct range_work *work, u64 need,
				 struct range_node *(*alloc)(void *context), void *context)
{
	while (work->nr_spares < need) {
		struct range_node *node = alloc(context);

		if (!node)
			return -ENOMEM;
		range_give(work, node);
	}
	return 0;
}

/* ---- the steps of a write -------------------------------------------------------------------- */

static inline void range_begin(const struct range_list *rl, struct range_work *work)
{
	work->node = NULL;
	work->count = 0;
	work->since = rl->changes;
}

/* Is a node one that this write has put there? */
static inline bool range_fresh(const struct range_work *work, const struct range_node *node)
{
	return node->born > work->since;
}

static inline void range_take(struct range_list *rl, struct range_node *node,
			      struct range_work *work)
{
	range_unlink(rl, node);
	list_add_tail(&node->list, &work->taken);
}

static inline int range_ask_split(struct range_list *rl, const struct range_node *node, u64 at)
{
	return rl->ops->can_split ? rl->ops->can_split(rl, node, at) : 0;
}

/* Cut a node, in a list or not; a spare becomes the part on one side, and is not linked. */
static inline struct range_node *range_halve(struct range_list *rl, struct range_node *node,
					     u64 at, bool right, struct range_work *work)
{
	struct range_node *spare = range_pop_spare(work);
	u64 start = node->start, last = range_last_key(node);

	range_set_span(right ? node : spare, start, at - 1);
	range_set_span(right ? spare : node, at, last);
	if (rl->ops->split)
		rl->ops->split(rl, node, spare);
	return spare;
}

/* The same in the list; the gaps around are mended when the spare is linked. */
static inline struct range_node *range_cut(struct range_list *rl, struct range_node *node, u64 at,
					   bool right, struct range_work *work)
{
	struct range_node *spare = range_halve(rl, node, at, right, work);

	range_link(rl, spare, right ? node : range_prev(rl, node));
	return spare;
}

/* @gone, a neighbour that touches, becomes part of @keep. */
static inline void range_absorb(struct range_list *rl, struct range_node *keep,
				struct range_node *gone, struct range_work *work)
{
	if (rl->ops->merge)
		rl->ops->merge(rl, keep, gone);
	if (keep->start < gone->start)
		range_set_span(keep, keep->start, range_last_key(gone));
	else
		range_set_span(keep, gone->start, range_last_key(keep));
	range_unlink(rl, gone);		/* mends the gap behind it */
	range_give(work, gone);
}

/*
 * Which of two nodes survives a merge: one that this write did not touch, before one it
 * changed, before one it has put there.
 */
static inline int range_rank(const struct range_work *work, const struct range_node *node,
			     u64 start, u64 last)
{
	if (range_fresh(work, node))
		return 0;
	return node->start >= start && range_last_key(node) <= last ? 1 : 2;
}

/* Merge two neighbours if that may be; return the one that now ends where @right ended. */
static inline struct range_node *range_join(struct range_list *rl, struct range_node *left,
					    struct range_node *right, u64 start, u64 last,
					    struct range_work *work)
{
	struct range_node *keep = left, *gone = right;

	if (!left || !range_touch(left, right))
		return right;
	if (!rl->ops->same || !rl->ops->same(rl, left, right))
		return right;
	if (range_rank(work, left, start, last) < range_rank(work, right, start, last)) {
		keep = right;
		gone = left;
	}
	if (!range_fresh(work, gone) && rl->ops->can_delete && !rl->ops->can_delete(rl, gone))
		return right;
	range_absorb(rl, keep, gone, work);
	return keep;
}

/*
 * Look at the borders of all that was written from @node to the key @last, first the left one.
 *
 *	[-left-][-node-][-right-]	same(left, node)?
 *	[-left---------][-right-]	same(left, right)?
 *	[-left------------------]
 *
 * Return the node that now holds the first key of @node.
 */
static inline struct range_node *range_settle(struct range_list *rl, struct range_node *node,
					      u64 last, struct range_work *work)
{
	struct range_node *left = range_prev(rl, node), *next;
	u64 start = node->start;
	bool written = true;

	for (; node && written; node = next) {
		written = range_last_key(node) <= last;
		next = range_next(rl, node);
		left = range_join(rl, left, node, start, last, work);
	}
	return range_at(rl, start);
}

/*
 * The two cuts at the ends of a window.  What is outside stays the node that it was:
 *
 *	[-----low-----]....[-----high----]	[--------low---------]
 *	        ^start         last^			^start    ^last
 *	[--low-][spare]....[spare-][-high]	[--low-][spare1-][spare2]
 */
struct range_cuts {
	u64 start, last;
	struct range_node *low, *high;
};

static inline u64 range_plan(const struct range_list *rl, struct range_cuts *cuts)
{
	cuts->low = range_at(rl, cuts->start);
	if (cuts->low && cuts->low->start == cuts->start)
		cuts->low = NULL;
	cuts->high = range_at(rl, cuts->last);
	if (cuts->high && range_last_key(cuts->high) == cuts->last)
		cuts->high = NULL;
	return (u64)!!cuts->low + (u64)!!cuts->high;
}

/* Ask for all that could refuse the cuts. */
static inline int range_prepare(struct range_list *rl, struct range_cuts *cuts, u64 start, u64 stop,
				u64 more, struct range_work *work)
{
	int error = 0;

	range_begin(rl, work);
	if (!range_span_ok(start, stop))
		return -EINVAL;
	cuts->start = start;
	cuts->last = stop - RANGE_BEYOND;
	if (range_plan(rl, cuts) + more > work->nr_spares)
		return -ENOMEM;
	if (cuts->low)
		error = range_ask_split(rl, cuts->low, start);
	if (!error && cuts->high)
		error = range_ask_split(rl, cuts->high, cuts->last + 1);
	return error;
}

/* Cut; return the first node inside, or NULL. */
static inline struct range_node *range_carve(struct range_list *rl, struct range_cuts *cuts,
					     struct range_work *work)
{
	struct range_node *inside = NULL;

	if (cuts->low)
		inside = range_cut(rl, cuts->low, cuts->start, true, work);
	if (cuts->high && cuts->high == cuts->low)
		range_cut(rl, inside, cuts->last + 1, true, work);
	else if (cuts->high)
		range_cut(rl, cuts->high, cuts->last + 1, false, work);
	return range_within(range_reaching(rl, cuts->start), cuts->last);
}

/* Cut, and take out all that is inside; return the node before. */
static inline struct range_node *range_clear_span(struct range_list *rl, struct range_cuts *cuts,
						  struct range_work *work)
{
	struct range_node *node = range_carve(rl, cuts, work), *next;

	for (; node; node = next) {
		next = range_within(range_next(rl, node), cuts->last);
		range_take(rl, node, work);
		work->count++;
	}
	return range_floor(rl, cuts->start);
}

/* ---- writes ---------------------------------------------------------------------------------- */

/**
 * range_set() - overwrite a range
 * @rl: the list
 * @node: what to put there; afterwards in the list, or a spare if a neighbour absorbed it
 * @work: wants 2 spares if both ends cut a node, 1 if one does
 *
 *	[---a---]....[-b-]	@work->taken: the rest of a
 *	    [--node--]
 *	[-a][--node--][b-]	touching neighbours that are the same become one
 *
 * Return: 0, -EINVAL, -ENOMEM (no spares), or what ops->can_split() says.
 */
static inline int range_set(struct range_list *rl, struct range_node *node,
			    struct range_work *work)
{
	struct range_cuts cuts;
	int error = range_prepare(rl, &cuts, node->start, node->RANGE_STOP, 0, work);

	if (error)
		return error;
	range_link(rl, node, range_clear_span(rl, &cuts, work));
	work->node = range_settle(rl, node, cuts.last, work);
	return 0;
}

/**
 * range_insert() - write into free space only
 * @rl: the list
 * @node: what to put there; afterwards in the list, or a spare if a neighbour absorbed it
 * @work: needs no spares
 *
 * Return: 0, -EINVAL, or -EEXIST: @work->node is the first node in the way.
 */
static inline int range_insert(struct range_list *rl, struct range_node *node,
			       struct range_work *work)
{
	range_begin(rl, work);
	if (!range_span_ok(node->start, node->RANGE_STOP))
		return -EINVAL;
	work->node = range_iter_first(rl, node->start, node->RANGE_STOP);
	if (work->node)
		return -EEXIST;
	range_link(rl, node, range_floor(rl, node->start));
	work->node = range_settle(rl, node, range_last_key(node), work);
	return 0;
}

/**
 * range_remove() - punch a hole
 * @rl: the list
 * @start: first key
 * @stop: where the hole ends
 * @work: wants 2 spares if both ends cut a node, 1 if one does; @work->taken is what was there,
 *	@work->count the number of pieces
 *
 * What remains on both sides stays the node that it was, and nothing is merged.
 *
 * Return: 0, -EINVAL, -ENOMEM (no spares), or what ops->can_split() says.
 */
static inline int range_remove(struct range_list *rl, u64 start, u64 stop,
			       struct range_work *work)
{
	struct range_cuts cuts;
	int error = range_prepare(rl, &cuts, start, stop, 0, work);

	if (!error)
		range_clear_span(rl, &cuts, work);
	return error;
}

/**
 * range_update() - change what is inside a window
 * @rl: the list
 * @start: first key
 * @stop: where the window ends
 * @change: called for each piece inside, from left to right; it must not fail
 * @context: for @change
 * @work: wants 2 spares if both ends cut a node, 1 if one does; @work->count is the number of
 *	pieces
 *
 * Gaps stay gaps.  When all pieces are changed each border is looked at, from left to right.
 *
 * Return: 0, -EINVAL, -ENOMEM (no spares), or what ops->can_split() says.
 */
static inline int range_update(struct range_list *rl, u64 start, u64 stop,
			       void (*change)(struct range_node *piece, void *context),
			       void *context, struct range_work *work)
{
	struct range_node *node, *first;
	struct range_cuts cuts;
	int error = range_prepare(rl, &cuts, start, stop, 0, work);

	if (error)
		return error;
	first = range_carve(rl, &cuts, work);
	for (node = first; node; node = range_within(range_next(rl, node), cuts.last)) {
		change(node, context);
		work->count++;
	}
	if (first)
		range_settle(rl, first, cuts.last, work);
	return 0;
}

/* Number of cuts that divide a newcomer, [start, last], into what goes over something or not. */
static inline u64 range_borders(const struct range_list *rl, u64 start, u64 last)
{
	struct range_node *node = range_within(range_reaching(rl, start), last);
	u64 borders = 0;

	for (; node; node = range_within(range_next(rl, node), last)) {
		borders += node->start > start;
		if (range_last_key(node) >= last)
			break;
		borders++;
		start = range_last_key(node) + 1;
	}
	return borders;
}

/**
 * range_count_fill() - count the spares that range_fill() needs
 * @rl: the list
 * @start: first key
 * @stop: where the window ends
 *
 * Return: the number; O(log n), and the nodes inside.
 */
static inline u64 range_count_fill(const struct range_list *rl, u64 start, u64 stop)
{
	return range_span_ok(start, stop) ?
		range_borders(rl, start, stop - RANGE_BEYOND) : 0;
}

/**
 * range_count_add() - count the spares that range_add() needs
 * @rl: the list
 * @start: first key
 * @stop: where the window ends
 *
 * Return: the number; O(log n), and the nodes inside.
 */
static inline u64 range_count_add(const struct range_list *rl, u64 start, u64 stop)
{
	struct range_cuts cuts;

	if (!range_span_ok(start, stop))
		return 0;
	cuts.start = start;
	cuts.last = stop - RANGE_BEYOND;
	return range_borders(rl, start, cuts.last) + range_plan(rl, &cuts);
}

/* Ask whether the newcomer may be cut at each border of what is there, and be put over it. */
static inline int range_ask_lay(struct range_list *rl, const struct range_node *node, bool over)
{
	u64 start = node->start, last = range_last_key(node);
	struct range_node *old = range_within(range_reaching(rl, start), last);
	int error = 0;

	for (; !error && old; old = range_within(range_next(rl, old), last)) {
		if (old->start > start)
			error = range_ask_split(rl, node, old->start);
		if (!error && over && rl->ops->can_overlap)
			error = rl->ops->can_overlap(rl, old, node);
		if (error || range_last_key(old) >= last)
			break;
		start = range_last_key(old) + 1;
		error = range_ask_split(rl, node, start);
	}
	return error;
}

/* Put a piece of the newcomer over a node of the same range. */
static inline void range_put_over(struct range_list *rl, struct range_node *old,
				  struct range_node *piece, struct range_work *work)
{
	struct range_node *before = range_prev(rl, old);

	if (rl->ops->overlap) {
		rl->ops->overlap(rl, old, piece);
		range_give(work, piece);
	} else {
		range_take(rl, old, work);
		range_link(rl, piece, before);
	}
}

/*
 * Cut the newcomer at each border of what is there; put its pieces into the gaps, and, if @over,
 * over the nodes, or else among what was taken.
 *
 *	rest	[------------------]
 *	there	     [-old-]		cut at old->start: the left part goes into the gap
 *	rest	     [-------------]	cut behind old: the left part lies over it
 *	rest		    [------]
 */
static inline void range_lay(struct range_list *rl, struct range_node *rest, bool over,
			     struct range_work *work)
{
	u64 last = range_last_key(rest);
	struct range_node *old, *next, *piece;

	for (old = range_reaching(rl, rest->start); rest; old = next) {
		if (!old || old->start > rest->start) {
			piece = rest;
			rest = range_within(old, last) ?
				range_halve(rl, piece, old->start, true, work) : NULL;
			range_link(rl, piece, range_before(rl, old));
			work->count++;
			if (!rest)
				break;
		}
		next = range_next(rl, old);
		piece = rest;
		rest = range_last_key(old) < last ?
			range_halve(rl, piece, range_last_key(old) + 1, true, work) : NULL;
		if (over) {
			range_put_over(rl, old, piece, work);
			work->count++;
		} else {
			list_add_tail(&piece->list, &work->taken);
		}
	}
}

/**
 * range_fill() - write into the gaps of a range
 * @rl: the list
 * @node: what to put there; its parts end up in the list, or in @work
 * @work: wants range_count_fill() spares; @work->taken: the parts that found no room,
 *	@work->count: how many gaps were filled
 *
 *	....[-a-]....[-b-]....	@node is cut by ops->split() at each border
 *	  [------node-------]
 *	..[n][-a-][-n][-b-][n]	each part looks at its borders, from left to right
 *
 * Return: 0, -EINVAL, -ENOMEM (no spares), or what ops->can_split() says.
 */
static inline int range_fill(struct range_list *rl, struct range_node *node,
			     struct range_work *work)
{
	u64 start = node->start, stop = node->RANGE_STOP;
	int error;

	range_begin(rl, work);
	if (!range_span_ok(start, stop))
		return -EINVAL;
	if (range_count_fill(rl, start, stop) > work->nr_spares)
		return -ENOMEM;
	error = range_ask_lay(rl, node, false);
	if (error)
		return error;
	range_lay(rl, node, false, work);
	node = range_iter_first(rl, start, stop);
	for (; node; node = range_iter_next(rl, node, stop))
		if (range_fresh(work, node))
			node = range_settle(rl, node, range_last_key(node), work);
	return 0;
}

/**
 * range_add() - write into the gaps of a range, and combine with what is there
 * @rl: the list
 * @node: what to add; its parts end up in the list, or in @work
 * @work: wants range_count_add() spares; @work->count: how many pieces were written
 *
 *	....[---a---]....	both are cut by ops->split()
 *	[--node--].......
 *	[--n][a+n][a]....	a+n: ops->overlap(); then each border is looked at
 *
 * Return: 0, -EINVAL, -ENOMEM (no spares), or what ops->can_split(), ops->can_overlap() say.
 */
static inline int range_add(struct range_list *rl, struct range_node *node,
			    struct range_work *work)
{
	u64 start = node->start, stop = node->RANGE_STOP;
	struct range_cuts cuts;
	int error = -EINVAL;

	if (range_span_ok(start, stop))
		error = range_prepare(rl, &cuts, start, stop,
				      range_borders(rl, start, stop - RANGE_BEYOND), work);
	if (!error)
		error = range_ask_lay(rl, node, true);
	if (error)
		return error;
	range_carve(rl, &cuts, work);
	range_lay(rl, node, true, work);
	work->node = range_settle(rl, range_at(rl, start), cuts.last, work);
	return 0;
}

static inline int range_split_at(struct range_list *rl, u64 at, bool right,
				 struct range_work *work)
{
	struct range_node *node = range_at(rl, at);
	int error;

	range_begin(rl, work);
	if (!node || node->start == at)
		return 0;
	if (!work->nr_spares)
		return -ENOMEM;
	error = range_ask_split(rl, node, at);
	if (error)
		return error;
	range_cut(rl, node, at, right, work);
	work->node = right ? range_next(rl, node) : node;
	return 0;
}

/**
 * range_split() - cut the node that strictly contains a border
 * @rl: the list
 * @at: first key of the right part
 * @work: wants 1 spare, which becomes the right part; @work->node is that part, or NULL if
 *	there was nothing to cut
 *
 * Return: 0, -ENOMEM (no spare), or what ops->can_split() says.
 */
static inline int range_split(struct range_list *rl, u64 at, struct range_work *work)
{
	return range_split_at(rl, at, true, work);
}

/**
 * range_split_below() - cut a node, which stays the right part
 * @rl: the list
 * @at: first key of the right part
 * @work: wants 1 spare, which becomes the left part; @work->node is the right part, or NULL
 *
 * Return: 0, -ENOMEM (no spare), or what ops->can_split() says.
 */
static inline int range_split_below(struct range_list *rl, u64 at, struct range_work *work)
{
	return range_split_at(rl, at, false, work);
}

/**
 * range_merge() - join two nodes, whatever ops->same() and ops->can_delete() think of it
 * @rl: the list
 * @keep: the one that stays
 * @gone: a neighbour that touches it, left or right; afterwards a spare
 * @work: gets @gone
 *
 * Return: 0, or -EINVAL if the two do not touch.
 */
static inline int range_merge(struct range_list *rl, struct range_node *keep,
			      struct range_node *gone, struct range_work *work)
{
	range_begin(rl, work);
	if (range_next(rl, keep) != gone && range_prev(rl, keep) != gone)
		return -EINVAL;
	if (keep->start < gone->start ? !range_touch(keep, gone) : !range_touch(gone, keep))
		return -EINVAL;
	range_absorb(rl, keep, gone, work);
	work->node = keep;
	return 0;
}

/**
 * range_changed() - look at the borders of a node whose data were changed
 * @rl: the list
 * @node: a node in the list; a spare afterwards, if a neighbour absorbed it
 * @work: @work->node is the node that has the range now
 */
static inline void range_changed(struct range_list *rl, struct range_node *node,
				 struct range_work *work)
{
	range_begin(rl, work);
	work->node = range_settle(rl, node, range_last_key(node), work);
}

/**
 * range_resize() - move the borders of a node
 * @rl: the list
 * @node: a node in the list; a spare afterwards, if a neighbour absorbed it
 * @start: its new first key
 * @stop: where it ends now
 * @work: wants a spare for each side that shrinks; @work->taken: what was cut off
 *
 *	[-a-]..[-node-]..[-b-]	it may grow until it touches its neighbours, and then
 *	[-a-][---node---][-b-]	looks at these borders
 *
 * Return: 0, -EINVAL, -EEXIST: @work->node is the neighbour in the way, -ENOMEM (no spares),
 * or what ops->can_split() says.
 */
static inline int range_resize(struct range_list *rl, struct range_node *node, u64 start, u64 stop,
			       struct range_work *work)
{
	struct range_node *prev = range_prev(rl, node), *next = range_next(rl, node), *piece;
	u64 last = stop - RANGE_BEYOND;
	bool low = node->start < start && start <= range_last_key(node);
	bool high = last < range_last_key(node) && node->start <= last;
	int error = 0;

	range_begin(rl, work);
	if (!range_span_ok(start, stop))
		return -EINVAL;
	work->node = prev && start <= range_last_key(prev) ? prev : range_within(next, last);
	if (work->node)
		return -EEXIST;
	if ((u64)low + (u64)high > work->nr_spares)
		return -ENOMEM;
	if (low)
		error = range_ask_split(rl, node, start);
	if (!error && high)
		error = range_ask_split(rl, node, last + 1);
	if (error)
		return error;
	if (low) {
		piece = range_halve(rl, node, start, false, work);
		list_add_tail(&piece->list, &work->taken);
	}
	if (high) {
		piece = range_halve(rl, node, last + 1, true, work);
		list_add_tail(&piece->list, &work->taken);
	}
	range_set_span(node, start, last);
	range_regap(rl, node);
	range_regap(rl, next);
	work->node = range_settle(rl, node, last, work);
	return 0;
}

/**
 * range_delete() - take a node out of the list
 * @rl: the list
 * @node: a node in the list; afterwards the caller's
 */
static inline void range_delete(struct range_list *rl, struct range_node *node)
{
	range_unlink(rl, node);
}

/**
 * range_coalesce() - merge whatever may be merged
 * @rl: the list
 * @start: first key
 * @stop: where the window ends; all borders that a write to it would look at are looked at, so
 *	that a window of no keys is one border
 * @work: gets what is no longer needed; @work->count is the number of merges
 *
 * Return: 0 or -EINVAL.
 */
static inline int range_coalesce(struct range_list *rl, u64 start, u64 stop,
				 struct range_work *work)
{
	struct range_node *left, *node, *next;
	u64 count = rl->count;

	range_begin(rl, work);
	if (start > stop && start - stop > 1 - RANGE_BEYOND)
		return -EINVAL;
	left = start ? range_floor(rl, start - 1) : NULL;
	/* A border is the first key of its right node; the window, as half-open, is closed. */
	for (node = range_behind(rl, left); node; node = next) {
		if (node->start > stop && node->start - stop > 1 - RANGE_BEYOND)
			break;
		next = range_next(rl, node);
		/* An empty span: no node counts as written. */
		left = range_join(rl, left, node, 1, 0, work);
	}
	work->count = count - rl->count;
	return 0;
}

/* ---- walks ----------------------------------------------------------------------------------- */

/**
 * range_cursor_init() - stand before the first node of a window
 * @cursor: the cursor
 * @rl: the list
 * @start: first key of the window
 * @stop: where the window ends; nothing is delivered by a window that is empty
 * @reverse: go down
 *
 * What lies outside the window does not exist for the walk; nodes are delivered whole, their
 * part in the window is [@cursor->first, @cursor->last].
 */
static inline void range_cursor_init(struct range_cursor *cursor, const struct range_list *rl,
				     u64 start, u64 stop, bool reverse)
{
	bool empty = !range_span_ok(start, stop);

	cursor->rl = rl;
	cursor->low = empty ? 1 : start;
	cursor->high = empty ? 0 : stop - RANGE_BEYOND;
	cursor->first = 0;
	cursor->last = 0;
	cursor->stand = RANGE_OUTSIDE;
	cursor->reverse = reverse;
	cursor->up = !reverse;
	cursor->node = NULL;
	cursor->changes = 0;
}

/**
 * range_cursor_reset() - stand before the first node again
 * @cursor: the cursor
 */
static inline void range_cursor_reset(struct range_cursor *cursor)
{
	cursor->stand = RANGE_OUTSIDE;
}

/**
 * range_cursor_seek() - stand at a key
 * @cursor: the cursor
 * @key: what reaches to it or beyond is above, what begins below it is below
 */
static inline void range_cursor_seek(struct range_cursor *cursor, u64 key)
{
	cursor->stand = RANGE_SOUGHT;
	cursor->first = key;
}

/* Deliver @node, if any of it is in the window. */
static inline struct range_node *range_deliver(struct range_cursor *cursor,
					       struct range_node *node, u64 low, u64 high, bool up)
{
	if (!node || low > high || node->start > high || range_last_key(node) < low)
		return NULL;
	cursor->first = node->start < low ? low : node->start;
	cursor->last = range_last_key(node) > high ? high : range_last_key(node);
	cursor->stand = RANGE_PLACED;
	cursor->up = up;
	cursor->node = node;
	cursor->changes = cursor->rl->changes;
	return node;
}

/**
 * range_cursor_current() - find what a walk stands on
 * @cursor: the cursor
 *
 * Return: the node that covers the anchor now, which is the first key delivered if the last step
 * went up, the last key if it went down; NULL if there is none.
 */
static inline struct range_node *range_cursor_current(const struct range_cursor *cursor)
{
	if (cursor->stand != RANGE_PLACED)
		return NULL;
	if (cursor->changes == cursor->rl->changes)
		return cursor->node;
	return range_at(cursor->rl, cursor->up ? cursor->first : cursor->last);
}

/* Return the nearest node, going up or down, that reaches to @key or beyond it. */
static inline struct range_node *range_toward(const struct range_list *rl, u64 key, bool up)
{
	return up ? range_reaching(rl, key) : range_floor(rl, key);
}

/* Return the nearest node, going up or down, that lies beyond @key as a whole. */
static inline struct range_node *range_past(const struct range_list *rl, u64 key, bool up)
{
	struct range_node *node = range_toward(rl, key, !up);

	return up ? range_behind(rl, node) : range_before(rl, node);
}

/* Narrow the window to what lies ahead of a cursor; return false if that is nothing. */
static inline bool range_ahead(const struct range_cursor *cursor, bool up, u64 *low, u64 *high)
{
	u64 from = cursor->first;

	*low = cursor->low;
	*high = cursor->high;
	if (cursor->stand == RANGE_PLACED && up) {
		if (cursor->last == U64_MAX)
			return false;
		from = cursor->last + 1;
	}
	if (cursor->stand != RANGE_OUTSIDE && up && *low < from)
		*low = from;
	if (cursor->stand != RANGE_OUTSIDE && !up) {
		if (!from)
			return false;
		if (*high >= from)
			*high = from - 1;
	}
	return *low <= *high;
}

static inline struct range_node *range_cursor_step(struct range_cursor *cursor, bool up)
{
	const struct range_list *rl = cursor->rl;
	struct range_node *node;
	u64 low, high;
	bool alive;

	if (cursor->stand == RANGE_OUTSIDE && up == cursor->reverse)
		return NULL;
	if (cursor->stand != RANGE_PLACED) {
		if (!range_ahead(cursor, up, &low, &high))
			return NULL;
		node = range_toward(rl, up ? low : high, up);
		return range_deliver(cursor, node, cursor->low, cursor->high, up);
	}
	node = range_cursor_current(cursor);
	alive = node;
	if (up != cursor->up) {
		/* Turned round: the same one comes back. */
		if (!alive)
			node = range_toward(rl, up ? cursor->first : cursor->last, up);
	} else if (cursor->changes == rl->changes) {
		node = range_step(rl, node, up);
	} else {
		/* Past the anchor if a node covers that, else past all that was delivered. */
		node = range_past(rl, alive == up ? cursor->first : cursor->last, up);
	}
	return range_deliver(cursor, node, cursor->low, cursor->high, up);
}

/**
 * range_cursor_next() - go to the next node
 * @cursor: the cursor
 *
 * Going up, with [first, last] delivered last: if a node covers first now, the next one is the
 * first that starts above it; if none does, the first that starts above last.  Going down is the
 * mirror image.  So a walk delivers the tail of a node that was split under it, does not repeat
 * what the current node has absorbed, and does not care which node survived.
 *
 * Return: the node, or NULL: the place stays, and what is added ahead will be found.
 */
static inline struct range_node *range_cursor_next(struct range_cursor *cursor)
{
	return range_cursor_step(cursor, !cursor->reverse);
}

/**
 * range_cursor_prev() - go back
 * @cursor: the cursor
 *
 * Right after range_cursor_next() it delivers the node that covers the anchor now.
 *
 * Return: the node or NULL.
 */
static inline struct range_node *range_cursor_prev(struct range_cursor *cursor)
{
	return range_cursor_step(cursor, cursor->reverse);
}

/**
 * range_cursor_sweep() - go to the next keys that are covered
 * @cursor: the cursor
 *
 * Like range_cursor_next(), but for keys: none is delivered twice, and each that is covered
 * during the whole walk is delivered.
 *
 * Return: the node that covers @cursor->first to @cursor->last, or NULL.
 */
static inline struct range_node *range_cursor_sweep(struct range_cursor *cursor)
{
	bool up = !cursor->reverse;
	struct range_node *node;
	u64 low, high;

	if (!range_ahead(cursor, up, &low, &high))
		return NULL;
	if (cursor->stand == RANGE_PLACED && cursor->changes == cursor->rl->changes)
		node = range_step(cursor->rl, cursor->node, up);
	else
		node = range_toward(cursor->rl, up ? low : high, up);
	return range_deliver(cursor, node, low, high, up);
}

/* ---- for tests ------------------------------------------------------------------------------- */

/* Is the subtree of @node all right, as far as @node itself can tell? */
static inline bool range_check_node(const struct range_list *rl, struct range_node *node)
{
	u64 max_gap = node->gap;
	int right;

	for (right = 0; right < 2; right++) {
		struct range_node *child = range_child(node, right);
		bool above = child && child->start > node->start;

		if (!child)
			continue;
		if (range_parent(child) != node || above != right)
			return false;
		if (child->max_gap > max_gap)
			max_gap = child->max_gap;
	}
	return max_gap == node->max_gap && range_tree_balanced(node) &&
	       range_floor(rl, node->start) == node;
}

/**
 * range_check() - prove that list and tree are in order; O(n log n)
 * @rl: the list
 *
 * Return: true if they are.
 */
static inline bool range_check(const struct range_list *rl)
{
	struct range_node *node, *before = NULL;
	u64 count = 0;

	for (node = range_first(rl); node; node = range_next(rl, node)) {
		if (!range_span_ok(node->start, node->RANGE_STOP))
			return false;
		if (before && range_last_key(before) >= node->start)
			return false;
		if (node->gap != range_free_below(before, node) || !range_check_node(rl, node))
			return false;
		if (range_prev(rl, node) != before)
			return false;
		before = node;
		count++;
	}
	return count == rl->count;
}

#endif /* RANGE_LIST_H */
