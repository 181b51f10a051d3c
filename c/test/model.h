/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A model of range_list.h on a dense array, and random writes, searches and walks on both.
 *
 * The model has 64 keys, at one end of the key space or the other.  Each cell knows which node
 * covers it and what its data are there.  Nothing of the header is used to find out what is right.
 * What the bytes of an input mean is decided by model_run(): a fuzzer, a random test in user space
 * and one in a kernel all call that.
 */

#ifndef RANGE_MODEL_H
#define RANGE_MODEL_H

#include "range_list.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define MODEL_KEYS 64
#define MODEL_NODES 200
#define MODEL_CURSORS 6
#define MODEL_REFUSED (-EPERM)

/* Tags: 1 and 2 are plain, 3 is not deleted by a merge, 4 is not cut or added to at odd keys. */
enum { MODEL_PINNED = 3, MODEL_STIFF = 4, MODEL_TAGS = 4 };

struct model_item {
	struct range_node range;
	int tag;
	u64 offset;	/* of the first key; goes up by one a key, so that a cut has to mend it */
	int owner;	/* of the model; 0: not known yet */
};

struct model_cell {
	int owner;	/* 0: the key is free */
	int tag;
	u64 offset;
};

struct model_walk {
	struct range_cursor cursor;
	int low, high;		/* the window */
	bool sweep, placed, up;
	int first, last;	/* delivered last */
};

struct model {
	struct range_list rl;
	struct range_work work;
	struct range_work pool;		/* its spares are the nodes that are nowhere else */
	struct model_item items[MODEL_NODES];
	struct model_cell cells[MODEL_KEYS], before[MODEL_KEYS];
	struct model_walk walks[MODEL_CURSORS];
	u64 base;		/* the key of cell 0 */
	int owners;		/* so many were made */
	int fresh;		/* those above were made by this write */
	int low, high;		/* what this write has written */
	const unsigned char *data;
	size_t size;
};

/* ---- the hooks under test -------------------------------------------------------------------- */

static inline struct model_item *model_of(const struct range_node *node)
{
	return container_of(node, struct model_item, range);
}

static bool model_same(struct range_list *rl, const struct range_node *left,
		       const struct range_node *right)
{
	const struct model_item *a = model_of(left), *b = model_of(right);

	return a->tag == b->tag && a->offset + (right->start - left->start) == b->offset;
}

static bool model_can_delete(struct range_list *rl, const struct range_node *node)
{
	return model_of(node)->tag != MODEL_PINNED;
}

static int model_can_split(struct range_list *rl, const struct range_node *node, u64 at)
{
	return model_of(node)->tag == MODEL_STIFF && at % 2 ? MODEL_REFUSED : 0;
}

static int model_can_overlap(struct range_list *rl, const struct range_node *old,
			     const struct range_node *fresh)
{
	return model_of(old)->tag == MODEL_STIFF && model_of(fresh)->tag == 1 ? MODEL_REFUSED : 0;
}

static void model_merge(struct range_list *rl, struct range_node *keep, struct range_node *gone)
{
	if (gone->start < keep->start)
		model_of(keep)->offset = model_of(gone)->offset;
}

static void model_split(struct range_list *rl, struct range_node *node, struct range_node *spare)
{
	struct model_item *a = model_of(node), *b = model_of(spare);

	b->tag = a->tag;
	b->owner = 0;
	b->offset = a->offset;
	if (node->start < spare->start)
		b->offset += spare->start - node->start;
	else
		a->offset += node->start - spare->start;
}

static void model_overlap(struct range_list *rl, struct range_node *old, struct range_node *fresh)
{
	if (model_of(fresh)->tag > model_of(old)->tag)
		model_of(old)->tag = model_of(fresh)->tag;
}

static void model_change(struct range_node *piece, void *tag)
{
	model_of(piece)->tag = *(int *)tag;
}

static const struct range_ops model_ops = {
	model_same, model_can_delete, model_can_split, model_can_overlap,
	model_merge, model_split, model_overlap
};

/* With @fresh taking the place of @old. */
static const struct range_ops model_ops_replacing = {
	model_same, model_can_delete, model_can_split, model_can_overlap,
	model_merge, model_split, NULL
};

/* ---- the same on cells ----------------------------------------------------------------------- */

/* Does a border between at - 1 and at cut a node? */
static inline bool model_cuts(const struct model *m, int at)
{
	return at > 0 && at < MODEL_KEYS && m->cells[at].owner &&
	       m->cells[at - 1].owner == m->cells[at].owner;
}

static inline bool model_odd(const struct model *m, int at)
{
	return (m->base + (u64)at) % 2;
}

/* Does such a cut refuse? */
static inline bool model_refuses(const struct model *m, int at)
{
	return model_cuts(m, at) && m->cells[at].tag == MODEL_STIFF && model_odd(m, at);
}

static inline int model_first_of(const struct model *m, int at)
{
	while (model_cuts(m, at))
		at--;
	return at;
}

static inline int model_last_of(const struct model *m, int at)
{
	while (model_cuts(m, at + 1))
		at++;
	return at;
}

static inline void model_own(struct model *m, int from, int to, int owner)
{
	for (; from <= to; from++)
		m->cells[from].owner = owner;
}

static inline void model_paint(struct model *m, int from, int to, int owner, int tag, u64 offset)
{
	for (; from <= to; from++) {
		m->cells[from].owner = owner;
		m->cells[from].tag = tag;
		m->cells[from].offset = offset++;
	}
}

static inline void model_wipe(struct model *m, int from, int to)
{
	for (; from <= to; from++) {
		m->cells[from].owner = 0;
		m->cells[from].tag = 0;
	}
}

/* What lies inside [low, high] and is only a part of a node gets an owner of its own. */
static inline void model_cut(struct model *m, int low, int high)
{
	if (model_cuts(m, low)) {
		int last = model_last_of(m, low);

		if (last > high)	/* and so does the part behind */
			model_own(m, high + 1, last, ++m->owners);
		model_own(m, low, last < high ? last : high, ++m->owners);
	}
	if (model_cuts(m, high + 1))
		model_own(m, model_first_of(m, high), high, ++m->owners);
}

static inline int model_rank(const struct model *m, int at)
{
	if (m->cells[at].owner > m->fresh)
		return 0;
	return model_first_of(m, at) >= m->low && model_last_of(m, at) <= m->high ? 1 : 2;
}

/* Look at the border below the key @at; return whether it is gone. */
static inline bool model_look(struct model *m, int at)
{
	int keep = at - 1, gone = at;

	if (at <= 0 || at >= MODEL_KEYS || model_cuts(m, at))
		return false;
	if (!m->cells[at - 1].owner || !m->cells[at].owner)
		return false;
	if (m->cells[at - 1].tag != m->cells[at].tag ||
	    m->cells[at - 1].offset + 1 != m->cells[at].offset)
		return false;
	if (model_rank(m, at - 1) < model_rank(m, at)) {
		keep = at;
		gone = at - 1;
	}
	if (m->cells[gone].owner <= m->fresh && m->cells[gone].tag == MODEL_PINNED)
		return false;
	model_own(m, model_first_of(m, gone), model_last_of(m, gone), m->cells[keep].owner);
	return true;
}

/* Look at all borders of what was written to [low, high]; return how many are gone. */
static inline u64 model_look_around(struct model *m, int low, int high)
{
	u64 merges = 0;
	int at;

	for (at = low; at <= high + 1; at++)
		merges += model_look(m, at);
	return merges;
}

/* ---- reading the input ----------------------------------------------------------------------- */

static inline int model_byte(struct model *m)
{
	if (!m->size)
		return 0;
	m->size--;
	return *m->data++;
}

static inline int model_key(struct model *m)
{
	return model_byte(m) % MODEL_KEYS;
}

/* Most spans are short. */
static inline void model_span(struct model *m, int *low, int *high)
{
	int length = model_byte(m);

	*low = model_key(m);
	*high = *low + (length & 128 ? length % MODEL_KEYS : length % 8);
	if (*high >= MODEL_KEYS)
		*high = MODEL_KEYS - 1;
}

static inline u64 model_stop(const struct model *m, int high)
{
	return m->base + (u64)high + RANGE_BEYOND;
}

/* ---- list and cells side by side ------------------------------------------------------------- */

/* Lend exactly so many nodes. */
static inline void model_lend(struct model *m, u64 need)
{
	while (m->work.nr_spares < need)
		range_give(&m->work, range_pop_spare(&m->pool));
}

/* Put what a write gave back among the free nodes. */
static inline void model_collect(struct model *m)
{
	struct range_node *node;

	while ((node = range_pop_taken(&m->work)) || (node = range_pop_spare(&m->work))) {
		model_of(node)->owner = 0;
		range_give(&m->pool, node);
	}
}

/* Return what is wrong with one node, or NULL; @at is the first cell of it. */
static inline const char *model_compare_node(struct model *m, struct range_node *node, int at)
{
	struct model_item *item = model_of(node);
	struct model_cell *cell = &m->cells[at];

	if (node->start != m->base + (u64)at)
		return "a node starts elsewhere";
	if (range_last_key(node) != m->base + (u64)model_last_of(m, at))
		return "a node ends elsewhere";
	if (item->tag != cell->tag || item->offset != cell->offset)
		return "a node has other data";
	if (!item->owner || item->owner > m->fresh)
		item->owner = cell->owner;
	return item->owner == cell->owner ? NULL : "another node has survived";
}

/* Return what is wrong, or NULL. */
static inline const char *model_compare(struct model *m)
{
	struct range_node *node = range_first(&m->rl);
	const char *wrong;
	int at;

	model_collect(m);
	for (at = 0; at < MODEL_KEYS; at++) {
		if (!m->cells[at].owner)
			continue;
		if (!node)
			return "a node is missing";
		wrong = model_compare_node(m, node, at);
		if (wrong)
			return wrong;
		at = model_last_of(m, at);
		node = range_next(&m->rl, node);
	}
	if (node)
		return "there is one node too many";
	if (m->pool.nr_spares + m->rl.count != MODEL_NODES)
		return "a node was lost";
	return range_check(&m->rl) ? NULL : "list and tree are not in order";
}

/* ---- writes ---------------------------------------------------------------------------------- */

/* Lend what a write needs, now and then one less; return the error that is right. */
static inline int model_expect(struct model *m, u64 need, bool refused)
{
	bool poor = need && model_byte(m) % 16 == 0;

	model_lend(m, need - poor);
	return poor ? -ENOMEM : refused ? MODEL_REFUSED : 0;
}

static inline void model_begin(struct model *m, int low, int high)
{
	m->fresh = m->owners;
	m->low = low;
	m->high = high;
}

static inline const char *model_judge(int error, int want)
{
	if (error == want)
		return NULL;
	return error ? "a write was refused" : "a write was not refused";
}

static inline struct model_item *model_newcomer(struct model *m, int low, int high)
{
	struct model_item *item = model_of(range_pop_spare(&m->pool));
	int byte = model_byte(m);

	range_set_span(&item->range, m->base + (u64)low, m->base + (u64)high);
	item->tag = 1 + byte % MODEL_TAGS;
	item->offset = 100 + (u64)low + (byte >= 192);
	item->owner = 0;
	return item;
}

/* Put a newcomer back that was refused. */
static inline const char *model_refused(struct model *m, struct model_item *item, int error,
					int want)
{
	range_give(&m->pool, &item->range);
	return model_judge(error, want);
}

static inline const char *model_set(struct model *m, bool insert)
{
	int low, high, want, error, at, tag;
	struct model_item *item;
	bool taken = false;
	u64 offset;

	model_span(m, &low, &high);
	item = model_newcomer(m, low, high);
	tag = item->tag;
	offset = item->offset;
	for (at = low; at <= high; at++)
		taken |= m->cells[at].owner != 0;
	if (insert) {
		want = taken ? -EEXIST : 0;
		error = range_insert(&m->rl, &item->range, &m->work);
	} else {
		want = model_expect(m, (u64)model_cuts(m, low) + (u64)model_cuts(m, high + 1),
				    model_refuses(m, low) || model_refuses(m, high + 1));
		error = range_set(&m->rl, &item->range, &m->work);
	}
	if (error || want)
		return model_refused(m, item, error, want);
	model_begin(m, low, high);
	model_cut(m, low, high);
	model_paint(m, low, high, ++m->owners, tag, offset);
	model_look(m, low);
	model_look(m, high + 1);
	if (m->work.node != range_at(&m->rl, m->base + (u64)low))
		return "the node that was written is another one";
	return NULL;
}

/* Number of cuts of a newcomer: at each border inside of it, or, if @odd, at those that refuse. */
static inline u64 model_newcomer_cuts(const struct model *m, int low, int high, bool odd)
{
	u64 cuts = 0;

	for (low++; low <= high; low++) {
		if (m->cells[low - 1].owner != m->cells[low].owner)
			cuts += !odd || model_odd(m, low);
	}
	return cuts;
}

static inline void model_fill_cells(struct model *m, int low, int high, int tag, u64 offset,
				    u64 *count)
{
	int at, end;

	for (at = low; at <= high; at++) {
		if (m->cells[at].owner)
			continue;
		for (end = at; end < high && !m->cells[end + 1].owner; end++)
			;
		model_paint(m, at, end, ++m->owners, tag, offset + (u64)(at - low));
		at = end;
		++*count;
	}
	/* Only now each part looks at its borders. */
	for (at = low; at <= high; at++) {
		if (m->cells[at].owner <= m->fresh)
			continue;
		end = model_last_of(m, at);
		m->low = at;
		m->high = end;
		model_look(m, at);
		model_look(m, end + 1);
		at = end;
	}
}

static inline void model_add_cells(struct model *m, int low, int high, int tag, u64 offset,
				   u64 *count)
{
	bool replace = m->rl.ops == &model_ops_replacing;
	int at, old, before = -1;

	model_cut(m, low, high);
	for (at = low; at <= high; at++, offset++) {
		struct model_cell *cell = &m->cells[at];

		old = cell->owner;
		*count += old != before;
		if (!old || replace) {
			m->owners += old != before;
			model_paint(m, at, at, m->owners, tag, offset);
		} else if (cell->tag < tag) {
			cell->tag = tag;
		}
		before = old;
	}
	model_look_around(m, low, high);
}

static inline const char *model_fill(struct model *m, bool over)
{
	struct model_item *item;
	u64 need, counted, offset, count = 0;
	int low, high, want, error, tag, at;
	bool refused;

	model_span(m, &low, &high);
	item = model_newcomer(m, low, high);
	tag = item->tag;
	offset = item->offset;
	need = model_newcomer_cuts(m, low, high, false);
	refused = tag == MODEL_STIFF && model_newcomer_cuts(m, low, high, true);
	if (over) {
		need += (u64)model_cuts(m, low) + (u64)model_cuts(m, high + 1);
		refused |= model_refuses(m, low) || model_refuses(m, high + 1);
		for (at = low; at <= high && tag == 1; at++)
			refused |= m->cells[at].owner && m->cells[at].tag == MODEL_STIFF;
	}
	if (over)
		counted = range_count_add(&m->rl, item->range.start, item->range.RANGE_STOP);
	else
		counted = range_count_fill(&m->rl, item->range.start, item->range.RANGE_STOP);
	if (need != counted)
		return "another number of spares is needed";
	want = model_expect(m, need, refused);
	error = (over ? range_add : range_fill)(&m->rl, &item->range, &m->work);
	if (error || want)
		return model_refused(m, item, error, want);
	model_begin(m, low, high);
	(over ? model_add_cells : model_fill_cells)(m, low, high, tag, offset, &count);
	return count == m->work.count ? NULL : "another number of pieces was written";
}

static inline const char *model_update(struct model *m, bool clear)
{
	int low, high, at, error, want, tag = 1 + model_byte(m) % MODEL_TAGS;
	u64 start, stop;

	model_span(m, &low, &high);
	start = m->base + (u64)low;
	stop = model_stop(m, high);
	want = model_expect(m, (u64)model_cuts(m, low) + (u64)model_cuts(m, high + 1),
			    model_refuses(m, low) || model_refuses(m, high + 1));
	if (clear)
		error = range_remove(&m->rl, start, stop, &m->work);
	else
		error = range_update(&m->rl, start, stop, model_change, &tag, &m->work);
	if (error || want)
		return model_judge(error, want);
	model_begin(m, low, high);
	model_cut(m, low, high);
	if (clear) {
		model_wipe(m, low, high);
		return NULL;
	}
	for (at = low; at <= high; at++)
		if (m->cells[at].owner)
			m->cells[at].tag = tag;
	model_look_around(m, low, high);
	return NULL;
}

static inline const char *model_split_at(struct model *m, bool below)
{
	int at = model_key(m), want, error;
	u64 key = m->base + (u64)at;

	want = model_expect(m, model_cuts(m, at), model_refuses(m, at));
	error = (below ? range_split_below : range_split)(&m->rl, key, &m->work);
	if (error || want)
		return model_judge(error, want);
	model_begin(m, at, at);
	if (!model_cuts(m, at))
		return m->work.node ? "something was cut" : NULL;
	if (m->work.node != range_at(&m->rl, key))
		return "split returns another node";
	if (below)
		model_own(m, model_first_of(m, at), at - 1, ++m->owners);
	else
		model_own(m, at, model_last_of(m, at), ++m->owners);
	return NULL;
}

static inline const char *model_merge_at(struct model *m, bool right)
{
	int at = model_key(m), first, last, tag, owner, error;
	struct range_node *a = range_at(&m->rl, m->base + (u64)at), *b;
	u64 offset;

	b = a ? range_next(&m->rl, a) : NULL;
	if (!b)
		return NULL;
	error = range_merge(&m->rl, right ? b : a, right ? a : b, &m->work);
	first = model_first_of(m, at);
	at = model_last_of(m, at) + 1;
	if (!m->cells[at].owner)
		return model_judge(error, -EINVAL);
	last = model_last_of(m, at);
	offset = m->cells[first].offset;
	owner = m->cells[right ? at : at - 1].owner;
	tag = m->cells[right ? at : at - 1].tag;
	model_begin(m, first, last);
	model_paint(m, first, last, owner, tag, offset);
	return model_judge(error, 0);
}

static inline const char *model_resize(struct model *m)
{
	int at = model_key(m), low, high, first, last, owner, tag, want = 0, error;
	struct range_node *node = range_at(&m->rl, m->base + (u64)at);
	bool cut_low, cut_high;
	u64 offset;

	model_span(m, &low, &high);
	if (!node)
		return NULL;
	first = model_first_of(m, at);
	last = model_last_of(m, at);
	cut_low = first < low && low <= last;
	cut_high = high < last && first <= high;
	for (at = low < first ? low : first; at <= high || at <= last; at++)
		if ((at < first || at > last) && m->cells[at].owner)
			want = -EEXIST;
	if (!want)
		want = model_expect(m, (u64)cut_low + (u64)cut_high,
				    (cut_low && model_refuses(m, low)) ||
				    (cut_high && model_refuses(m, high + 1)));
	error = range_resize(&m->rl, node, m->base + (u64)low, model_stop(m, high), &m->work);
	if (error || want)
		return model_judge(error, want);
	owner = m->cells[first].owner;
	tag = m->cells[first].tag;
	offset = m->cells[cut_low ? low : first].offset;
	model_begin(m, low, high);
	model_wipe(m, first, last);
	model_paint(m, low, high, owner, tag, offset);
	model_look(m, low);
	model_look(m, high + 1);
	return NULL;
}

static inline const char *model_change_one(struct model *m, bool clear)
{
	int at = model_key(m), first, last, tag = 1 + model_byte(m) % MODEL_TAGS;
	struct range_node *node = range_at(&m->rl, m->base + (u64)at);

	if (!node)
		return m->cells[at].owner ? "no node covers a key" : NULL;
	first = model_first_of(m, at);
	last = model_last_of(m, at);
	model_begin(m, first, last);
	if (clear) {
		range_delete(&m->rl, node);
		range_give(&m->work, node);
		model_wipe(m, first, last);
		return NULL;
	}
	model_of(node)->tag = tag;
	range_changed(&m->rl, node, &m->work);
	for (at = first; at <= last; at++)
		m->cells[at].tag = tag;
	model_look(m, first);
	model_look(m, last + 1);
	return NULL;
}

static inline const char *model_coalesce(struct model *m)
{
	int low, high;

	model_span(m, &low, &high);
	if (range_coalesce(&m->rl, m->base + (u64)low, model_stop(m, high), &m->work))
		return "coalesce was refused";
	model_begin(m, 1, 0);
	return model_look_around(m, low, high) == m->work.count ? NULL :
		"another number of merges";
}

/* ---- searches -------------------------------------------------------------------------------- */

static inline const char *model_gaps(struct model *m)
{
	struct range_gap gap;
	int low, high, at, end;
	bool more;

	model_span(m, &low, &high);
	more = range_first_gap(&m->rl, m->base + (u64)low, model_stop(m, high), &gap);
	for (at = low; at <= high; at++) {
		if (m->cells[at].owner)
			continue;
		for (end = at; end < high && !m->cells[end + 1].owner; end++)
			;
		if (!more || gap.start != m->base + (u64)at || gap.RANGE_STOP != model_stop(m, end))
			return "a gap is missing, or another one";
		more = range_next_gap(&m->rl, model_stop(m, high), &gap);
		at = end;
	}
	return more ? "there is one gap too many" : NULL;
}

static inline bool model_fits(const struct model *m, int at, int size, int align, int offset)
{
	int end = at + size;

	if ((m->base + (u64)at) % (u64)align != (u64)offset % (u64)align)
		return false;
	for (; at < end; at++)
		if (m->cells[at].owner)
			return false;
	return true;
}

static inline const char *model_find_gap(struct model *m)
{
	int low, high, at, size = 1 + model_byte(m) % 12, align = 1 + model_byte(m) % 9;
	int offset = model_byte(m), best = -1, error;
	struct range_query query;
	u64 found;

	model_span(m, &low, &high);
	query.size = (u64)size;
	query.align = (u64)align;
	query.offset = (u64)offset;
	query.start = m->base + (u64)low;
	query.RANGE_STOP = model_stop(m, high);
	query.highest = offset & 1;
	for (at = low; at + size - 1 <= high; at++)
		if ((best < 0 || query.highest) && model_fits(m, at, size, align, offset))
			best = at;
	error = range_find_gap(&m->rl, &query, &found);
	if (best < 0)
		return error == -ENOENT ? NULL : "a gap was found where there is none";
	if (error)
		return "no gap was found where there is one";
	return found == m->base + (u64)best ? NULL : "another gap was found";
}

static inline const char *model_overlapping(struct model *m)
{
	struct range_node *node;
	int low, high, at, owner = 0;

	model_span(m, &low, &high);
	node = range_iter_first(&m->rl, m->base + (u64)low, model_stop(m, high));
	for (at = low; at <= high; at++) {
		if (m->cells[at].owner == owner)
			continue;
		owner = m->cells[at].owner;
		if (!owner)
			continue;
		if (!node || model_of(node)->owner != owner)
			return "another node overlaps";
		node = range_iter_next(&m->rl, node, model_stop(m, high));
	}
	return node ? "one node too many overlaps" : NULL;
}

/* ---- walks ----------------------------------------------------------------------------------- */

/* Deliver the piece that covers @at, clipped to [low, high]. */
static inline bool model_deliver(const struct model *m, struct model_walk *walk, int at, int low,
				 int high, bool up)
{
	walk->first = model_first_of(m, at) < low ? low : model_first_of(m, at);
	walk->last = model_last_of(m, at) > high ? high : model_last_of(m, at);
	walk->placed = true;
	walk->up = up;
	return true;
}

/* Find a covered key from @at on; with @edge one where a piece, clipped to the window, begins. */
static inline bool model_seek(const struct model *m, struct model_walk *walk, int at, int low,
			      int high, bool up, bool edge)
{
	for (; at >= low && at <= high; at += up ? 1 : -1) {
		bool inner = up ? at > low && model_cuts(m, at) :
				  at < high && model_cuts(m, at + 1);

		if (m->cells[at].owner && !(edge && inner))
			return model_deliver(m, walk, at, low, high, up);
	}
	return false;
}

/* One step by the laws, from the cells alone. */
static inline bool model_step(const struct model *m, struct model_walk *walk, bool up)
{
	int low = walk->low, high = walk->high, anchor, end;
	bool alive;

	if (walk->sweep && walk->placed)
		return up ? model_seek(m, walk, walk->last + 1, walk->last + 1, high, up, false) :
			    model_seek(m, walk, walk->first - 1, low, walk->first - 1, up, false);
	if (!walk->placed) {
		if (up == walk->cursor.reverse)
			return false;
		return model_seek(m, walk, up ? low : high, low, high, up, false);
	}
	anchor = walk->up ? walk->first : walk->last;
	alive = m->cells[anchor].owner != 0;
	if (up != walk->up)
		return alive ? model_deliver(m, walk, anchor, low, high, up) :
			       model_seek(m, walk, up ? walk->first : walk->last, low, high, up,
					  false);
	if (up)
		end = alive ? walk->first + 1 : walk->last + 1;
	else
		end = alive ? walk->last - 1 : walk->first - 1;
	return model_seek(m, walk, end, low, high, up, true);
}

static inline const char *model_walk_on(struct model *m)
{
	int byte = model_byte(m);
	struct model_walk *walk = &m->walks[byte % MODEL_CURSORS];
	bool back = byte >= 192 && !walk->sweep, up = walk->cursor.reverse == back;
	struct range_cursor saved = walk->cursor;
	struct range_node *node, *again;
	bool found = model_step(m, walk, up);

	/* A cursor that was saved knows its keys, and no node. */
	saved.changes = m->rl.changes - 1;
	saved.node = NULL;
	if (walk->sweep) {
		node = range_cursor_sweep(&walk->cursor);
		again = range_cursor_sweep(&saved);
	} else if (back) {
		node = range_cursor_prev(&walk->cursor);
		again = range_cursor_prev(&saved);
	} else {
		node = range_cursor_next(&walk->cursor);
		again = range_cursor_next(&saved);
	}
	if (node != again)
		return "a saved cursor goes elsewhere";
	if (!node)
		return found ? "a walk ends too early" : NULL;
	if (!found)
		return "a walk goes too far";
	if (walk->cursor.first != m->base + (u64)walk->first ||
	    walk->cursor.last != m->base + (u64)walk->last)
		return "a walk goes elsewhere";
	if (node != range_at(&m->rl, walk->cursor.first) || node != range_cursor_current(&saved))
		return "a walk delivers another node";
	return NULL;
}

static inline void model_walks_init(struct model *m)
{
	int i;

	for (i = 0; i < MODEL_CURSORS; i++) {
		struct model_walk *walk = &m->walks[i];
		bool window = i >= 4;

		walk->low = window ? 12 : 0;
		walk->high = window ? 40 : MODEL_KEYS - 1;
		walk->sweep = i == 2 || i == 3;
		walk->placed = false;
		range_cursor_init(&walk->cursor, &m->rl, window ? m->base + 12 : 0,
				  window ? model_stop(m, 40) : U64_MAX, i % 2);
	}
}

/* ---- all together ---------------------------------------------------------------------------- */

static inline const char *model_op(struct model *m)
{
	int op = model_byte(m);

	switch (op % 32) {
	case 0: case 1: case 2: case 3:
		return model_set(m, false);
	case 4: case 5:
		return model_set(m, true);
	case 6: case 7:
		return model_fill(m, false);
	case 8: case 9:
		return model_fill(m, true);
	case 10:
		return model_update(m, false);
	case 11: case 12:
		return model_update(m, true);
	case 13: case 14:
		return model_split_at(m, op & 32);
	case 15: case 16:
		return model_merge_at(m, op & 32);
	case 17: case 18:
		return model_resize(m);
	case 19:
		return model_change_one(m, false);
	case 20:
		return model_change_one(m, true);
	case 21:
		return model_coalesce(m);
	case 22:
		return model_gaps(m);
	case 23:
		return model_find_gap(m);
	case 24:
		return model_overlapping(m);
	case 25:
		if (op & 32)
			model_walks_init(m);
		return NULL;
	default:
		return model_walk_on(m);
	}
}

/* Do what the bytes say; return what is wrong, or NULL.  *m need not be initialised. */
static inline const char *model_run(struct model *m, const unsigned char *data, size_t size)
{
	const char *wrong = NULL;
	int i, kind;

	memset(m, 0, sizeof(*m));
	m->data = data;
	m->size = size;
	kind = model_byte(m);
	m->base = kind & 1 ? U64_MAX - RANGE_BEYOND - (MODEL_KEYS - 1) : 0;
	range_list_init(&m->rl, kind & 2 ? &model_ops : &model_ops_replacing);
	range_work_init(&m->work);
	range_work_init(&m->pool);
	for (i = 0; i < MODEL_NODES; i++)
		range_give(&m->pool, &m->items[i].range);
	model_walks_init(m);
	while (!wrong && m->size) {
		m->fresh = m->owners;
		wrong = model_op(m);
		if (!wrong)
			wrong = model_compare(m);
	}
	return wrong;
}

#endif /* RANGE_MODEL_H */
