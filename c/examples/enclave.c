// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The ledger of an enclave's pages: a fixed number of records, no allocation, and nothing is lost
 * when they run out.
 *
 *	cc -DRANGE_HALF_OPEN -I.. enclave.c -o enclave && ./enclave
 */

#include <stdio.h>

#ifndef RANGE_HALF_OPEN
#define RANGE_HALF_OPEN
#endif
#include "range_list.h"

#define RECORDS 6
#define FIRST_PAGE 4
#define END_PAGE 32

struct record {
	struct range_node pages;
	unsigned int access;	/* 4: read, 2: write, 1: execute */
};

struct ledger {
	struct range_list list;
	struct range_work work;		/* its spares are the free records */
	struct record records[RECORDS];
};

static struct record *record_of(const struct range_node *node)
{
	return container_of(node, struct record, pages);
}

static bool ledger_same(struct range_list *rl, const struct range_node *left,
			const struct range_node *right)
{
	(void)rl;
	return record_of(left)->access == record_of(right)->access;
}

static void ledger_split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	(void)rl;
	record_of(spare)->access = record_of(node)->access;
}

static const struct range_ops ledger_ops = {
	ledger_same, NULL, NULL, NULL, NULL, ledger_split, NULL
};

static void ledger_init(struct ledger *ledger)
{
	int i;

	range_list_init(&ledger->list, &ledger_ops);
	range_work_init(&ledger->work);
	for (i = 0; i < RECORDS; i++)
		range_give(&ledger->work, &ledger->records[i].pages);
}

/* Tell of what was taken out, if anybody wants to know; the records are free again. */
static void ledger_release(struct ledger *ledger, void (*removed)(u64 start, u64 end))
{
	struct range_node *node;

	while ((node = range_pop_taken(&ledger->work))) {
		if (removed)
			removed(node->start, node->end);
		range_give(&ledger->work, node);
	}
}

static int ledger_map(struct ledger *ledger, u64 start, u64 end, unsigned int access)
{
	struct range_node *node;
	int error;

	if (start < FIRST_PAGE || end > END_PAGE)
		return -EINVAL;
	node = range_pop_spare(&ledger->work);
	if (!node)
		return -ENOMEM;
	node->start = start;
	node->end = end;
	record_of(node)->access = access;
	error = range_set(&ledger->list, node, &ledger->work);
	if (error)
		range_give(&ledger->work, node);
	ledger_release(ledger, NULL);
	return error;
}

/* The caller is told of pages only when nothing can fail any more. */
static int ledger_unmap(struct ledger *ledger, u64 start, u64 end,
			void (*removed)(u64 start, u64 end))
{
	int error = range_remove(&ledger->list, start, end, &ledger->work);

	ledger_release(ledger, removed);
	return error;
}

static int ledger_find_free(const struct ledger *ledger, u64 pages, bool highest, u64 *found)
{
	struct range_query query = { pages, 1, 0, FIRST_PAGE, END_PAGE, highest };

	return range_find_gap(&ledger->list, &query, found);
}

static void say_removed(u64 start, u64 end)
{
	printf("  removed [%llu,%llu)\n", start, end);
}

static void show(const char *what, const struct ledger *ledger, int error)
{
	const struct range_node *node;

	printf("%s:%s", what, error == -ENOMEM ? " full," : error ? " refused," : "");
	for (node = range_first(&ledger->list); node; node = range_next(&ledger->list, node))
		printf(" [%llu,%llu)%u", node->start, node->end, record_of(node)->access);
	puts("");
}

int main(void)
{
	static struct ledger ledger;
	u64 found;

	ledger_init(&ledger);
	show("map", &ledger, ledger_map(&ledger, 4, 12, 6));
	show("outside", &ledger, ledger_map(&ledger, 30, 33, 6));
	show("join", &ledger, ledger_map(&ledger, 12, 16, 6));
	show("protect", &ledger, ledger_map(&ledger, 6, 8, 4));
	show("unmap", &ledger, ledger_unmap(&ledger, 7, 10, say_removed));
	show("apart", &ledger, ledger_map(&ledger, 20, 22, 5));
	show("cut", &ledger, ledger_unmap(&ledger, 11, 12, say_removed));
	show("again", &ledger, ledger_unmap(&ledger, 13, 14, say_removed));
	show("edge", &ledger, ledger_unmap(&ledger, 20, 22, say_removed));
	if (!ledger_find_free(&ledger, 3, false, &found))
		printf("lowest 3 pages: %llu\n", found);
	if (!ledger_find_free(&ledger, 3, true, &found))
		printf("highest 3 pages: %llu\n", found);
	return 0;
}
