"""How long should a block of the index be?  The default is the one that index.py calls LIMIT."""

from contest import Case
from families import lookups, writes

LENGTHS = (64, 128, 256, 512, 1024, 2048)

found = Case(
    "block size, lookup", "point look-ups, blocks of at most so many nodes", lambda n: 5_000
)
written = Case(
    "block size, set", "shuffled set, blocks of at most so many nodes", lambda n: min(n, 500)
)


def blocked(length, n):
    """Return a list whose blocks have another length."""
    from rangelist import RangeList
    from rangelist.chain import Chain
    from rangelist.node import Node

    rl = RangeList()
    index = Chain(length)
    index.fill([Node(start, stop, value) for start, stop, value in writes.items(n)])
    rl._chain = index
    return rl


for _length in LENGTHS:
    found.by(f"{_length}", kind="block")(
        lambda n, length=_length: lookups.asked(blocked(length, n).at, lookups.hit, n)
    )

    @written.by(f"{_length}", kind="block")
    def _(n, length=_length):
        rl = blocked(length, n)
        return writes.job(rl, rl.set, rl.remove, writes.shuffled, n)
