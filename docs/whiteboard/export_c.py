"""A script as a C test of `c/range_list.h`.

Each line becomes the call of the same name, followed by what must be in the list, or what a cursor
must deliver.  The keys are half-open there too, and begin at 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from .script import Line, Script, ScriptError
from .world import Done, World

__all__ = ["c_test"]

SAME: Final = {
    "EQUAL": "!strcmp(piece_of(left)->value, piece_of(right)->value)",
    "LOCKS": "!strcmp(piece_of(left)->value, piece_of(right)->value)",
    "ALWAYS": "left && right",
    "NEVER": "left == right",
    "MAPLE": "left == right",
}
ERRORS: Final = {
    "EmptySpanError": "-EINVAL",
    "NotTouchingError": "-EINVAL",
    "OverlapError": "-EEXIST",
}
# What is lent before the call, and the call; `{node}` is a new node with the line's span and value.
CALLS: Final = {
    "set": ("RANGE_SPARES", "range_set(&rl, {node}, &work)"),
    "insert": ("0", "range_insert(&rl, {node}, &work)"),
    "fill": ("range_count_fill(&rl, {start}, {stop})", "range_fill(&rl, {node}, &work)"),
    "add": ("range_count_add(&rl, {start}, {stop})", "range_add(&rl, {node}, &work)"),
    "transform": (
        "RANGE_SPARES",
        "range_update(&rl, {start}, {stop}, change, (void *){value}, &work)",
    ),
    "remove": ("RANGE_SPARES", "range_remove(&rl, {start}, {stop}, &work)"),
    "split": ("1", "{split}(&rl, {at}, &work)"),
    "merge": ("0", "range_merge(&rl, {kept}, {gone}, &work)"),
    "resize": ("RANGE_SPARES", "range_resize(&rl, range_at(&rl, {at}), {start}, {stop}, &work)"),
    "coalesce": ("0", "range_coalesce(&rl, {start}, {stop}, &work)"),
}
HEAD: Final = """\
/* {title}
   cc -I DIR test.c && ./a.out, where DIR holds range_list.h */

#define RANGE_HALF_OPEN
#include "range_list.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {{
    struct range_node range;
    const char *value;
}};

static struct range_list rl;
static struct range_work work;

static struct piece *piece_of(const struct range_node *node) {{
    return container_of(node, struct piece, range);
}}

static bool same(struct range_list *list, const struct range_node *left,
                 const struct range_node *right) {{
    (void)list;
    return {same};
}}

/* The value of a merge is that of the left node, whichever is kept. */
static void merge(struct range_list *list, struct range_node *keep, struct range_node *gone) {{
    (void)list;
    if (gone->start < keep->start) piece_of(keep)->value = piece_of(gone)->value;
}}

static void split(struct range_list *list, struct range_node *node, struct range_node *spare) {{
    (void)list;
    piece_of(spare)->value = piece_of(node)->value;
}}

static const struct range_ops ops = {{.same = same, .merge = merge, .split = split}};
static const struct range_ops apart = {{.split = split}}; /* no two are the same */

static void change(struct range_node *piece, void *value) {{
    piece_of(piece)->value = (const char *)value;
}}

static struct range_node *make(void *context) {{
    struct piece *piece = calloc(1, sizeof *piece);
    (void)context;
    return piece ? &piece->range : NULL;
}}

static struct range_node *range(u64 start, u64 stop, const char *value) {{
    struct range_node *node = make(NULL);
    assert(node);
    node->start = start;
    node->end = stop;
    change(node, (void *)value);
    return node;
}}

static void lend(u64 spares) {{
    int error = range_prealloc(&work, spares, make, NULL);
    assert(!error);
}}

static void check(int found, int want) {{
    if (found != want) printf("error is %d, want %d\\n", found, want);
    assert(found == want);
}}

static void has(const char *want) {{
    static char text[65536];
    struct range_node *node;
    size_t used = 0;
    text[0] = 0;
    for (node = range_first(&rl); node; node = range_next(&rl, node))
        used += (size_t)snprintf(text + used, sizeof text - used, "[%llu, %llu)=%s ",
                                 node->start, node->end, piece_of(node)->value);
    if (strcmp(text, want)) printf("found %s\\nwant  %s\\n", text, want);
    assert(!strcmp(text, want));
}}

static void delivers(const struct range_node *node, const struct range_cursor *cursor, u64 start,
                     u64 stop) {{
    assert(node && cursor->first == start && cursor->last + 1 == stop);
}}

int main(void) {{
    (void)apart; (void)check; (void)delivers; (void)lend; (void)range;
    range_list_init(&rl, &ops);
    range_work_init(&work);
"""


def c_test(script: Script) -> str:
    """Return a C program that makes the calls of a script, and asserts what they did here.

    Raises: ScriptError, for rules, calls and keys that the header does not have.
    """
    rules = script.header["rules"]
    if rules not in SAME:
        raise ScriptError(f"the C header has no rules {rules}, want one of {', '.join(SAME)}")
    title = (script.header.get("title") or "A script of the whiteboard").replace("*/", "* /")
    text = [HEAD.format(title=title, same=SAME[rules])]
    # Items stand as they are, so they are inserted while nothing is the same.
    body = ["rl.ops = &apart;"] if script.header["items"] else []
    for start, stop, value in script.header["items"]:
        body.append(f"check(range_insert(&rl, range({start}, {stop}, {quoted(value)}), &work), 0);")
    body += ["rl.ops = &ops;"] if script.header["items"] else []
    world = World(script.header)
    for line in script.done:
        refuse_negative(line)
        body += walked(line, world) if "name" in line else written(line, world)
    text += [f"    {statement}\n" for statement in body]
    return "".join([*text, '    puts("ok");\n    return 0;\n}\n'])


def refuse_negative(line: Line) -> None:
    low = min((value for value in line.values() if type(value) is int), default=0)
    if low < 0:
        raise ScriptError(f"the C header has no key {low}, want keys from 0 on")


def quoted(text: str) -> str:
    """Return a text as a C literal, byte by byte where it is not plain."""
    plain = text.isascii() and text.isprintable()
    return json.dumps(text) if plain else f'"{"".join(map(octal, text.encode()))}"'


def octal(byte: int) -> str:
    return f"\\{byte:03o}"


def walked(line: Line, world: World) -> Iterator[str]:
    """Yield the statements of a line about a cursor or a sweep."""
    op, name, done = line["op"], line["name"], world.play(line)
    if done.error:
        raise ScriptError(f"C cannot say a call that fails: {done.error}")
    if op == "drop":
        return
    walk = world.walk(line)
    if walk.kind == "walk" or "horizon" in line:
        raise ScriptError("the C header has no iterators that end for good, want a cursor or sweep")
    if op == "walk":
        low, high = line.get("start", 0), line.get("stop", "U64_MAX")
        yield f"struct range_cursor {name};"
        reverse = "true" if walk.reverse else "false"
        yield f"range_cursor_init(&{name}, &rl, {low}, {high}, {reverse});"
    elif op == "seek":
        yield f"range_cursor_seek(&{name}, {line['at']});"
    else:
        step = f"range_cursor_{'sweep' if walk.kind == 'sweep' else op}(&{name})"
        if done.delivered is None or walk.extent is None:
            yield f"assert(!{step});"
        else:
            yield f"delivers({step}, &{name}, {walk.extent[0]}, {walk.extent[1]});"


def written(line: Line, world: World) -> Iterator[str]:
    """Yield the statements of a write, and what is in the list after it."""
    op = line["op"]
    fields = fields_of(line, world)
    done = world.play(line)
    want = wanted(done)
    if op == "delete":
        yield "range_delete(&rl, range_at(&rl, {at}));".format(**fields)
    elif op == "clear":
        yield "while (range_first(&rl)) range_delete(&rl, range_first(&rl));"
    elif op == "replace":
        yield "change(range_at(&rl, {at}), (void *){value});".format(**fields)
        yield "range_changed(&rl, range_at(&rl, {at}), &work);".format(**fields)
    elif op in CALLS and line.get("gaps", "skip") == "skip":
        spares, call = (part.format(**fields) for part in CALLS[op])
        yield f"lend({spares});"
        yield f"check({call}, {want});"
    else:
        raise ScriptError(
            f"the C header has no {op!r} of that kind, want one of {', '.join(CALLS)}"
        )
    rows = "".join(f"[{shape.start}, {shape.stop})={shape.text} " for shape in done.after)
    yield f"has({quoted(rows)});"


def fields_of(line: Line, world: World) -> dict[str, str]:
    """Return what the calls of `CALLS` are filled with."""
    fields = {name: quoted(x) if name == "value" else str(x) for name, x in line.items()}
    if line["op"] == "resize":
        node = next((x for x in world.list if x.start <= line["at"] < x.stop), None)
        if node is not None:
            fields = {"start": str(node.start), "stop": str(node.stop), **fields}
    right = line.get("keep") == "right"
    sides = [f"range_at(&rl, {line.get('at')}{less})" for less in (" - 1", "")]
    fields["kept"], fields["gone"] = reversed(sides) if right else sides
    fields["split"] = "range_split_below" if right else "range_split"
    fields["node"] = "range({start}, {stop}, {value})".format(
        **{"start": "", "stop": "", "value": "", **fields}
    )
    return fields


def wanted(done: Done) -> str:
    """Return the number that a call must return.

    Raises: ScriptError, if it failed in a way that C has no number for.
    """
    if done.raised and done.raised not in ERRORS:
        raise ScriptError(f"C cannot say a call that fails: {done.error}")
    return ERRORS.get(done.raised, "0")
