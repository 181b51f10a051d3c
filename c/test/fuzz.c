// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Random writes, searches and walks against the model on a dense array.
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -DFUZZER -I.. fuzz.c -o fuzz && ./fuzz
 *	cc -O2 -I.. fuzz.c -o random && ./random FIRST LAST	one input for each seed
 */

#include <stdio.h>
#include <stdlib.h>

#include "model.h"

static struct model model;

#ifdef FUZZER

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *wrong = model_run(&model, data, size);

	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		abort();
	}
	return 0;
}

#else

#define BYTES 2000

/* SplitMix64. */
static u64 draw(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

int main(int argc, char **argv)
{
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	u64 last = argc > 2 ? strtoull(argv[2], NULL, 10) : seed + 999;
	unsigned char data[BYTES];
	int bad = 0;

	for (; seed <= last; seed++) {
		u64 state = seed;
		const char *wrong;
		int i;

		for (i = 0; i < BYTES; i++)
			data[i] = (unsigned char)draw(&state);
		wrong = model_run(&model, data, BYTES);
		if (wrong) {
			printf("seed %llu, %llu bytes before the end: %s\n",
			       (unsigned long long)seed, (unsigned long long)model.size, wrong);
			if (++bad == 10)
				break;
		}
	}
	return bad != 0;
}

#endif /* FUZZER */
