"""One scenario in other systems.

Intervals 10-18 20-28 30-38 40-48 50-58; the loop stands on 30, and something is changed.

Every system is used as its users would: ordered by start, changed by its own methods in the body of
its own loop.  A cell is what it does *differently* from an E walk.
"""

from __future__ import annotations

import sqlite3
from bisect import insort
from contextlib import closing

from rangelist.ranges import RangeList

SPANS = [(start, start + 8) for start in range(10, 60, 10)]

# (what is dropped, what is put): a span that is put replaces one of the same start.
CHANGES = {
    "insert behind": ([], [(25, 27)]),
    "insert ahead": ([], [(38, 40)]),
    "remove current": ([30], []),
    "remove next": ([40], []),
    "merge with next": ([40], [(30, 48)]),
    "split current": ([], [(30, 34), (34, 38)]),
    "clear": ([10, 20, 30, 40, 50], []),
}
DUE = {
    "insert behind": [40, 50],
    "insert ahead": [38, 40, 50],
    "remove current": [40, 50],
    "remove next": [50],
    "merge with next": [50],
    "split current": [34, 40, 50],
    "clear": [],
}


class System:
    """What is walked and changed.  Nothing but a database has to be closed."""

    def close(self):
        pass


class AList(System):
    """A sorted list of tuples, as in most programs that have intervals."""

    def __init__(self):
        self.spans = list(SPANS)

    def __iter__(self):
        return (start for start, _ in self.spans)

    def drop(self, start):
        self.spans.remove(next(span for span in self.spans if span[0] == start))

    def put(self, start, stop):
        at = [span[0] for span in self.spans]
        if start in at:
            self.spans[at.index(start)] = (start, stop)
        else:
            insort(self.spans, (start, stop))


class ADict(System):
    """A dict from start to stop: in order of insertion."""

    def __init__(self, kind=dict):
        self.stops = kind(SPANS)

    def __iter__(self):
        return iter(self.stops)

    def drop(self, start):
        del self.stops[start]

    def put(self, start, stop):
        self.stops[start] = stop


class ASortedDict(ADict):
    """sortedcontainers.SortedDict."""

    def __init__(self):
        from sortedcontainers import SortedDict  # noqa: PLC0415 - only where it is installed

        super().__init__(SortedDict)


class AnIntervalTree(System):
    """intervaltree.IntervalTree; sorted, because the tree itself has no order."""

    def __init__(self):
        from intervaltree import IntervalTree  # noqa: PLC0415 - only where it is installed

        self.tree = IntervalTree.from_tuples(SPANS)

    def __iter__(self):
        return (span.begin for span in sorted(self.tree))

    def drop(self, start):
        self.tree.remove(next(span for span in self.tree if span.begin == start))

    def put(self, start, stop):
        if any(span.begin == start for span in self.tree):
            self.drop(start)
        self.tree.addi(start, stop)


class ATable(System):
    """SQLite through Python's own driver, the rows read and changed over one connection."""

    def __init__(self):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("create table spans (start integer primary key, stop integer)")
        self.db.executemany("insert into spans values (?, ?)", SPANS)

    def __iter__(self):
        return (start for (start,) in self.db.execute("select start from spans order by start"))

    def drop(self, start):
        self.db.execute("delete from spans where start = ?", (start,))

    def put(self, start, stop):
        self.db.execute("insert or replace into spans values (?, ?)", (start, stop))

    def close(self):
        self.db.close()


class AWalk(System):
    """RangeList.walk, changed by coordinates, not by the verbs that would fit better."""

    def __init__(self):
        self.rl = RangeList((start, stop, start) for start, stop in SPANS)

    def __iter__(self):
        return (node.start for node in self.rl.walk())

    def drop(self, start):
        self.rl.delete(self.rl.at(start))

    def put(self, start, stop):
        self.rl.set(start, stop, start)


SYSTEMS = {
    "`RangeList.walk`": AWalk,
    "`list` of tuples": AList,
    "`dict`": ADict,
    "`sortedcontainers.SortedDict`": ASortedDict,
    "`intervaltree`, `sorted(tree)`": AnIntervalTree,
    "SQLite, Python's `sqlite3`": ATable,
}


def rest(kind, change):
    """Return what a system delivers after 30, or the name of the error."""
    with closing(kind()) as system:
        try:
            return delivered(system, *CHANGES[change])
        except RuntimeError as error:
            return type(error).__name__


def delivered(system, drops, puts):
    """Return what comes after 30, where the system is changed."""
    out, met = [], False
    for start in system:
        if met:
            out.append(start)
        if start == 30 and not met:
            met = True
            for victim in drops:
                system.drop(victim)
            for span in puts:
                system.put(*span)
        if len(out) > 20:
            return "never ends"
    return out


def verdict(change, got):
    """Say in words how a result differs from what an E walk owes."""
    due = DUE[change]
    if got == due or isinstance(got, str):
        return got if isinstance(got, str) else "ok"
    there = {start for start, _ in [*SPANS, *CHANGES[change][1]]} - {*CHANGES[change][0]}
    words = [f"loses {start}" for start in due if start not in got]
    words += [f"delivers {start} again" for start in sorted({*got} - {*due}) if start in there]
    words += [f"delivers {start}, which is gone" for start in got if start not in there]
    return ", ".join(words) or "in another order"


def line(name, cells):
    """Return one line of the table."""
    return f"| {name} | {' | '.join(cells)} |"


def row(name):
    """Return the line of a Python system."""
    return line(name, [verdict(change, rest(SYSTEMS[name], change)) for change in CHANGES])


JAVA = """
import java.util.*;
import java.util.concurrent.*;

public class Comparison {
    static String rest(NavigableMap<Integer, Integer> m, int[] drops, int[][] puts) {
        StringBuilder out = new StringBuilder();
        for (int s = 10; s < 60; s += 10) m.put(s, s + 8);
        boolean met = false;
        try {
            for (int s : m.keySet()) {
                if (met) out.append(s).append(' ');
                if (s == 30 && !met) {
                    met = true;
                    for (int d : drops) m.remove(d);
                    for (int[] p : puts) m.put(p[0], p[1]);
                }
            }
        } catch (ConcurrentModificationException e) {
            return "ConcurrentModificationException";
        }
        return out.toString().trim();
    }
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        while (in.hasNextLine()) {
            String[] halves = in.nextLine().split("/", -1);
            int[] drops = Arrays.stream(halves[0].trim().split(" ")).filter(w -> !w.isEmpty())
                .mapToInt(Integer::parseInt).toArray();
            int[] flat = Arrays.stream(halves[1].trim().split(" ")).filter(w -> !w.isEmpty())
                .mapToInt(Integer::parseInt).toArray();
            int[][] puts = new int[flat.length / 2][];
            for (int i = 0; i < puts.length; i++)
                puts[i] = new int[] {flat[2 * i], flat[2 * i + 1]};
            System.out.println(rest(new ConcurrentSkipListMap<>(), drops, puts)
                + "/" + rest(new TreeMap<>(), drops, puts));
        }
    }
}
"""
JAVA_SYSTEMS = ["Java `ConcurrentSkipListMap`", "Java `TreeMap`"]


def java_input():
    """Return the changes as lines for the Java program."""
    return "".join(
        f"{' '.join(map(str, drops))}/{' '.join(f'{s} {e}' for s, e in puts)}\n"
        for drops, puts in CHANGES.values()
    )


def java_rows(output):
    """Return the lines of the table for what the Java program printed."""
    columns = [text.split("/") for text in output.splitlines()]
    for i, name in enumerate(JAVA_SYSTEMS):
        cells = []
        for change, column in zip(CHANGES, columns, strict=True):
            text = column[i]
            got = text if text[:1].isalpha() else [int(word) for word in text.split()]
            cells.append(verdict(change, got))
        yield line(name, cells)


def head():
    """Return the first two lines of the table."""
    return line("", CHANGES) + "\n" + "|---" * (len(CHANGES) + 1) + "|"
