"""An allocator: n live blocks of 16 to 256 bytes, taken and freed in turn."""

from itertools import count
from random import Random

from contest import Case

MOST = 2_000
SIZES = (100, 100_000)

first = Case("allocator, first fit", "the lowest hole", lambda n: MOST, sizes=SIZES)
aligned = Case("allocator, aligned", "the lowest place at 64", lambda n: MOST, sizes=SIZES)
best = Case("allocator, best fit", "the smallest hole", lambda n: MOST, sizes=(100, 15_000))
after = Case("allocator, next fit", "from the last place on", lambda n: MOST, sizes=SIZES)
OPTIONS = {first: {}, aligned: {"align": 64}, best: {"fit": "best"}, after: {"fit": "next"}}


def held(n):
    """Return n blocks in a heap of which half is free, and its end."""
    draw = Random(n)
    at, found = 0, []
    for _ in range(2 * n):
        size = draw.randrange(16, 257, 8)
        found.append((at, at + size))
        at += size
    return sorted(draw.sample(found, n)), at + 1_000_000


def script(n):
    """Return operations: a size to take, or (0, which one is freed)."""
    draw = Random(n + 1)
    return [(draw.randrange(16, 257, 8) if i % 2 else 0, draw.random()) for i in range(MOST)]


def rangelist(case, n):
    from rangelist import RangeList

    blocks, end = held(n)
    options = OPTIONS[case]
    rl = RangeList.from_sorted((a, b, i) for i, (a, b) in enumerate(blocks))
    nodes, todo = list(rl), script(n)
    rl.find_gap(8, 0, end, **options)
    serials = count(n)  # never one twice: equal values merge, and a block could not be freed

    def run():
        for size, which in todo:
            if size:
                place = rl.find_gap(size, 0, end, **options)
                nodes.append(rl.insert(place.start, place.stop, next(serials)))
            else:
                at = int(which * len(nodes))
                nodes[at], nodes[-1] = nodes[-1], nodes[at]
                rl.delete(nodes.pop())

    return run


class FreeList:
    """Holes by start, in a SortedDict, and by stop, so that neighbours join in one look."""

    def __init__(self, blocks, end):
        from sortedcontainers import SortedDict

        self.holes = SortedDict()
        at = 0
        for start, stop in blocks:
            if at < start:
                self.holes[at] = start
            at = stop
        self.holes[at] = end
        self.by_stop = {stop: start for start, stop in self.holes.items()}
        self.reached = 0

    def found(self, case, size):
        """Return the hole that is taken, and the place in it."""
        align = 64 if case is aligned else 1
        holes = self.holes
        if case is after:
            for low in holes.irange(self.reached):
                if holes[low] - low >= size:
                    return low, low
        tight = None
        for low, high in holes.items():
            at = -(-low // align) * align
            if high - at >= size:
                if case is not best:
                    return low, at
                if tight is None or high - low < tight[0]:
                    tight = high - low, low
        return tight[1], tight[1]

    def take(self, case, size):
        low, at = self.found(case, size)
        high = self.holes.pop(low)
        del self.by_stop[high]
        if low < at:
            self.holes[low] = at
            self.by_stop[at] = low
        if at + size < high:
            self.holes[at + size] = high
            self.by_stop[high] = at + size
        self.reached = at + size
        return at, at + size

    def free(self, start, stop):
        if start in self.by_stop:
            start = self.by_stop.pop(start)
            del self.holes[start]
        if stop in self.holes:
            stop = self.holes.pop(stop)
            del self.by_stop[stop]
        self.holes[start] = stop
        self.by_stop[stop] = start


def free_list(case, n):
    blocks, end = held(n)
    free, todo = FreeList(blocks, end), script(n)

    def run():
        for size, which in todo:
            if size:
                blocks.append(free.take(case, size))
            else:
                at = int(which * len(blocks))
                blocks[at], blocks[-1] = blocks[-1], blocks[at]
                free.free(*blocks.pop())

    return run


for _case in OPTIONS:
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.by("a free list of SortedDict", "sortedcontainers")(
        lambda n, case=_case: free_list(case, n)
    )
del _case
