"""Firewall rules made as few as possible: the last rule that matches an address decides.

Rules overlap and repeat; written one over the other they are disjoint ranges, and touching ranges
with the same answer are one.  Cut back into networks, that is the shortest list in which no rule
needs another.

    python examples/firewall_cidr.py
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

from rangelist import RangeList

RULES = """
deny  0.0.0.0/0
allow 10.0.0.0/9
allow 10.128.0.0/9
deny  10.1.2.0/24
allow 10.1.2.0/25
allow 10.1.2.128/25
allow 192.168.0.0/24
allow 192.168.1.0/24
allow 192.168.2.0/23
deny  192.168.3.128/25
allow 203.0.113.0/26
allow 203.0.113.64/26
"""

Rule = tuple[str, IPv4Network]


def parsed(text: str) -> Iterator[Rule]:
    """Yield the rules of a text, `allow NETWORK` or `deny NETWORK` a line."""
    for line in text.split("\n"):
        if line.strip():
            action, network = line.split()
            yield action, IPv4Network(network)


def decisions(rules: Iterable[Rule]) -> RangeList[int, str]:
    """Return for every address what is decided, later rules over earlier ones."""
    return RangeList((int(network[0]), int(network[-1]) + 1, action) for action, network in rules)


def minimised(rules: Iterable[Rule], default: str = "deny") -> list[Rule]:
    """Return the fewest disjoint rules that decide alike; what none matches is `default`."""
    return [
        (action, network)
        for start, stop, action in decisions(rules).sweep()
        if action != default
        for network in summarize_address_range(IPv4Address(start), IPv4Address(stop - 1))
    ]


def main() -> None:
    """Print what is left of the rules."""
    rules = list(parsed(RULES))
    short = minimised(rules)
    print(f"{len(rules)} rules say what {len(short)} say (and deny for the rest):")
    for action, network in short:
        print(f"{action} {network}")


if __name__ == "__main__":
    main()
