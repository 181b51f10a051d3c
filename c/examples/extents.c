// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Collect the extents of a file while a disk is scanned, in any order and with stale ones among
 * them; merge those that continue on disk with the same flags; enumerate the result.
 *
 *	cc -I.. extents.c -o extents
 *	./extents < scan		lines: offset length disk generation flags
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "range_list.h"

struct place {
	u64 disk;		/* where the first byte is */
	u64 generation;
	char flags[16];
};

struct extent {
	struct range_node range;	/* bytes of the file */
	struct place at;
};

static struct place *place_of(const struct range_node *node)
{
	return &container_of(node, struct extent, range)->at;
}

/* One if the flags are equal and the disk goes on, too: sameness depends on the place. */
static bool extent_same(struct range_list *rl, const struct range_node *left,
			const struct range_node *right)
{
	const struct place *a = place_of(left), *b = place_of(right);

	(void)rl;
	return !strcmp(a->flags, b->flags) && a->disk + (right->start - left->start) == b->disk;
}

static void extent_merge(struct range_list *rl, struct range_node *keep, struct range_node *gone)
{
	struct place *a = place_of(keep), *b = place_of(gone);

	(void)rl;
	if (gone->start < keep->start)
		a->disk = b->disk;
	if (b->generation > a->generation)
		a->generation = b->generation;
}

/* The right part starts further on the disk. */
static void extent_split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	struct place *a = place_of(node), *b = place_of(spare);

	(void)rl;
	*b = *a;
	if (node->start < spare->start)
		b->disk += spare->start - node->start;
	else
		a->disk += node->start - spare->start;
}

/* Of two extents for the same bytes the younger one counts. */
static void extent_overlap(struct range_list *rl, struct range_node *old, struct range_node *fresh)
{
	(void)rl;
	if (place_of(fresh)->generation > place_of(old)->generation)
		*place_of(old) = *place_of(fresh);
}

static const struct range_ops extent_ops = {
	extent_same, NULL, NULL, NULL, extent_merge, extent_split, extent_overlap
};

static struct range_node *extent_alloc(void *context)
{
	struct extent *extent = (struct extent *)malloc(sizeof(*extent));

	(void)context;
	return extent ? &extent->range : NULL;
}

static void extent_free(struct range_node *node)
{
	free(container_of(node, struct extent, range));
}

/* Add one extent; a call that fails has changed nothing. */
static int extent_add(struct range_list *file, struct range_work *work, u64 start, u64 length,
		      const struct place *at)
{
	u64 last = start + length - 1;
	struct range_node *node;
	int error;

	if (!length || last < start)
		return -EINVAL;
	/* One more than the write needs: the newcomer itself. */
	error = range_prealloc(work, range_count_add(file, start, last) + 1, extent_alloc, NULL);
	if (error)
		return error;
	node = range_pop_spare(work);
	node->start = start;
	node->last = last;
	*place_of(node) = *at;
	return range_add(file, node, work);
}

int main(void)
{
	struct range_list file;
	struct range_work work;
	struct range_node *node;
	u64 start, length, from = 0;
	struct place at;
	int error = 0;

	range_list_init(&file, &extent_ops);
	range_work_init(&work);
	while (!error && scanf("%llu %llu %llu %llu %15s", &start, &length, &at.disk,
			       &at.generation, at.flags) == 5)
		error = extent_add(&file, &work, start, length, &at);
	if (error)
		fprintf(stderr, "extents: %s\n", strerror(-error));
	for (node = range_first(&file); node; node = range_next(&file, node)) {
		if (node->start > from)
			printf("%llu..%llu hole\n", from, node->start - 1);
		printf("%llu..%llu on disk at %llu, generation %llu, %s\n", node->start,
		       node->last, place_of(node)->disk, place_of(node)->generation,
		       place_of(node)->flags);
		from = node->last + 1;
	}
	while ((node = range_first(&file))) {
		range_delete(&file, node);
		extent_free(node);
	}
	while ((node = range_pop_spare(&work)) || (node = range_pop_taken(&work)))
		extent_free(node);
	return error ? 1 : 0;
}
