/* The adapter between rangelist.h and the oracle: JSON lines in, JSON lines out.

     cc -std=c99 -O2 -o adapter adapter.c
     python -m rangelist.oracle run --cmd ./adapter

   The lines are flat objects whose strings we never have to decode: a value is kept as it was written. */

#define RANGELIST_IMPLEMENTATION
#include "rangelist.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_CURSORS 64
#define TEXT 4096

typedef struct {
    char name[64], value[TEXT]; /* of what was delivered last, for the status */
    bool coverage, sticky, over;
    rl_cursor at;
} slot;

static rl_list list;
static slot slots[MAX_CURSORS];
static size_t used;
static char line[TEXT * 2];

/* ---- values and sameness ---- */

static void *copy_text(const void *value) {
    char *made = malloc(strlen(value) + 1);
    return made ? strcpy(made, value) : NULL;
}
static bool equal(const void *left, const void *right) { return strcmp(left, right) == 0; }
static bool never(const void *left, const void *right) { return (void)left, (void)right, false; }
static bool always(const void *left, const void *right) { return (void)left, (void)right, true; }

/* ---- reading a line ---- */

/* Copy the text of a field; false if it is missing.  A string loses its quotes and nothing else. */
static bool field(const char *name, char *out) {
    char wanted[80];
    const char *at;
    size_t n = 0;
    snprintf(wanted, sizeof wanted, "\"%s\":", name);
    for (at = line; (at = strstr(at, wanted)); at += strlen(wanted))
        if (at[-1] == '{' || at[-1] == ',') break;
    if (!at) return false;
    at += strlen(wanted);
    if (*at != '"') {
        while (at[n] && at[n] != ',' && at[n] != '}') n++;
    } else {
        for (at++; at[n] != '"'; n++)
            if (at[n] == '\\') n++;
    }
    if (n >= TEXT) n = TEXT - 1;
    memcpy(out, at, n);
    out[n] = 0;
    return true;
}

static bool is(const char *name, const char *text) {
    char out[TEXT];
    return field(name, out) && strcmp(out, text) == 0;
}

static bool too_big;

static bool key(const char *name, rl_key *out) {
    char text[TEXT];
    if (!field(name, text)) return false;
    errno = 0;
    *out = strtoll(text, NULL, 10);
    /* One key is kept free on each side, so that a + 1 and b - 1 cannot overflow. */
    if (errno || *out == INT64_MAX || *out == INT64_MIN) too_big = true;
    return true;
}

/* ---- writing a reply ---- */

static void piece(rl_key start, rl_key stop, const char *value) {
    printf("[\"%" PRId64 "\",\"%" PRId64 "\",\"%s\"]", start, stop, value);
}
static void node(const rl_node *n) {
    if (n) piece(n->start, n->stop, n->value);
    else printf("null");
}
static void ok_node(const rl_node *n) {
    printf("{\"ok\":");
    node(n);
    puts("}");
}
static void ok_number(size_t number) { printf("{\"ok\":%zu}\n", number); }
static void ok(void) { puts("{\"ok\":null}"); }
static void err(const char *name) { printf("{\"err\":\"%s\"}\n", name); }

static void result(rl_result got, const rl_node *n) {
    static const char *const names[] = {"", "EmptySpan", "Overlap", "NotTouching", "NoMemory"};
    if (got == RL_OK) ok_node(n);
    else err(names[got]);
}

/* ---- cursors ---- */

static slot *slot_of(const char *name, bool make) {
    size_t i;
    for (i = 0; i < used; i++)
        if (strcmp(slots[i].name, name) == 0) return &slots[i];
    if (!make || used == MAX_CURSORS) return NULL;
    snprintf(slots[used].name, sizeof slots[used].name, "%s", name);
    return &slots[used++];
}

static void make_cursor(const char *name) {
    slot *c = slot_of(name, true);
    rl_cursor at;
    rl_cursor_init(&at, &list, is("reverse", "true"));
    at.has_lo = key("start", &at.lo);
    at.has_hi = key("stop", &at.hi);
    if (at.has_lo && at.has_hi && at.hi < at.lo) {
        err("EmptySpan");
        return;
    }
    c->at = at;
    c->coverage = is("walk", "C");
    c->sticky = c->coverage || is("sticky", "true");
    c->over = false;
    ok();
}

/* Print the next piece of a walk; false at its end. */
static bool step(slot *c, bool back, const char *before) {
    rl_key start = 0, stop = 0;
    rl_node *n = c->over ? NULL : c->coverage ? rl_sweep(&c->at, &start, &stop) : back ? rl_prev(&c->at) : rl_next(&c->at);
    if (!n) {
        c->over = c->sticky;
        return false;
    }
    snprintf(c->value, sizeof c->value, "%s", (const char *)n->value);
    fputs(before, stdout);
    if (c->coverage) piece(start, stop, n->value);
    else node(n);
    return true;
}

static void current(slot *c) {
    rl_node *n = rl_current(&c->at);
    rl_key start, stop;
    const char *comma = "";
    printf("{\"ok\":[");
    node(n);
    printf(",[");
    if (!n) printf("\"gone\"");
    else {
        rl_clip(&c->at, n, &start, &stop);
        if (start != c->at.a) printf("\"moved-left-edge\""), comma = ",";
        if (stop != c->at.b) printf("%s\"moved-right-edge\"", comma), comma = ",";
        if (strcmp(n->value, c->value)) printf("%s\"new-value\"", comma);
    }
    puts("]]}");
}

static void cursor_op(const char *op, const char *name) {
    slot *c = slot_of(name, false);
    const char *comma = "";
    if (!strcmp(op, "cursor")) make_cursor(name);
    else if (!c) err("NoCursor");
    else if (!strcmp(op, "drain")) {
        printf("{\"ok\":[");
        while (step(c, false, comma)) comma = ",";
        puts("]}");
    } else if (strcmp(op, "next") && c->sticky) err("OneWay");
    else if (!strcmp(op, "current")) current(c);
    else if (!strcmp(op, "reset")) c->at.placed = false, ok();
    else puts(step(c, !strcmp(op, "prev"), "{\"ok\":") ? "}" : "{\"ok\":null}");
}

/* ---- operations ---- */

static void by_span(const char *op) {
    char value[TEXT] = "";
    rl_key start = 0, stop = 0, low, high;
    bool from = key("start", &start), to = key("stop", &stop);
    size_t filled;
    rl_result got;
    rl_node *n;
    field("value", value);
    /* An open end is the end of the list. */
    if (!from && list.head) start = list.head->start;
    if (!to && list.tail) stop = list.tail->stop;
    if ((!from || !to) && start >= stop) {
        puts(!strcmp(op, "remove") ? "{\"ok\":[]}" : "{\"ok\":0}");
        return;
    }
    if (!strcmp(op, "set")) got = rl_set(&list, start, stop, value), result(got, rl_at(&list, start));
    else if (!strcmp(op, "insert")) got = rl_insert(&list, start, stop, value), result(got, rl_at(&list, start));
    else if (!strcmp(op, "coalesce") && start <= stop) ok_number(rl_coalesce(&list, start, stop));
    else if (start >= stop) err("EmptySpan");
    else if (!strcmp(op, "fill")) rl_fill(&list, start, stop, value, &filled), ok_number(filled);
    else {
        /* What is removed is told first: rl_remove itself forgets it. */
        const char *comma = "";
        printf("{\"ok\":[");
        for (n = rl_first_beyond(&list, start); n && n->start < stop; n = n->next, comma = ",") {
            low = n->start < start ? start : n->start;
            high = stop < n->stop ? stop : n->stop;
            fputs(comma, stdout);
            piece(low, high, n->value);
        }
        puts("]}");
        rl_remove(&list, start, stop);
    }
}

static void by_node(const char *op) {
    char value[TEXT] = "";
    rl_key at = 0, start, stop;
    rl_node *n, *right;
    rl_result got;
    if (!strcmp(op, "merge")) {
        key("left", &at);
        key("right", &start);
        n = rl_at(&list, at);
        right = rl_at(&list, start);
        if (!n || !right) {
            err("Missing");
            return;
        }
        got = rl_merge(&list, n, right);
        if (got == RL_OK && field("value", value)) {
            free(n->value);
            n->value = copy_text(value);
        }
        result(got, n);
        return;
    }
    key("at", &at);
    n = rl_at(&list, at);
    field("value", value);
    if (!strcmp(op, "split")) rl_split(&list, at, &n), ok_node(n);
    else if (!n) err("Missing");
    else if (!strcmp(op, "replace")) rl_replace(&list, n, value, &n), ok_node(n);
    else if (!strcmp(op, "resize")) {
        if (!key("start", &start)) start = n->start;
        if (!key("stop", &stop)) stop = n->stop;
        rl_result got = rl_resize(&list, n, start, stop, &n);
        result(got, n);
    } else {
        ok_node(n);
        rl_discard(&list, n);
    }
}

static void read_op(const char *op) {
    rl_key at = 0;
    rl_node *n;
    key("key", &at);
    if (!strcmp(op, "at")) ok_node(rl_at(&list, at));
    else if (!strcmp(op, "len")) ok_number(list.length);
    else if (!strcmp(op, "first")) ok_node(list.head);
    else if (!strcmp(op, "last")) ok_node(list.tail);
    else {
        const char *comma = "";
        printf("{\"ok\":[");
        for (n = list.head; n; n = n->next, comma = ",") fputs(comma, stdout), node(n);
        puts("]}");
    }
}

static void hello(void) {
    printf("{\"ok\":{\"name\":\"rangelist.h\",\"version\":\"1\",\"capabilities\":[");
    fputs("\"set\",\"insert\",\"fill\",\"remove\",\"coalesce\",\"clear\",\"split\",\"merge\",\"replace\",\"resize\",", stdout);
    fputs("\"discard\",\"dump\",\"len\",\"at\",\"first\",\"last\",\"cursor\",\"next\",\"prev\",\"drain\",\"current\",", stdout);
    fputs("\"reset\",\"walk=E\",\"walk=C\",\"reverse\",\"window\",\"sticky\",\"resumable\",\"coalesce=equal\",\"coalesce=never\",", stdout);
    puts("\"coalesce=always\",\"merge=left\",\"split=copy\",\"overlap=new\"]}}");
}

static void header(void) {
    rl_clear(&list);
    used = 0;
    list.policy.same = is("coalesce", "never") ? never : is("coalesce", "always") ? always : equal;
    ok();
}

static bool among(const char *op, const char *words) {
    char wanted[TEXT + 3];
    snprintf(wanted, sizeof wanted, " %s ", op);
    return strstr(words, wanted) != NULL;
}

/* Would a key overflow?  Then this is not for us. */
static bool fits(void) {
    static const char *const names[] = {"start", "stop", "at", "key", "left", "right"};
    rl_key ignored;
    size_t i;
    too_big = false;
    for (i = 0; i < sizeof names / sizeof *names; i++) key(names[i], &ignored);
    return !too_big;
}

int main(void) {
    rl_policy policy = {equal, copy_text, free};
    char op[TEXT], name[TEXT];
    rl_init(&list, policy);
    while (fgets(line, sizeof line, stdin)) {
        if (!field("op", op)) header();
        else if (!strcmp(op, "start")) hello();
        else if (!strcmp(op, "stop")) break;
        else if (!fits()) puts("{\"skip\":\"beyond 64 bits\"}");
        else if (among(op, " set insert fill remove coalesce ")) by_span(op);
        else if (among(op, " split merge replace resize discard ")) by_node(op);
        else if (!strcmp(op, "clear")) rl_clear(&list), ok();
        else if (field("c", name)) cursor_op(op, name);
        else if (among(op, " dump len at first last ")) read_op(op);
        else printf("{\"skip\":\"no %s\"}\n", op);
        fflush(stdout);
    }
    rl_clear(&list);
    ok();
    return 0;
}
