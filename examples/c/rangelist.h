/* rangelist.h - disjoint intervals that merge and split, on a doubly linked list.  C99, one file.

   In one source file:   #define RANGELIST_IMPLEMENTATION
   everywhere else:      #include "rangelist.h"

   The logic is that of the Python library `rangelist`, written to be copied and adapted: a kernel has its
   own list and its own lookup, and replaces rl_first_beyond() by it (here it is a linear search).

     rl_set        [---a---]....[-b-]      overwrite, cut what is in the way, merge at both borders
                   [-a-][---c---][b-]
     rl_remove     [-a-].........[b-]      punch a hole, never merge
     rl_insert     only free space         rl_fill   only the gaps
     rl_split, rl_merge, rl_replace, rl_resize, rl_discard, rl_coalesce

   A value is a void pointer that the list owns: it is made by policy.copy and ended by policy.drop.
   Every write first gets all the memory it needs; if it cannot, it returns RL_NO_MEMORY and has changed
   nothing.  A cursor is a coordinate, not a pointer: it stays good whatever happens to the list. */

#ifndef RANGELIST_H
#define RANGELIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t rl_key;

typedef struct rl_node {
    rl_key start, stop; /* [start, stop), start < stop */
    void *value;
    struct rl_node *prev, *next;
} rl_node;

typedef struct rl_policy {
    bool (*same)(const void *left, const void *right); /* may touching nodes of these values be one? */
    void *(*copy)(const void *value);                  /* NULL: no memory */
    void (*drop)(void *value);
} rl_policy;

typedef struct rl_list {
    rl_node *head, *tail;
    size_t length;
    rl_policy policy;
} rl_list;

typedef enum { RL_OK, RL_EMPTY_SPAN, RL_OVERLAP, RL_NOT_TOUCHING, RL_NO_MEMORY } rl_result;

/* Where a walk stands: direction, window, the extent it delivered last, and which way it went then. */
typedef struct rl_cursor {
    const rl_list *list;
    bool reverse, has_lo, has_hi, placed, up;
    rl_key lo, hi, a, b;
} rl_cursor;

void rl_init(rl_list *list, rl_policy policy);
void rl_clear(rl_list *list);

rl_node *rl_at(const rl_list *list, rl_key key);           /* the node that covers key, or NULL */
rl_node *rl_first_beyond(const rl_list *list, rl_key key); /* the first node with stop > key */

rl_result rl_set(rl_list *list, rl_key start, rl_key stop, const void *value);
rl_result rl_insert(rl_list *list, rl_key start, rl_key stop, const void *value);
rl_result rl_fill(rl_list *list, rl_key start, rl_key stop, const void *value, size_t *filled);
rl_result rl_remove(rl_list *list, rl_key start, rl_key stop);
rl_result rl_split(rl_list *list, rl_key at, rl_node **right); /* *right: the right part, or NULL */
rl_result rl_merge(rl_list *list, rl_node *left, rl_node *right);
rl_result rl_replace(rl_list *list, rl_node *node, const void *value, rl_node **holder);
rl_result rl_resize(rl_list *list, rl_node *node, rl_key start, rl_key stop, rl_node **holder);
void rl_discard(rl_list *list, rl_node *node);
size_t rl_coalesce(rl_list *list, rl_key start, rl_key stop); /* borders in [start, stop]; merges */

void rl_cursor_init(rl_cursor *cursor, const rl_list *list, bool reverse);
rl_node *rl_next(rl_cursor *cursor);                                /* the element walk; NULL: none */
rl_node *rl_prev(rl_cursor *cursor);
rl_node *rl_current(const rl_cursor *cursor);                       /* who covers the anchor now */
rl_node *rl_sweep(rl_cursor *cursor, rl_key *start, rl_key *stop); /* the coverage walk */

#endif

#ifdef RANGELIST_IMPLEMENTATION
#include <stdlib.h>

/* ---- links ------------------------------------------------------------------------------------- */

void rl_init(rl_list *list, rl_policy policy) {
    list->head = list->tail = NULL;
    list->length = 0;
    list->policy = policy;
}

static rl_node *rl_new(rl_list *list, rl_key start, rl_key stop, const void *value) {
    rl_node *node = malloc(sizeof *node);
    if (!node) return NULL;
    node->start = start;
    node->stop = stop;
    node->value = list->policy.copy(value);
    if (!node->value) {
        free(node);
        return NULL;
    }
    return node;
}

static void rl_free(rl_list *list, rl_node *node) {
    if (!node) return;
    list->policy.drop(node->value);
    free(node);
}

/* Put a node before another one; NULL is the end. */
static void rl_link(rl_list *list, rl_node *node, rl_node *before) {
    rl_node *after = before ? before->prev : list->tail;
    node->next = before;
    node->prev = after;
    *(after ? &after->next : &list->head) = node;
    *(before ? &before->prev : &list->tail) = node;
    list->length++;
}

static void rl_unlink(rl_list *list, rl_node *node) {
    *(node->prev ? &node->prev->next : &list->head) = node->next;
    *(node->next ? &node->next->prev : &list->tail) = node->prev;
    list->length--;
}

void rl_discard(rl_list *list, rl_node *node) {
    rl_unlink(list, node);
    rl_free(list, node);
}

void rl_clear(rl_list *list) {
    while (list->head) rl_discard(list, list->head);
}

/* ---- lookup: what to replace where there is an index --------------------------------------------- */

rl_node *rl_first_beyond(const rl_list *list, rl_key key) {
    rl_node *node = list->head;
    while (node && node->stop <= key) node = node->next;
    return node;
}

rl_node *rl_at(const rl_list *list, rl_key key) {
    rl_node *node = rl_first_beyond(list, key);
    return node && node->start <= key ? node : NULL;
}

/* ---- the merge logic ------------------------------------------------------------------------------ */

/* Get the node that a cut at `at` would add.  *spare is NULL if nothing is cut there. */
static rl_result rl_prepare_cut(rl_list *list, rl_key at, rl_node **spare) {
    rl_node *whole = rl_at(list, at);
    *spare = NULL;
    if (!whole || whole->start == at) return RL_OK;
    *spare = rl_new(list, at, whole->stop, whole->value);
    return *spare ? RL_OK : RL_NO_MEMORY;
}

/* [----whole----]   ->   [-whole-][-spare-]   The left part stays the node it was. */
static void rl_cut(rl_list *list, rl_node *spare) {
    rl_node *whole;
    if (!spare) return;
    whole = rl_at(list, spare->start);
    spare->stop = whole->stop;
    whole->stop = spare->start;
    rl_link(list, spare, whole->next);
}

/* Is the border between a node and its successor one that may go? */
static bool rl_joins(const rl_list *list, const rl_node *left, const rl_node *right) {
    return left && right && left->stop == right->start && list->policy.same(left->value, right->value);
}

/* Look at both borders of what was written, first left, then right.  The left node survives. */
static rl_node *rl_settle(rl_list *list, rl_node *node) {
    rl_node *left = node->prev, *right = node->next;
    if (rl_joins(list, left, node)) {
        left->stop = node->stop;
        rl_discard(list, node);
        node = left;
    }
    if (rl_joins(list, node, right)) {
        node->stop = right->stop;
        rl_discard(list, right);
    }
    return node;
}

/* Cut at both ends and take out what is inside; the spares come from rl_prepare_cut. */
static void rl_carve(rl_list *list, rl_key start, rl_key stop, rl_node *low, rl_node *high) {
    rl_node *node;
    rl_cut(list, low);
    rl_cut(list, high);
    node = rl_first_beyond(list, start);
    while (node && node->start < stop) {
        rl_node *next = node->next;
        rl_discard(list, node);
        node = next;
    }
}

rl_result rl_set(rl_list *list, rl_key start, rl_key stop, const void *value) {
    rl_node *low, *high, *fresh;
    rl_result result;
    if (!(start < stop)) return RL_EMPTY_SPAN;
    if ((result = rl_prepare_cut(list, start, &low)) != RL_OK) return result;
    if ((result = rl_prepare_cut(list, stop, &high)) != RL_OK) {
        rl_free(list, low);
        return result;
    }
    if (!(fresh = rl_new(list, start, stop, value))) {
        rl_free(list, low);
        rl_free(list, high);
        return RL_NO_MEMORY;
    }
    rl_carve(list, start, stop, low, high);
    rl_link(list, fresh, rl_first_beyond(list, start));
    rl_settle(list, fresh);
    return RL_OK;
}

rl_result rl_insert(rl_list *list, rl_key start, rl_key stop, const void *value) {
    rl_node *next, *fresh;
    if (!(start < stop)) return RL_EMPTY_SPAN;
    next = rl_first_beyond(list, start);
    if (next && next->start < stop) return RL_OVERLAP;
    if (!(fresh = rl_new(list, start, stop, value))) return RL_NO_MEMORY;
    rl_link(list, fresh, next);
    rl_settle(list, fresh);
    return RL_OK;
}

rl_result rl_fill(rl_list *list, rl_key start, rl_key stop, const void *value, size_t *filled) {
    rl_node *chain = NULL, *last = NULL, *node;
    rl_key reached = start;
    *filled = 0;
    if (!(start < stop)) return RL_EMPTY_SPAN;
    /* First all the new nodes, chained by `next`; then the list. */
    for (node = rl_first_beyond(list, start); reached < stop; node = node->next) {
        rl_key end = node && node->start < stop ? node->start : stop;
        if (reached < end) {
            rl_node *fresh = rl_new(list, reached, end, value);
            if (!fresh) break;
            fresh->next = NULL;
            *(last ? &last->next : &chain) = fresh;
            last = fresh;
            ++*filled;
        }
        reached = node && end < stop ? node->stop : stop;
        if (!node) break;
    }
    if (reached < stop) {
        while (chain) {
            node = chain->next;
            rl_free(list, chain);
            chain = node;
        }
        *filled = 0;
        return RL_NO_MEMORY;
    }
    while (chain) {
        node = chain->next;
        rl_link(list, chain, rl_first_beyond(list, chain->start));
        rl_settle(list, chain);
        chain = node;
    }
    return RL_OK;
}

rl_result rl_remove(rl_list *list, rl_key start, rl_key stop) {
    rl_node *low, *high;
    rl_result result;
    if (!(start < stop)) return RL_EMPTY_SPAN;
    if ((result = rl_prepare_cut(list, start, &low)) != RL_OK) return result;
    if ((result = rl_prepare_cut(list, stop, &high)) != RL_OK) {
        rl_free(list, low);
        return result;
    }
    rl_carve(list, start, stop, low, high);
    return RL_OK;
}

rl_result rl_split(rl_list *list, rl_key at, rl_node **right) {
    rl_result result = rl_prepare_cut(list, at, right);
    if (result == RL_OK) rl_cut(list, *right);
    return result;
}

rl_result rl_merge(rl_list *list, rl_node *left, rl_node *right) {
    if (left->next != right || left->stop != right->start) return RL_NOT_TOUCHING;
    left->stop = right->stop;
    rl_discard(list, right);
    return RL_OK;
}

rl_result rl_replace(rl_list *list, rl_node *node, const void *value, rl_node **holder) {
    void *made = list->policy.copy(value);
    if (!made) return RL_NO_MEMORY;
    list->policy.drop(node->value);
    node->value = made;
    *holder = rl_settle(list, node);
    return RL_OK;
}

rl_result rl_resize(rl_list *list, rl_node *node, rl_key start, rl_key stop, rl_node **holder) {
    if (!(start < stop)) return RL_EMPTY_SPAN;
    if (node->prev && start < node->prev->stop) return RL_OVERLAP;
    if (node->next && node->next->start < stop) return RL_OVERLAP;
    node->start = start;
    node->stop = stop;
    *holder = rl_settle(list, node);
    return RL_OK;
}

size_t rl_coalesce(rl_list *list, rl_key start, rl_key stop) {
    rl_node *node = list->head;
    size_t merges = 0;
    while (node && node->next) {
        if (start <= node->stop && node->stop <= stop && rl_joins(list, node, node->next)) {
            rl_merge(list, node, node->next);
            merges++;
        } else {
            node = node->next;
        }
    }
    return merges;
}

/* ---- walks ------------------------------------------------------------------------------------------
   All starts and stops are the clipped ones: what lies outside the window does not exist.  Going up, with
   [a, b) delivered last: if a node still covers a, the first one with start > a, else with start >= b. */

void rl_cursor_init(rl_cursor *cursor, const rl_list *list, bool reverse) {
    cursor->list = list;
    cursor->reverse = reverse;
    cursor->has_lo = cursor->has_hi = cursor->placed = false;
    cursor->up = !reverse;
    cursor->lo = cursor->hi = cursor->a = cursor->b = 0;
}

/* Clip a node to the window; false if nothing of it is inside. */
static bool rl_clip(const rl_cursor *cursor, const rl_node *node, rl_key *start, rl_key *stop) {
    *start = cursor->has_lo && node->start < cursor->lo ? cursor->lo : node->start;
    *stop = cursor->has_hi && cursor->hi < node->stop ? cursor->hi : node->stop;
    return *start < *stop;
}

rl_node *rl_current(const rl_cursor *cursor) {
    rl_node *node;
    rl_key start, stop;
    if (!cursor->placed) return NULL;
    for (node = cursor->list->head; node; node = node->next) {
        if (!rl_clip(cursor, node, &start, &stop)) continue;
        if (cursor->up ? start <= cursor->a && cursor->a < stop : start < cursor->b && cursor->b <= stop)
            return node;
    }
    return NULL;
}

/* The first node whose clipped start is at least `edge` (by_start), or whose stop is beyond it. */
static rl_node *rl_ahead(const rl_cursor *cursor, bool any, bool by_start, rl_key edge) {
    rl_node *node;
    rl_key start, stop;
    for (node = cursor->list->head; node; node = node->next)
        if (rl_clip(cursor, node, &start, &stop) && (any || (by_start ? start >= edge : stop > edge)))
            return node;
    return NULL;
}

/* The mirror image: the last node with stop <= edge (by_stop), or start < edge. */
static rl_node *rl_behind(const rl_cursor *cursor, bool any, bool by_stop, rl_key edge) {
    rl_node *node;
    rl_key start, stop;
    for (node = cursor->list->tail; node; node = node->prev)
        if (rl_clip(cursor, node, &start, &stop) && (any || (by_stop ? stop <= edge : start < edge)))
            return node;
    return NULL;
}

static rl_node *rl_step(rl_cursor *cursor, bool up) {
    rl_node *node, *cover = rl_current(cursor);
    if (!cursor->placed) {
        if (up == cursor->reverse) return NULL;
        node = up ? rl_ahead(cursor, true, true, 0) : rl_behind(cursor, true, true, 0);
    } else if (up != cursor->up) { /* turned round: the same one comes back */
        node = cover;
        if (!node) node = up ? rl_ahead(cursor, false, false, cursor->a) : rl_behind(cursor, false, false, cursor->b);
    } else if (up) {
        node = rl_ahead(cursor, false, true, cover ? cursor->a + 1 : cursor->b);
    } else {
        node = rl_behind(cursor, false, true, cover ? cursor->b - 1 : cursor->a);
    }
    if (node) {
        rl_clip(cursor, node, &cursor->a, &cursor->b);
        cursor->placed = true;
        cursor->up = up;
    }
    return node;
}

rl_node *rl_next(rl_cursor *cursor) { return rl_step(cursor, !cursor->reverse); }

rl_node *rl_prev(rl_cursor *cursor) { return rl_step(cursor, cursor->reverse); }

rl_node *rl_sweep(rl_cursor *cursor, rl_key *start, rl_key *stop) {
    bool up = !cursor->reverse, fresh = !cursor->placed;
    rl_node *node = up ? rl_ahead(cursor, fresh, false, cursor->b) : rl_behind(cursor, fresh, false, cursor->a);
    if (!node) return NULL;
    rl_clip(cursor, node, start, stop);
    if (!fresh && up && *start < cursor->b) *start = cursor->b;
    if (!fresh && !up && cursor->a < *stop) *stop = cursor->a;
    cursor->a = *start;
    cursor->b = *stop;
    cursor->placed = true;
    return node;
}

#endif
