"""Whole columns at once: read them, lay them out as nodes, answer a column of questions.

    starts  [ 0,  3, 10 ]                a column is any sequence of keys: a list, an array.array,
    stops   [ 3,  8, 12 ]                a numpy array, a pandas or Arrow column, a buffer
    values  ["a","b","a"]

Every key becomes a Python object on the way in, so numbers of numpy never wrap here.  Where numpy
is loaded already and the columns are machine numbers, it sorts and searches them; it is never
imported by this library, and the answers are the same without it.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate, chain, compress, repeat
from operator import itemgetter, lt
from typing import Any, Final, Generic, cast

from rangelist.bulk import checked
from rangelist.chain import Chain, get_ident
from rangelist.door import EXACT, PLAIN
from rangelist.errors import ItemError
from rangelist.keys import COMPARE_ERRORS, K, V, check_key, explain_key
from rangelist.node import Node
from rangelist.overlaps import BagChain
from rangelist.stream import Row
from rangelist.summary import Peaks

__all__ = ["column", "columns_of", "counts", "hits", "united", "values_at", "zipped"]

# How other libraries call the method that returns Python objects.
READERS: Final = ("tolist", "to_pylist", "to_list")


# ---- reading columns -----------------------------------------------------------------------------


def column(name: str, given: Any) -> list[Any]:
    """Return a column as a list of Python objects.

    Raises: ItemError, if it is no column, has more than one dimension, or holds times of a unit
        that Python has no object for.
    """
    if isinstance(given, str):
        raise ItemError(f"column {name} is {given!r}, want a sequence of keys or values")
    plain = isinstance(cast("object", given), (list, tuple, range))
    found: list[Any] | None = None if plain else foreign(name, given)
    if found is None:
        try:
            found = list(given)
        except TypeError as error:
            raise ItemError(f"column {name} is {given!r}, want a sequence") from error
    kinds = [kind for kind in set(map(type, found)) if kind.__module__ == "numpy"]
    if any(hasattr(kind, "item") for kind in kinds):
        found = [each.item() if type(each) in kinds else each for each in found]
    return found


def foreign(name: str, given: Any) -> list[Any] | None:
    """Return the Python objects of an array or a buffer; `None` if it is neither."""
    if getattr(given, "ndim", 1) != 1:
        raise ItemError(f"column {name} has {given.ndim} dimensions, want one")
    if getattr(getattr(given, "dtype", None), "str", "")[1:] in ("M8[ns]", "m8[ns]"):
        raise ItemError(f"column {name} counts nanoseconds, want microseconds, as datetime does")
    for reader in READERS:
        read = getattr(given, reader, None)
        if read is not None:
            return list(read())
    try:
        view = memoryview(given)
    except TypeError:
        return None
    return column(name, view)


def zipped(starts: Any, stops: Any, values: Any) -> list[Row[Any, Any]]:
    """Return three columns as rows, each `start < stop`; without values each is `None`.

    Raises: ItemError, if the columns are not of one length; errors as `checked`.
    """
    lows, highs = column("starts", starts), column("stops", stops)
    told: Any = repeat(None, len(lows)) if values is None else column("values", values)
    lengths = [len(lows), len(highs), len(lows) if values is None else len(told)]
    if lengths != [len(lows)] * 3:
        raise ItemError("columns have {}, {} and {} rows, want one length".format(*lengths))
    found: list[Any] = list(zip(lows, highs, told, strict=True))
    return found if plain_spans(lows, highs) else checked(found)


def plain_spans(lows: list[Any], highs: list[Any]) -> bool:
    """Tell quickly that nothing speaks against any of many spans."""
    try:
        return set(map(type, lows)) | set(map(type, highs)) <= PLAIN and all(map(lt, lows, highs))
    except COMPARE_ERRORS:
        return False


def arrays(*given: Any) -> list[Any] | None:
    """Return columns as numpy arrays of one type of machine numbers; `None` where that costs more.

    A list would have to be converted first, which takes longer than what is gained.
    """
    numpy: Any = sys.modules.get("numpy")
    if numpy is None:
        return None
    made: list[Any] = []
    for each in given:
        if not isinstance(each, (numpy.ndarray, array, memoryview)):
            return None
        found: Any = numpy.asarray(each)
        kind: Any = found.dtype
        if found.ndim != 1 or kind.kind not in "iuf" or kind.itemsize > 8 or not kind.isnative:
            return None
        if made and (kind != made[0].dtype or len(found) != len(made[0])):
            return None
        made.append(found)
    return made


# ---- laying them out -----------------------------------------------------------------------------


def columns_of(index: Chain[K, V]) -> tuple[list[K], list[K], list[V]]:
    """Return the starts, the stops and the values of all nodes, in order.

    Cost: O(n), no comparisons; the starts leave the directory block by block.
    """
    nodes = list(chain.from_iterable(index.nodes))
    starts: list[K] = list(chain.from_iterable(index.starts))
    return starts, [node._stop for node in nodes], [node._value for node in nodes]


def united(starts: Any, stops: Any) -> list[Node[Any, None]]:
    """Return the maximal spans that the rows of two columns cover, as nodes without a value.

        [-----)[--)      [---)       any order, any overlap
           [----)     [-----)
        [----------)  [------)

    Both columns are sorted by themselves: a hole follows the i-th stop where the next start, of all
    of them in order, lies behind it.

    Cost: two sorts; O(n) comparisons besides.
    Raises: errors as `zipped`.
    """
    columns = arrays(starts, stops)
    if columns is not None and len(columns[0]) and (columns[0] < columns[1]).all():
        numpy: Any = sys.modules["numpy"]
        lows, highs = numpy.sort(columns[0]), numpy.sort(columns[1])
        apart = highs[:-1] < lows[1:]
        first, last = numpy.append(True, apart), numpy.append(apart, True)
        return list(map(Node, lows[first].tolist(), highs[last].tolist(), repeat(None)))
    given: list[Row[Any, Any]] = zipped(starts, stops, None)
    try:
        begins, ends = sorted(map(itemgetter(0), given)), sorted(map(itemgetter(1), given))
        begun = [True, *map(lt, ends, begins[1:])]
    except COMPARE_ERRORS as error:
        raise explain_key(error, given[0][0], given[-1][0]) from error
    ended = compress(ends, [*begun[1:], True])
    return list(map(Node, compress(begins, begun), ended, repeat(None)))


def later(stop: Any, other: Any) -> Any:
    """Return the later one of two stops, by `<` alone."""
    return other if stop < other else stop  # noqa: FURB136 - max would ask `>`


# ---- a column of questions -----------------------------------------------------------------------


def values_at(index: Chain[K, V], keys: Any, default: Any) -> list[Any]:
    """Return the value at each key, in the order of the keys; `default` where no node is.

    Cost: O(m log m + blocks) for m keys: they are looked up in order, which is kind to caches.
    Raises: NanKeyError; UnorderedKeyError; ItemError.
    """
    ready = machine(index, keys)
    if ready is not None:
        return values_by_numpy(ready[1], ready[0][0], default)
    wanted = column("keys", keys)
    for key in wanted:
        if type(key) not in EXACT:
            check_key(key, index)
    found: list[Any] = [default] * len(wanted)
    if not index.size:
        return found
    try:
        order = sorted(range(len(wanted)), key=wanted.__getitem__)
        b, last = -1, len(index.firsts) - 1
        for at in order:
            key = wanted[at]
            if b < last and not key < index.firsts[b + 1]:
                b = bisect_right(index.firsts, key, b + 1) - 1
            if b >= 0:
                node = index.nodes[b][bisect_right(index.starts[b], key) - 1]
                if key < node._stop:
                    found[at] = node._value
    except COMPARE_ERRORS as error:
        raise explain_key(error, wanted[0], index.firsts[0]) from error
    return found


class Machine:
    """The nodes of a directory as arrays of machine numbers, for numpy."""

    __slots__ = ("code", "ends", "starts", "stops", "values")

    def __init__(self, index: Chain[Any, Any]) -> None:
        numpy: Any = sys.modules["numpy"]
        starts, stops, self.values = columns_of(index)
        kinds = set(map(type, starts)) | set(map(type, stops))
        self.code = "q" if kinds == {int} else "d" if kinds == {float} else ""
        try:
            self.starts, self.stops = (
                numpy.asarray(array(self.code or "b", keys if self.code else ()))
                for keys in (starts, stops)
            )
        except OverflowError:
            self.code = ""
        self.ends: Any = None  # the stops in order, once they are asked for


def machine(index: Chain[K, V], *given: Any) -> tuple[list[Any], Machine] | None:
    """Return columns of keys as arrays, and the nodes as arrays of that type, if all are of one.

    Numbers of two types are left to Python, which compares them exactly; so is a NaN, which the
    loop refuses.  The arrays are kept until the list changes: 24 bytes a node.
    """
    asked = arrays(*given)
    if asked is None or not len(asked[0]) * 8 >= index.size > 0:
        return None
    numpy: Any = sys.modules["numpy"]
    kind: Any = asked[0].dtype
    code = "d" if kind.kind == "f" else "q"
    if (kind.kind == "u" and kind.itemsize == 8) or any(numpy.isnan(each).any() for each in asked):
        return None
    notes = index.noted()
    changes = notes.changes
    own: Machine | None = notes.kept[1]
    if own is None or notes.kept[0] != changes:
        own = Machine(index)
        notes.kept = changes, own
    return ([each.astype(code) for each in asked], own) if own.code == code else None


def values_by_numpy(own: Machine, keys: Any, default: Any) -> list[Any]:
    """Return the value at each key of an array."""
    at = own.starts.searchsorted(keys, "right") - 1
    covered: Any = (at >= 0) & (keys < own.stops[at])
    values = own.values
    pairs = zip(at.tolist(), covered.tolist(), strict=True)
    return [values[i] if there else default for i, there in pairs]


def windows(bag: BagChain[K, V], starts: Any, stops: Any) -> tuple[list[Any], list[Any]]:
    """Return two columns of window ends.

    Raises: EmptySpanError, if a window is reversed; NanKeyError; UnorderedKeyError; ItemError.
    """
    lows, highs = column("starts", starts), column("stops", stops)
    if len(lows) != len(highs):
        raise ItemError(f"columns have {len(lows)} and {len(highs)} rows, want one length")
    if not plain_spans(lows, highs):
        for low, high in zip(lows, highs, strict=True):
            check_key(low, bag, "start")
            check_key(high, bag, "stop")
            bag.check_ends(low, high)
    return lows, highs


def counts_by_numpy(own: Machine, lows: Any, highs: Any) -> list[int]:
    """Return for each window of two arrays how many nodes overlap it."""
    if own.ends is None:
        own.ends = own.stops.copy()
        own.ends.sort()
    before = own.starts.searchsorted(highs, "left") - own.ends.searchsorted(lows, "right")
    before[lows == highs] = 0
    found: list[int] = before.tolist()
    return found


def counts(bag: BagChain[K, V], starts: Any, stops: Any) -> list[int]:
    """Return for each window how many nodes overlap it; none overlaps an empty one.

    They start before its stop, less those that stop by its start.

    Cost: O(log n) a window, and O(n) once.
    Raises: as `windows`.
    """
    ready = machine(bag, starts, stops)
    if ready is not None and (ready[0][0] <= ready[0][1]).all():
        return counts_by_numpy(ready[1], *ready[0])
    lows, highs = windows(bag, starts, stops)
    if not lows or bag.head is None:
        return [0] * len(lows)
    bag.reader = get_ident()
    try:
        begins, known = list(chain.from_iterable(bag.starts)), bag.settled_ends()
        ends = known.in_order()
        bag.ends = [known]
        return [
            bisect_left(begins, high) - bisect_right(ends, low) if low < high else 0
            for low, high in zip(lows, highs, strict=True)
        ]
    except COMPARE_ERRORS as error:
        raise explain_key(error, lows[0], bag.head._start) from error
    finally:
        bag.reader = 0


class Reach(Generic[K, V]):
    """The nodes of a bag in one row, and how far they reach.

    stops      12  4  9 30  7         of each node
    furthest   12 12 12 30 30         of all up to it: a search to the left ends at the first place
                                      that is not behind the window's start
    """

    __slots__ = ("furthest", "nodes", "peaks", "starts", "stops")

    def __init__(self, bag: BagChain[K, V]) -> None:
        self.nodes = list(chain.from_iterable(bag.nodes))
        self.starts: list[K] = list(chain.from_iterable(bag.starts))
        self.stops = [node._stop for node in self.nodes]
        self.furthest = list(accumulate(self.stops, later))
        self.peaks: Peaks[K] | None = None  # made for the first search past a node that ends early

    def over(self, low: K, high: K) -> list[Node[K, V]]:
        """Return the nodes that overlap a window, in order."""
        nodes, stops, furthest = self.nodes, self.stops, self.furthest
        found: list[Node[K, V]] = []
        at = bisect_left(self.starts, high) - 1 if low < high else -1
        while at >= 0 and low < furthest[at]:
            if low < stops[at]:
                found.append(nodes[at])
                at -= 1
            else:
                if self.peaks is None:
                    self.peaks = Peaks(stops)
                peaks: Any = self.peaks
                at = peaks.last(at - 1, low, True)
        found.reverse()
        return found


def hits(bag: BagChain[K, V], starts: Any, stops: Any) -> list[list[Node[K, V]]]:
    """Return for each window the nodes that overlap it, in order.

    Cost: O((k + 1) log n) a window at most, and O(n) once.
    Raises: as `windows`.
    """
    lows, highs = windows(bag, starts, stops)
    if not lows or bag.head is None:
        return [[] for _ in lows]
    bag.reader = get_ident()
    try:
        reach = Reach(bag)
        return [reach.over(low, high) for low, high in zip(lows, highs, strict=True)]
    except COMPARE_ERRORS as error:
        raise explain_key(error, lows[0], bag.head._start) from error
    finally:
        bag.reader = 0
