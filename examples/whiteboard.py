"""The kernel developer's whiteboard: every way in which a change of memory areas merges.

The library carries out each case and draws what happened; docs/systems.md shows this output.

    python examples/whiteboard.py
"""

from collections.abc import Callable

from rangelist import Edit, Node, Policy, RangeList

Areas = RangeList[int, str]


def show(title: str, areas: Areas, change: Callable[[Areas], object]) -> None:
    """Carry out a change; print its picture, and what became of the areas P, M and N."""
    names = dict(zip("PMN" if len(areas) == 3 else "PN", list(areas), strict=True))
    edits: list[Edit[int, str]] = []
    areas.subscribe(edits.append)
    change(areas)
    for edit in edits:
        print(f"{title}: {edit.case}; {', '.join(fate(*item) for item in names.items())}")
        print(edit.draw(58))
        print()


def fate(name: str, node: Node[int, str]) -> str:
    """Say what became of an area."""
    return f"{name} is [{node.start}, {node.stop})" if node.alive else f"{name} is gone"


def two(left: str, right: str) -> Areas:
    """Return P and N with free space between them."""
    return RangeList([(0, 8, left), (16, 24, right)])


def three(left: str, right: str, policy: Policy[int, str] | None = None) -> Areas:
    """Return P, M and N, touching."""
    items = [(0, 8, left), (8, 20, "m"), (20, 28, right)]
    return RangeList(items) if policy is None else RangeList(items, policy=policy)


def main() -> None:
    """Draw all cases."""
    print("A new range\n")
    show("none", two("p", "n"), lambda areas: areas.set(10, 14, "x"))
    show("1 left", two("p", "n"), lambda areas: areas.set(8, 12, "p"))
    show("2 right", two("p", "n"), lambda areas: areas.set(12, 16, "n"))
    show("3 both", two("a", "a"), lambda areas: areas.set(8, 16, "a"))
    print("A part of an existing area M changes\n")
    show("4 interior", three("p", "n"), lambda areas: areas.transform(lambda area: "x", 12, 16))
    show("5 in place", three("p", "n"), lambda areas: areas.transform(lambda area: "x", 8, 20))
    show("6 low edge", three("p", "n"), lambda areas: areas.transform(lambda area: "x", 8, 12))
    show("6 high edge", three("p", "n"), lambda areas: areas.transform(lambda area: "x", 16, 20))
    show("7 left part", three("p", "n"), lambda areas: areas.transform(lambda area: "p", 8, 12))
    show("8 left full", three("p", "n"), lambda areas: areas.transform(lambda area: "p", 8, 20))
    show("9 right part", three("p", "n"), lambda areas: areas.transform(lambda area: "n", 16, 20))
    show("10 right full", three("p", "n"), lambda areas: areas.transform(lambda area: "n", 8, 20))
    show("11 both", three("a", "a"), lambda areas: areas.transform(lambda area: "a", 8, 20))
    print("A pinned area (hook yields) is not deleted\n")
    last = Policy[int, str](yields=lambda area: area.start != 20)
    middle = Policy[int, str](yields=lambda area: area.start != 8)
    show(
        "both, N pinned",
        three("a", "a", last),
        lambda areas: areas.transform(lambda _: "a", 8, 20),
    )
    show(
        "both, M pinned",
        three("a", "a", middle),
        lambda areas: areas.transform(lambda _: "a", 8, 20),
    )


if __name__ == "__main__":
    main()
