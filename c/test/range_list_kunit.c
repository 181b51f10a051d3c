// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * KUnit suite of range_list.h: the whiteboard's cases, and random writes, searches and walks
 * against a model on a dense array, on the kernel's own list and rbtree.
 */

#include <kunit/test.h>
#include <linux/prandom.h>

#include "model.h"
#include "whiteboard.h"

#define RUNS 300
#define BYTES 2000

static void range_list_whiteboard_title(const struct whiteboard_case *test, char *title)
{
	strscpy(title, test->title, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(range_list_whiteboard, whiteboard_cases, range_list_whiteboard_title);

static void range_list_whiteboard(struct kunit *test)
{
	const char *wrong = whiteboard_run(test->param_value);

	KUNIT_EXPECT_TRUE_MSG(test, !wrong, "%s", wrong);
}

static void range_list_random(struct kunit *test)
{
	struct model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	unsigned char *data = kunit_kzalloc(test, BYTES, GFP_KERNEL);
	struct rnd_state state;
	int seed;

	KUNIT_ASSERT_NOT_NULL(test, model);
	KUNIT_ASSERT_NOT_NULL(test, data);
	for (seed = 0; seed < RUNS; seed++) {
		const char *wrong;

		prandom_seed_state(&state, seed);
		prandom_bytes_state(&state, data, BYTES);
		wrong = model_run(model, data, BYTES);
		KUNIT_ASSERT_TRUE_MSG(test, !wrong, "seed %d, %zu bytes before the end: %s",
				      seed, model->size, wrong);
	}
}

static struct kunit_case range_list_cases[] = {
	KUNIT_CASE_PARAM(range_list_whiteboard, range_list_whiteboard_gen_params),
	KUNIT_CASE(range_list_random),
	{}
};

static struct kunit_suite range_list_suite = {
	.name = "range_list",
	.test_cases = range_list_cases,
};

kunit_test_suites(&range_list_suite);

MODULE_LICENSE("Dual MIT/GPL");
