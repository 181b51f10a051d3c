/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What numbers.c and peers.c share: a clock, keys in random order, and the form of a line. */

#ifndef RANGE_CLOCK_H
#define RANGE_CLOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static clock_t clock_started;

static void clock_start(void)
{
	clock_started = clock();
}

/* Processor time: what else runs on the machine counts less. */
static void clock_say(const char *what, size_t count)
{
	double seconds = (double)(clock() - clock_started) / CLOCKS_PER_SEC;

	printf("%s: %.1f ms, %.0f ns each\n", what, seconds * 1e3, seconds * 1e9 / (double)count);
}

/* 0 to count - 1 in random order. */
static size_t *clock_shuffled(size_t count)
{
	size_t *order = (size_t *)malloc(count * sizeof(*order)), i;
	unsigned long long state = 1;

	if (!order)
		abort();
	for (i = 0; i < count; i++) {
		size_t j;

		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		j = (size_t)((state >> 20) % (i + 1));
		order[i] = order[j];
		order[j] = i;
	}
	return order;
}

static void clock_insist(int fact, const char *what)
{
	if (fact)
		return;
	fprintf(stderr, "not so: %s\n", what);
	exit(1);
}

#endif /* RANGE_CLOCK_H */
