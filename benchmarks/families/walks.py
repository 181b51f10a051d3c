"""From the first node to the last, with and without changing them on the way."""

from contest import Case, items, touching

plain = Case("walk", "every node, nothing changes", lambda n: n)
editing = Case(
    "walk while editing", "every third node is removed and one put in its gap", lambda n: n
)

joining = Case(
    "walk and merge", "neighbours with equal values, three of them each, become one", lambda n: n
)
thinning = Case("walk and delete", "every second node goes", lambda n: n)


def exhausted(iterable):
    """Return a run that walks to the end and does nothing on the way."""

    def run():
        for _ in iterable():
            pass

    return run


@plain.own
def _(n):
    from rangelist import RangeList

    rl = RangeList.build(items(n))
    return exhausted(rl.__iter__)


@plain.floor("a list of the same objects")
def _(n):
    from peers import Link

    links = [Link(value) for _, _, value in items(n)]
    return exhausted(lambda: links)


@plain.floor("a generator over a linked list")
def _(n):
    from peers import linked, walk

    head = linked(value for _, _, value in items(n))
    return exhausted(lambda: walk(head))


@plain.by("llist", "llist", "native")
def _(n):
    from llist import dllist

    chain = dllist(items(n))
    return exhausted(chain.iternodes)


@plain.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    return exhausted(RangeMap.from_iterable(items(n)).ranges)


@plain.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    return exhausted(HandMap(items(n)).spans.items)


@plain.by("intervaltree", "intervaltree")
def _(n):
    from intervaltree import IntervalTree

    tree = IntervalTree.from_tuples(items(n))
    return exhausted(lambda: sorted(tree))  # a tree has no order of its own


@plain.by("portion", "portion", most=10_000)
def _(n):
    from portion import IntervalDict, closedopen

    d = IntervalDict()
    d._storage.update({closedopen(a, b): v for a, b, v in items(n)})
    return exhausted(d.items)


# ---- editing ---------------------------------------------------------------------------------
# The list is rebuilt between the runs; each peer does it in the way that its manual allows.


@editing.own
def _(n):
    from rangelist import RangeList

    state = [RangeList.build(items(n))]

    def run():
        rl = state[0]
        for node in rl:
            if node.value % 3 == 0:
                _start, stop, value = node
                rl.delete(node)
                rl.insert(stop + 1, stop + 3, value + 1)

    return run, lambda: state.__setitem__(0, RangeList.build(items(n)))


@editing.by("llist", "llist", "native")
def _(n):
    from llist import dllist

    state = [dllist(items(n))]

    def run():
        chain = state[0]
        node = chain.first
        while node is not None:
            following = node.next
            _start, stop, value = node.value
            if value % 3 == 0:
                chain.insertafter((stop + 1, stop + 3, value + 1), node)
                chain.remove(node)
            node = following

    return run, lambda: state.__setitem__(0, dllist(items(n)))


@editing.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    state = [RangeMap.from_iterable(items(n))]

    def run():
        rm = state[0]
        for found in list(rm.ranges()):
            start, stop, value = found.start, found.stop, found.value
            if value % 3 == 0:
                rm.delete(start, stop)
                rm.set(value + 1, stop + 1, stop + 3)

    return run, lambda: state.__setitem__(0, RangeMap.from_iterable(items(n)))


@editing.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    state = [HandMap(items(n))]

    def run():
        hand = state[0]
        for start, (stop, value) in list(hand.spans.items()):
            if value % 3 == 0:
                hand.remove(start, stop)
                hand.set(stop + 1, stop + 3, value + 1)

    return run, lambda: state.__setitem__(0, HandMap(items(n)))


@editing.by("intervaltree", "intervaltree", most=100_000)
def _(n):
    from intervaltree import IntervalTree

    state = [IntervalTree.from_tuples(items(n))]

    def run():
        tree = state[0]
        for found in sorted(tree):
            if found.data % 3 == 0:
                tree.remove(found)
                tree.addi(found.end + 1, found.end + 3, found.data + 1)

    return run, lambda: state.__setitem__(0, IntervalTree.from_tuples(items(n)))


# ---- merging and deleting on the way -----------------------------------------------------------


def renewed(make, change):
    """Return a run that changes a fresh list, and an undo that makes it fresh."""
    state = [make()]
    return lambda: change(state[0]), lambda: state.__setitem__(0, make())


def triples(n):
    return touching(n, lambda i: i // 3)


def apart(n):
    from rangelist import NEVER, RangeList

    return RangeList.build(triples(n), policy=NEVER)


@joining.own
def _(n):
    def change(rl):
        last = None
        for node in rl:
            same = last is not None and last.value == node.value
            last = rl.merge(last, node) if same else node

    return renewed(lambda: apart(n), change)


@joining.variant("rangelist, coalesce")
def _(n):
    from rangelist import EQUAL

    return renewed(lambda: apart(n), lambda rl: rl.coalesce(policy=EQUAL))


@joining.by("a list of tuples, made anew")
def _(n):
    def change(rows):
        merged = []
        for start, stop, value in rows:
            if merged and merged[-1][1] == start and merged[-1][2] == value:
                merged[-1] = merged[-1][0], stop, value
            else:
                merged.append((start, stop, value))
        return merged

    rows = triples(n)
    return lambda: change(rows)


@thinning.own
def _(n):
    from rangelist import RangeList

    def change(rl):
        for node in rl:
            if node.value & 1:
                rl.delete(node)

    return renewed(lambda: RangeList.build(items(n)), change)


@thinning.variant("rangelist, built from a filter")
def _(n):
    from rangelist import RangeList

    rl = RangeList.build(items(n))
    return lambda: RangeList.from_sorted(node for node in rl if not node.value & 1)


@thinning.by("a list of tuples, made anew")
def _(n):
    rows = items(n)
    return lambda: [row for row in rows if not row[2] & 1]


@thinning.by("llist", "llist", "native")
def _(n):
    from llist import dllist

    def change(chain):
        node = chain.first
        while node is not None:
            following = node.next
            if node.value[2] & 1:
                chain.remove(node)
            node = following

    return renewed(lambda: dllist(items(n)), change)
