// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Eleven ways in which a change of areas merges: which survive, what a close hook forbids. */

#include <stdio.h>

#include "range_list.h"

struct area {
	struct range_node range;	/* pages */
	char name;			/* P, M, N; + for one that was made */
	char flags;
	bool close;			/* it has a close hook, so a merge may not delete it */
	u64 pgoff;
};

static struct area *area_of(const struct range_node *node)
{
	return container_of(node, struct area, range);
}

static bool area_same(struct range_list *rl, const struct range_node *left,
		      const struct range_node *right)
{
	const struct area *a = area_of(left), *b = area_of(right);

	(void)rl;
	return a->flags == b->flags && a->pgoff + (right->start - left->start) == b->pgoff;
}

static bool area_can_delete(struct range_list *rl, const struct range_node *node)
{
	(void)rl;
	return !area_of(node)->close;
}

static void area_merge(struct range_list *rl, struct range_node *keep, struct range_node *gone)
{
	(void)rl;
	if (gone->start < keep->start)
		area_of(keep)->pgoff = area_of(gone)->pgoff;
}

static void area_split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	struct area *a = area_of(node), *b = area_of(spare);
	u64 pgoff = a->pgoff;

	(void)rl;
	if (node->start > spare->start)
		a->pgoff += node->start - spare->start;
	else
		pgoff += spare->start - node->start;
	b->name = '+';
	b->flags = a->flags;
	b->close = a->close;
	b->pgoff = pgoff;
}

static void area_set_flags(struct range_node *piece, void *flags)
{
	area_of(piece)->flags = *(const char *)flags;
}

static const struct range_ops area_ops = {
	area_same, area_can_delete, NULL, NULL, area_merge, area_split, NULL
};

/* Change the flags of a part of one area, as the kernel does: merge, or else split around it. */
static int area_modify(struct range_list *rl, struct range_node *node, u64 start, u64 last,
		       char flags, struct range_work *work)
{
	struct range_node *prev = range_prev(rl, node), *next = range_next(rl, node);
	struct area want = *area_of(node);
	bool merges, whole = node->start == start && node->last == last;

	want.range.start = start;
	want.range.last = last;
	want.flags = flags;
	want.pgoff += start - node->start;
	merges = start == node->start && prev && range_touch(prev, &want.range) &&
		 area_same(rl, prev, &want.range);
	merges |= last == node->last && next && range_touch(&want.range, next) &&
		  area_same(rl, &want.range, next);
	/* An area with a close hook that would go stays, and nothing is merged. */
	if (merges && !(whole && want.close))
		return range_update(rl, start, last, area_set_flags, &flags, work);
	/* No merge: the area itself becomes the changed part. */
	if (range_split_below(rl, start, work) || range_split(rl, last + 1, work))
		return -ENOMEM;
	area_of(node)->flags = flags;
	return 0;
}

/* P, M and N as three letters, . for a hole; a capital letter has a close hook. */
static void area_show(const char *title, const char *flags, u64 start, u64 last, char change)
{
	static const u64 first[] = { 0, 8, 20, 28 };
	struct area areas[6];
	struct range_list rl;
	struct range_work work;
	struct range_node *node;
	int i;

	range_list_init(&rl, &area_ops);
	range_work_init(&work);
	for (i = 0; i < 3; i++) {
		areas[i].name = "PMN"[i];
		areas[i].close = flags[i] < 'a';
		areas[i].flags = flags[i] == '.' ? change : (char)(flags[i] | 32);
		areas[i].pgoff = flags[i] == '.' ? start : first[i];
		areas[i].range.start = areas[i].pgoff;
		areas[i].range.last = flags[i] == '.' ? last : first[i + 1] - 1;
		if (flags[i] != '.')
			range_insert(&rl, &areas[i].range, &work);
		range_give(&work, &areas[i + 3].range);
	}
	node = range_at(&rl, start);
	if (node)
		area_modify(&rl, node, start, last, change, &work);
	else
		range_insert(&rl, &areas[1].range, &work);
	printf("%-14s", title);
	for (node = range_first(&rl); node; node = range_next(&rl, node))
		printf(" %c=[%llu,%llu)%c", area_of(node)->name, node->start, node->last + 1,
		       area_of(node)->flags);
	puts("");
}

int main(void)
{
	area_show("1 left", "p.n", 8, 11, 'p');
	area_show("2 right", "p.n", 16, 19, 'n');
	area_show("3 both", "a.a", 8, 19, 'a');
	area_show("4 interior", "pmn", 12, 15, 'x');
	area_show("5 in place", "pmn", 8, 19, 'x');
	area_show("6 edge", "pmn", 8, 11, 'x');
	area_show("7 left part", "pmn", 8, 11, 'p');
	area_show("8 left full", "pmn", 8, 19, 'p');
	area_show("9 right part", "pmn", 16, 19, 'n');
	area_show("10 right full", "pmn", 8, 19, 'n');
	area_show("11 both", "ama", 8, 19, 'a');
	area_show("3, N closes", "a.A", 8, 19, 'a');
	area_show("11, N closes", "amA", 8, 19, 'a');
	area_show("11, M closes", "aMa", 8, 19, 'a');
	area_show("7, M closes", "pMn", 8, 11, 'p');
	return 0;
}
