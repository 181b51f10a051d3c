// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The adapter between range_list.h and the oracle: JSON lines in, JSON lines out.
 *
 *	cc -O2 adapter.c -o adapter
 *	python -m rangelist.oracle run --cmd ./adapter
 *
 * The lines are flat objects whose strings need not be decoded: a value is kept as it was
 * written.  Keys are signed on the wire and unsigned in the list, so half the space is added.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "range_list.h"

#define TEXT 8192
#define CURSORS 64
#define HALF (U64_MAX / 2 + 1)

struct piece {
	struct range_node range;
	char *value;
};

struct slot {
	char name[64];
	char *value;	/* of what was delivered last; NULL: not known */
	bool coverage, sticky, over;
	struct range_cursor at;
};

enum mode { FIRST, SECOND, JOIN, MARK, REFUSE };

static struct range_list list;
static struct range_work work;
static enum mode merging, splitting, overlapping;
static struct slot slots[CURSORS];
static size_t used;
static char line[2 * TEXT];

/* ---- values and hooks ------------------------------------------------------------------------ */

static char *text(const char *left, const char *right)
{
	char *made = (char *)malloc(strlen(left) + strlen(right) + 1);

	if (!made)
		abort();
	strcpy(made, left);
	return strcat(made, right);
}

static struct piece *piece_of(const struct range_node *node)
{
	return container_of(node, struct piece, range);
}

static const char *value_of(const struct range_node *node)
{
	return piece_of(node)->value;
}

static void put_value(struct range_node *node, char *value)
{
	free(piece_of(node)->value);
	piece_of(node)->value = value;
}

static bool equal(struct range_list *rl, const struct range_node *left,
		  const struct range_node *right)
{
	(void)rl;
	return !strcmp(value_of(left), value_of(right));
}

static bool always(struct range_list *rl, const struct range_node *left,
		   const struct range_node *right)
{
	(void)rl;
	return left && right;
}

static int can_split(struct range_list *rl, const struct range_node *node, u64 at)
{
	(void)rl;
	(void)at;
	return splitting == REFUSE && value_of(node)[0] == '!' ? -EPERM : 0;
}

static int can_overlap(struct range_list *rl, const struct range_node *old,
		       const struct range_node *fresh)
{
	(void)rl;
	(void)fresh;
	return overlapping == REFUSE && value_of(old)[0] == '!' ? -EPERM : 0;
}

static void merge(struct range_list *rl, struct range_node *keep, struct range_node *gone)
{
	bool right = keep->start < gone->start;
	const char *first = value_of(right ? keep : gone);
	const char *second = value_of(right ? gone : keep);

	(void)rl;
	put_value(keep, text(merging == SECOND ? "" : first, merging == FIRST ? "" : second));
}

static void split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	bool right = node->start < spare->start, mark = splitting == MARK;

	(void)rl;
	put_value(spare, text(value_of(node), !mark ? "" : right ? ">" : "<"));
	put_value(node, text(value_of(node), !mark ? "" : right ? "<" : ">"));
}

/* Does a read of this part of a node cut it, and is that refused? */
static bool clip_refused(const struct range_node *node, u64 first, u64 last)
{
	return (node->start < first || range_last_key(node) > last) && can_split(&list, node, 0);
}

/* The value of this part, as split() would make it. */
static char *clipped(const struct range_node *node, u64 first, u64 last)
{
	bool mark = splitting == MARK;
	char *value = text(value_of(node), mark && node->start < first ? ">" : "");
	char *made = text(value, mark && range_last_key(node) > last ? "<" : "");

	free(value);
	return made;
}

static void overlap(struct range_list *rl, struct range_node *old, struct range_node *fresh)
{
	bool join = overlapping == JOIN, keep = overlapping == FIRST;

	(void)rl;
	put_value(old, text(join || keep ? value_of(old) : "", keep ? "" : value_of(fresh)));
}

static struct range_ops hooks = {
	equal, NULL, can_split, can_overlap, merge, split, overlap
};

/* ---- nodes ----------------------------------------------------------------------------------- */

static struct range_node *make(void *context)
{
	struct piece *piece = (struct piece *)calloc(1, sizeof(*piece));

	(void)context;
	return piece ? &piece->range : NULL;
}

static void drop(struct range_node *node)
{
	put_value(node, NULL);
	free(piece_of(node));
}

static struct range_node *fresh(u64 start, u64 stop, const char *value)
{
	struct range_node *node = make(NULL);

	if (!node)
		abort();
	node->start = start;
	node->RANGE_STOP = stop - 1 + RANGE_BEYOND;
	put_value(node, text(value, ""));
	return node;
}

static void lend(u64 need)
{
	if (range_prealloc(&work, need, make, NULL))
		abort();
}

static u64 drop_taken(void)
{
	struct range_node *node;
	u64 count = 0;

	for (; (node = range_pop_taken(&work)); count++)
		drop(node);
	while ((node = range_pop_spare(&work)))
		drop(node);
	return count;
}

static void clear(void)
{
	struct range_node *node;

	while ((node = range_first(&list))) {
		range_delete(&list, node);
		drop(node);
	}
}

/* ---- reading a line -------------------------------------------------------------------------- */

/* Copy the text of a field; false if it is missing.  A string loses its quotes only. */
static bool field(const char *name, char *out)
{
	char wanted[80];
	const char *at;
	size_t n = 0;

	snprintf(wanted, sizeof(wanted), "\"%s\":", name);
	for (at = line; (at = strstr(at, wanted)); at += strlen(wanted))
		if (at[-1] == '{' || at[-1] == ',')
			break;
	if (!at)
		return false;
	at += strlen(wanted);
	if (*at != '"') {
		while (at[n] && at[n] != ',' && at[n] != '}')
			n++;
	} else {
		for (at++; at[n] && at[n] != '"'; n++)
			if (at[n] == '\\')
				n++;
	}
	if (n >= TEXT)
		n = TEXT - 1;
	memcpy(out, at, n);
	out[n] = 0;
	return true;
}

static bool is(const char *name, const char *wanted)
{
	char out[TEXT];

	return field(name, out) && !strcmp(out, wanted);
}

/* Read a whole number; false if it is missing.  *big is set if it is beyond 64 bits. */
static bool number(const char *name, u64 *out, bool *big)
{
	char digits[TEXT];

	if (!field(name, digits))
		return false;
	errno = 0;
	*out = (u64)strtoll(digits, NULL, 10);
	*big |= errno != 0;
	return true;
}

static bool key(const char *name, u64 *out)
{
	bool big = false;

	if (!number(name, out, &big))
		return false;
	*out += HALF;
	return true;
}

/* Is any key too big for us? */
static bool fits(void)
{
	static const char *const names[] = {
		"start", "stop", "at", "key", "left", "right", "size", "align", "offset"
	};
	bool big = false;
	size_t i;
	u64 out;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		number(names[i], &out, &big);
	return !big;
}

/* ---- writing a reply ------------------------------------------------------------------------- */

static void print_key(u64 at)
{
	printf("\"%lld\"", (long long)(at - HALF));
}

static void print_piece(u64 start, u64 stop, const char *value)
{
	printf("[");
	print_key(start);
	printf(",");
	print_key(stop);
	if (value)
		printf(",\"%s\"", value);
	printf("]");
}

static void print_node(const struct range_node *node)
{
	if (node)
		print_piece(node->start, range_last_key(node) + 1, value_of(node));
	else
		printf("null");
}

static void print_part(const struct range_node *node, u64 first, u64 last)
{
	char *value = clipped(node, first, last);

	print_piece(first, last + 1, value);
	free(value);
}

static void ok_node(const struct range_node *node)
{
	printf("{\"ok\":");
	print_node(node);
	puts("}");
}

static void ok_number(u64 count)
{
	printf("{\"ok\":%llu}\n", (unsigned long long)count);
}

static void ok_list(void)
{
	printf("{\"ok\":[");
}

static void end_list(void)
{
	puts("]}");
}

static void say_ok(void)
{
	puts("{\"ok\":null}");
}

static void say_error(const char *name)
{
	printf("{\"err\":\"%s\"}\n", name);
}

static void print_error(int error)
{
	say_error(error == -EINVAL ? "EmptySpan" : error == -EEXIST ? "Overlap" : "Refused");
}

/* ---- windows: an open end is that of the list ------------------------------------------------ */

enum window { SOME, NOTHING, WRONG };

static enum window window(u64 *start, u64 *stop, bool read)
{
	bool low = key("start", start), high = key("stop", stop);

	if (low && high && (*stop < *start || (*stop == *start && !read)))
		return WRONG;
	if ((!low || !high) && !range_first(&list))
		return NOTHING;
	if (!low)
		*start = range_first(&list)->start;
	if (!high)
		*stop = range_last_key(range_last(&list)) + 1;
	return *start < *stop ? SOME : NOTHING;
}

/* ---- cursors --------------------------------------------------------------------------------- */

static struct slot *slot_of(const char *name, bool create)
{
	size_t i;

	for (i = 0; i < used; i++)
		if (!strcmp(slots[i].name, name))
			return &slots[i];
	if (!create || used == CURSORS)
		return NULL;
	snprintf(slots[used].name, sizeof(slots[used].name), "%s", name);
	return &slots[used++];
}

static void remember(struct slot *slot, const char *value)
{
	free(slot->value);
	slot->value = value ? text(value, "") : NULL;
}

static void make_cursor(struct slot *slot)
{
	u64 low = 0, high = U64_MAX;
	bool from = key("start", &low), to = key("stop", &high);
	bool reverse = is("reverse", "true"), fixed = is("horizon", "fixed");
	const struct range_node *end = reverse ? range_first(&list) : range_last(&list);

	if (from && to && high < low) {
		say_error("EmptySpan");
		return;
	}
	if (fixed && end && reverse && low < end->start)
		low = end->start;
	if (fixed && end && !reverse && high > range_last_key(end) + 1) {
		high = range_last_key(end) + 1;
		to = true;
	}
	if (to && high <= low)
		range_cursor_init(&slot->at, &list, 1, 0, reverse);
	else
		range_cursor_init(&slot->at, &list, low, to ? high - 1 + RANGE_BEYOND : U64_MAX,
				  reverse);
	slot->coverage = is("walk", "C");
	slot->sticky = slot->coverage || fixed || is("sticky", "true");
	slot->over = fixed && !end;
	remember(slot, NULL);
	say_ok();
}

/* Print the next piece of a walk; false at its end. */
static bool step(struct slot *slot, bool back, const char *before)
{
	struct range_cursor *at = &slot->at;
	struct range_node *node = NULL;

	if (!slot->over)
		node = slot->coverage ? range_cursor_sweep(at) :
		       back ? range_cursor_prev(at) : range_cursor_next(at);
	if (!node) {
		slot->over = slot->sticky;
		return false;
	}
	fputs(before, stdout);
	if (slot->coverage) {
		print_part(node, at->first, at->last);
	} else {
		remember(slot, value_of(node));
		print_node(node);
	}
	return true;
}

/* Would the next step of a sweep, or any of all, be refused?  Then stand before that one. */
static bool sweep_refused(struct slot *slot, bool all)
{
	struct range_cursor ahead = slot->at;
	struct range_node *node;

	if (!slot->coverage || slot->over)
		return false;
	do {
		struct range_cursor before = ahead;

		node = range_cursor_sweep(&ahead);
		if (node && clip_refused(node, ahead.first, ahead.last)) {
			slot->at = before;
			return true;
		}
	} while (node && all);
	return false;
}

static void current(struct slot *slot)
{
	struct range_cursor *at = &slot->at;
	struct range_node *node = range_cursor_current(at);
	const char *comma = "";

	printf("{\"ok\":[");
	print_node(node);
	printf(",[");
	if (!node) {
		printf("\"gone\"");
	} else {
		u64 first = node->start, last = range_last_key(node);

		if ((first < at->low ? at->low : first) != at->first) {
			printf("\"moved-left-edge\"");
			comma = ",";
		}
		if ((last > at->high ? at->high : last) != at->last) {
			printf("%s\"moved-right-edge\"", comma);
			comma = ",";
		}
		if (slot->value && strcmp(value_of(node), slot->value))
			printf("%s\"new-value\"", comma);
	}
	puts("]]}");
}

static void fork_cursor(const struct slot *slot)
{
	char name[TEXT];
	struct slot *made;

	field("to", name);
	made = slot_of(name, true);
	made->coverage = slot->coverage;
	made->sticky = slot->sticky;
	made->over = slot->over;
	made->at = slot->at;
	remember(made, NULL);
	say_ok();
}

static void cursor_op(const char *op, const char *name)
{
	struct slot *slot = slot_of(name, !strcmp(op, "cursor"));
	const char *comma = "";
	u64 at = 0;

	if (!slot) {
		say_error("NoCursor");
	} else if (!strcmp(op, "cursor")) {
		make_cursor(slot);
	} else if (sweep_refused(slot, !strcmp(op, "drain"))) {
		say_error("Refused");
	} else if (!strcmp(op, "drain")) {
		for (ok_list(); step(slot, false, comma); comma = ",")
			;
		end_list();
	} else if (slot->sticky && strcmp(op, "next")) {
		say_error("OneWay");
	} else if (!strcmp(op, "current")) {
		current(slot);
	} else if (!strcmp(op, "reset")) {
		range_cursor_reset(&slot->at);
		say_ok();
	} else if (!strcmp(op, "seek")) {
		key("key", &at);
		range_cursor_seek(&slot->at, at);
		say_ok();
	} else if (!strcmp(op, "fork")) {
		fork_cursor(slot);
	} else {
		puts(step(slot, !strcmp(op, "prev"), "{\"ok\":") ? "}" : "{\"ok\":null}");
	}
}

/* ---- writes ---------------------------------------------------------------------------------- */

/*
 * Where sameness is equality of values and nothing else is asked, an equal value inside a node is
 * not written.  The header knows no values, so that is for the user to say.
 */
static bool says_nothing_new(const struct range_node *node)
{
	struct range_node *whole = range_at(&list, node->start);

	return hooks.same == equal && merging == FIRST && splitting == FIRST && whole &&
	       range_span_ok(node->start, node->RANGE_STOP) &&
	       range_last_key(node) <= range_last_key(whole) && equal(&list, whole, node);
}

static void put_op(const char *op)
{
	char value[TEXT] = "";
	struct range_node *node;
	u64 start = 0, stop = 0;
	int error;

	field("value", value);
	key("start", &start);
	key("stop", &stop);
	if (!stop) {	/* nothing is below the lowest key */
		say_error("EmptySpan");
		return;
	}
	node = fresh(start, stop, value);
	if (!strcmp(op, "set") && says_nothing_new(node)) {
		ok_node(range_at(&list, start));
		drop(node);
		return;
	}
	if (!strcmp(op, "set")) {
		lend(RANGE_SPARES);
		error = range_set(&list, node, &work);
	} else if (!strcmp(op, "insert")) {
		error = range_insert(&list, node, &work);
	} else if (!strcmp(op, "fill")) {
		lend(range_count_fill(&list, start, node->RANGE_STOP));
		error = range_fill(&list, node, &work);
	} else {
		lend(range_count_add(&list, start, node->RANGE_STOP));
		error = range_add(&list, node, &work);
	}
	if (error) {
		print_error(error);
		drop(node);
	} else if (!strcmp(op, "set") || !strcmp(op, "insert")) {
		ok_node(work.node);
	} else {
		ok_number(work.count);
	}
}

static bool joining;

static void change(struct range_node *node, void *context)
{
	put_value(node, text(joining ? value_of(node) : "", (const char *)context));
}

static void update(void)
{
	char value[TEXT] = "";
	struct range_gap gap;
	u64 start, stop;
	enum window all = window(&start, &stop, false);
	int error;

	field("value", value);
	joining = is("fn", "join");
	if (all != SOME) {
		puts(all == WRONG ? "{\"err\":\"EmptySpan\"}" : "{\"ok\":0}");
		return;
	}
	stop -= 1 - RANGE_BEYOND;
	if (is("gaps", "raise") && range_first_gap(&list, start, stop, &gap)) {
		say_error("Gap");
		return;
	}
	lend(RANGE_SPARES);
	if (is("fn", "drop"))
		error = range_remove(&list, start, stop, &work);
	else
		error = range_update(&list, start, stop, change, value, &work);
	if (error)
		print_error(error);
	else
		ok_number(work.count);
}

static void remove_op(void)
{
	struct range_node *node;
	const char *comma = "";
	u64 start, stop;
	enum window all = window(&start, &stop, false);
	int error = 0;

	lend(RANGE_SPARES);
	if (all == SOME)
		error = range_remove(&list, start, stop - 1 + RANGE_BEYOND, &work);
	if (all == WRONG || error) {
		print_error(error ? error : -EINVAL);
		return;
	}
	for (ok_list(); (node = range_pop_taken(&work)); comma = ",") {
		fputs(comma, stdout);
		print_node(node);
		drop(node);
	}
	end_list();
}

static void coalesce(void)
{
	u64 start, stop;
	enum window all = window(&start, &stop, true);

	if (all == WRONG) {
		say_error("EmptySpan");
	} else if (all == SOME || (key("start", &start) && key("stop", &stop) && start == stop)) {
		range_coalesce(&list, start, stop - 1 + RANGE_BEYOND, &work);
		ok_number(work.count);
	} else {
		ok_number(0);
	}
}

static void merge_op(void)
{
	char value[TEXT];
	struct range_node *left, *right;
	bool keep = is("keep", "right");
	u64 low = 0, high = 0;

	key("left", &low);
	key("right", &high);
	left = range_at(&list, low);
	right = range_at(&list, high);
	if (!left || !right) {
		say_error("Missing");
	} else if (left == right || left->start > right->start ||
		   range_merge(&list, keep ? right : left, keep ? left : right, &work)) {
		say_error("NotTouching");
	} else {
		if (field("value", value))
			put_value(work.node, text(value, ""));
		ok_node(work.node);
	}
}

static void resize(struct range_node *node)
{
	u64 start = node->start, stop = range_last_key(node) + 1;
	int error;

	key("start", &start);
	key("stop", &stop);
	lend(RANGE_SPARES);
	error = !stop ? -EINVAL :
		range_resize(&list, node, start, stop - 1 + RANGE_BEYOND, &work);
	if (error)
		print_error(error);
	else
		ok_node(work.node);
}

static void node_op(const char *op)
{
	char value[TEXT] = "";
	struct range_node *node;
	u64 at = 0;
	int error;

	key("at", &at);
	node = range_at(&list, at);
	if (!strcmp(op, "split")) {
		lend(1);
		error = is("keep", "right") ? range_split_below(&list, at, &work) :
					      range_split(&list, at, &work);
		if (error)
			print_error(error);
		else
			ok_node(work.node);
	} else if (!node) {
		say_error("Missing");
	} else if (!strcmp(op, "replace")) {
		field("value", value);
		put_value(node, text(value, ""));
		range_changed(&list, node, &work);
		ok_node(work.node);
	} else if (!strcmp(op, "resize")) {
		resize(node);
	} else {
		ok_node(node);
		range_delete(&list, node);
		drop(node);
	}
}

/* ---- reads ----------------------------------------------------------------------------------- */

static void print_gap(const struct range_gap *gap)
{
	print_piece(gap->start, gap->RANGE_STOP + 1 - RANGE_BEYOND, NULL);
}

static void locate(u64 at)
{
	struct range_node *below = range_floor(&list, at);
	struct range_node *above = below ? range_next(&list, below) : range_first(&list);

	if (range_at(&list, at)) {
		ok_node(below);
		return;
	}
	printf("{\"ok\":[");
	if (below)
		print_key(range_last_key(below) + 1);
	else
		printf("null");
	printf(",");
	if (above)
		print_key(above->start);
	else
		printf("null");
	end_list();
}

static void gap_op(u64 start, u64 stop, bool search)
{
	struct range_query query = { 0, 1, 0, 0, 0, false };
	u64 found;
	struct range_gap gap;
	const char *comma = "";
	bool ignored = false;

	if (!search) {
		bool more = range_first_gap(&list, start, stop, &gap);

		for (ok_list(); more; more = range_next_gap(&list, stop, &gap)) {
			fputs(comma, stdout);
			print_gap(&gap);
			comma = ",";
		}
		end_list();
		return;
	}
	number("size", &query.size, &ignored);
	number("align", &query.align, &ignored);
	key("offset", &query.offset);
	if (!is("offset", "0") && query.offset == 0)
		query.offset = HALF;
	query.start = start;
	query.RANGE_STOP = stop;
	query.highest = is("fit", "last");
	if (range_find_gap(&list, &query, &found)) {
		say_ok();
	} else {
		printf("{\"ok\":");
		print_piece(found, found + query.size, NULL);
		puts("}");
	}
}

/* The parts of nodes in a window, and the gaps between them if they are asked for. */
static void tiles(u64 start, u64 stop, bool gaps)
{
	struct range_node *node = range_iter_first(&list, start, stop);
	struct range_node *high = range_at(&list, stop - RANGE_BEYOND);
	u64 end = stop + 1 - RANGE_BEYOND, last;
	const char *comma = "";

	if ((node && clip_refused(node, start, U64_MAX)) ||
	    (high && clip_refused(high, 0, end - 1))) {
		say_error("Refused");
		return;
	}
	for (ok_list(); start < end; start = last) {
		bool gap = !node || node->start > start;

		if (!gap)
			last = range_last_key(node) < end ? range_last_key(node) + 1 : end;
		else
			last = node ? node->start : end;
		if (gap && !gaps)
			continue;
		fputs(comma, stdout);
		comma = ",";
		if (gap) {
			print_piece(start, last, NULL);
		} else {
			print_part(node, start, last - 1);
			node = range_iter_next(&list, node, stop);
		}
	}
	end_list();
}

static void print_overlapping(u64 start, u64 stop)
{
	struct range_node *node = range_iter_first(&list, start, stop);
	const char *comma = "";

	for (ok_list(); node; node = range_iter_next(&list, node, stop), comma = ",") {
		fputs(comma, stdout);
		print_node(node);
	}
	end_list();
}

static void window_op(const char *op)
{
	struct range_gap gap;
	u64 start = 0, stop = 0, size = 1;
	enum window all = window(&start, &stop, true);
	bool ignored = false;

	number("size", &size, &ignored);
	if (!strcmp(op, "find_gap") && (size == 0 || size >= HALF)) {
		say_error("EmptySpan");
		return;
	}
	if (all == WRONG) {
		say_error("EmptySpan");
		return;
	}
	stop -= 1 - RANGE_BEYOND;
	if (!strcmp(op, "covers"))
		puts(all == SOME && range_first_gap(&list, start, stop, &gap) ?
		     "{\"ok\":false}" : "{\"ok\":true}");
	else if (all == NOTHING)
		puts(!strcmp(op, "find_gap") ? "{\"ok\":null}" : "{\"ok\":[]}");
	else if (!strcmp(op, "overlapping"))
		print_overlapping(start, stop);
	else if (!strcmp(op, "tiles") || !strcmp(op, "slice"))
		tiles(start, stop, op[0] == 't');
	else
		gap_op(start, stop, !strcmp(op, "find_gap"));
}

static void key_op(const char *op)
{
	struct range_node *node, *below;
	u64 at = 0;

	key("key", &at);
	if (!strcmp(op, "len")) {
		ok_number(list.count);
	} else if (!strcmp(op, "dump")) {
		print_overlapping(0, U64_MAX);
	} else if (!strcmp(op, "locate")) {
		locate(at);
	} else {
		below = at ? range_floor(&list, at - 1) : NULL;
		node = range_at(&list, at);
		if (!strcmp(op, "first"))
			node = range_first(&list);
		else if (!strcmp(op, "last"))
			node = range_last(&list);
		else if (!strcmp(op, "floor"))
			node = range_floor(&list, at);
		else if (!strcmp(op, "lower"))
			node = below;
		else if (!strcmp(op, "ceiling"))
			node = range_behind(&list, below);
		else if (!strcmp(op, "higher"))
			node = range_behind(&list, range_floor(&list, at));
		ok_node(node);
	}
}

/* ---- the dialogue ---------------------------------------------------------------------------- */

static const char *const groups[] = {
	"set insert fill add ",
	"split replace resize discard ",
	"dump len at locate first last floor ceiling lower higher ",
	"overlapping gaps tiles slice covers find_gap ",
	"cursor next prev drain current seek reset fork ",
	"update ", "remove ", "coalesce ", "merge ", "clear ",
	"fn=join fn=drop gaps=raise fit=first fit=last keep=right walk=E walk=C ",
	"reverse window sticky resumable horizon=fixed key=int64 ",
	"coalesce=equal coalesce=never coalesce=always merge=left merge=right merge=join ",
	"split=copy split=mark split=refuse ",
	"overlap=new overlap=old overlap=join overlap=refuse",
};

static size_t group_of(const char *op)
{
	char wanted[TEXT + 2];
	size_t i;

	snprintf(wanted, sizeof(wanted), "%s ", op);
	for (i = 0; i < 10; i++) {
		const char *at = strstr(groups[i], wanted);

		if (at && (at == groups[i] || at[-1] == ' '))
			return i;
	}
	return 10;
}

static void hello(void)
{
	const char *at;
	size_t i;

	printf("{\"ok\":{\"name\":\"range_list.h\",\"version\":\"2\",\"capabilities\":[\"");
	for (i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		for (at = groups[i]; *at; at++) {
			if (*at == ' ')
				printf("\",\"");
			else
				putchar(*at);
		}
	puts("\"]}}");
}

static void header(void)
{
	clear();
	while (used)
		remember(&slots[--used], NULL);
	hooks.same = is("coalesce", "never") ? NULL : is("coalesce", "always") ? always : equal;
	merging = is("merge", "right") ? SECOND : is("merge", "join") ? JOIN : FIRST;
	splitting = is("split", "mark") ? MARK : is("split", "refuse") ? REFUSE : FIRST;
	overlapping = is("overlap", "old") ? FIRST : is("overlap", "join") ? JOIN :
		      is("overlap", "refuse") ? REFUSE : SECOND;
	say_ok();
}

static void answer(const char *op)
{
	char name[TEXT];

	switch (group_of(op)) {
	case 0:
		put_op(op);
		break;
	case 1:
		node_op(op);
		break;
	case 2:
		key_op(op);
		break;
	case 3:
		window_op(op);
		break;
	case 4:
		field("c", name);
		cursor_op(op, name);
		break;
	case 5:
		update();
		break;
	case 6:
		remove_op();
		break;
	case 7:
		coalesce();
		break;
	case 8:
		merge_op();
		break;
	case 9:
		clear();
		say_ok();
		break;
	default:
		printf("{\"skip\":\"no %s\"}\n", op);
	}
	drop_taken();
	if (!range_check(&list))
		abort();
}

int main(void)
{
	char op[TEXT];

	range_list_init(&list, &hooks);
	range_work_init(&work);
	while (fgets(line, sizeof(line), stdin)) {
		if (!field("op", op))
			header();
		else if (!strcmp(op, "start"))
			hello();
		else if (!strcmp(op, "stop"))
			break;
		else if (!fits())
			puts("{\"skip\":\"beyond 64 bits\"}");
		else
			answer(op);
		fflush(stdout);
	}
	clear();
	while (used)
		remember(&slots[--used], NULL);
	say_ok();
	return 0;
}
