"""Writes that somebody watches: hooks, subscribers, transactions, and what takes them back."""

from contest import Case, items, some

MOST = 500


def steps(n):
    return min(n, MOST)


merging = Case("set, with a merge hook", "inside nodes, then touching on both sides", steps)
hooked = Case("set, with four hooks", "the same, with same, merge, split and yields", steps)
watched = Case("set, watched", "inside nodes, with a subscriber", steps)
grouped = Case("set, in a transaction", "all writes in one", steps)
kept = Case("set, with History", "inside nodes; each write can be taken back", steps)
undone = Case("undo and redo", "all writes are taken back, then made again", lambda n: 2 * steps(n))


def spans(n):
    return [(10 * i + 2, 10 * i + 4, -1 - i) for i in some(n, MOST)]


def filled(n, policy=None):
    from rangelist import EQUAL, RangeList

    return RangeList.build(items(n), policy=policy or EQUAL)


def written(rl, n, around=None):
    """Return a run that writes inside nodes, and an undo that makes them whole."""
    work = spans(n)

    def run():
        for start, stop, value in work:
            rl.set(start, stop, value)

    def undo():
        for start, _, value in work:
            rl.set(start - 2, start + 4, -1 - value)

    return run if around is None else lambda: around(run), undo


def never_watched(n):
    return written(filled(n), n)


for _case in (merging, hooked, watched, grouped, kept):
    _case.variant("no hook, not watched")(never_watched)
del _case  # or it would be taken for one more


# ---- hooks ---------------------------------------------------------------------------------------


def left_value(left, right):
    return left.value


def equal(left, right):
    return left.value == right.value


def twice(node, at):
    return node.value, node.value


@merging.own
def _(n):
    from rangelist import Policy

    return written(filled(n, Policy(merge=left_value)), n)


@hooked.own
def _(n):
    from rangelist import Policy

    hooks = Policy(same=equal, merge=left_value, split=twice, yields=lambda node: True)
    return written(filled(n, hooks), n)


# ---- records -------------------------------------------------------------------------------------


@watched.own
def _(n):
    rl = filled(n)
    rl.subscribe(lambda edit: None)
    return written(rl, n)


@grouped.own
def _(n):
    rl = filled(n)

    def around(run):
        with rl.transaction():
            run()

    return written(rl, n, around)


@kept.own
def _(n):
    from rangelist import History

    rl = filled(n)
    history = History(rl)
    run, undo = written(rl, n)

    def again():
        undo()
        history.forget()

    return run, again


def logged(n):
    """Return a list, and a write that notes in a log by hand what was there."""
    rl, log = filled(n), []

    def write(start, stop, value):
        log.append((start, stop, [tuple(node) for node in rl.overlapping(start, stop)], value))
        rl.set(start, stop, value)

    return rl, log, write


@kept.variant("and a log by hand")
def _(n):
    rl, log, write = logged(n)
    work = spans(n)
    _, undo = written(rl, n)

    def run():
        for span in work:
            write(*span)

    def again():
        undo()
        log.clear()

    return run, again


@undone.own
def _(n):
    from rangelist import History

    rl = filled(n)
    history = History(rl)
    written(rl, n)[0]()

    def run():
        while history.undo():
            pass
        while history.redo():
            pass

    return run


@undone.variant("and a log by hand")
def _(n):
    rl, log, write = logged(n)
    for span in spans(n):
        write(*span)

    def run():
        for start, stop, before, _ in reversed(log):
            rl.remove(start, stop)
            for piece in before:
                rl.set(*piece)
        for start, stop, _, value in log:
            rl.set(start, stop, value)

    return run


@undone.variant("the writes alone")
def _(n):
    run, undo = never_watched(n)

    def both():
        undo()
        run()

    return both
