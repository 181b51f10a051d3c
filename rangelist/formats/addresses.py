"""Network addresses, one address, CIDR block or range a line, IPv4 and IPv6 in one file.

Addresses are whole numbers inside, so that the key behind 255.255.255.255 exists and spans stay
half-open; IPv4 and IPv6 are two groups.  Ranges are inclusive in the file, and shown so.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import Any, cast

from rangelist.errors import BadLineError
from rangelist.formats.base import LineFormat, Record, Want, as_fields, as_value, plain
from rangelist.formats.kinds import ADDRESS, Key, quote
from rangelist.node import Piece

__all__ = ["Addresses"]

V4, V6 = "IPv4", "IPv6"
# One word, perhaps with a second one behind a dash, then a note behind blanks or commas.
LINE = re.compile(r"([^\s,-]+)(?:\s*-\s*([^\s,-]+))?(?:[\s,]+(?!-)(.*))?")
BITS = {V4: 32, V6: 128}
FAMILIES = {V4: socket.AF_INET, V6: socket.AF_INET6}
TYPES: dict[str, type[IPv4Address | IPv6Address]] = {V4: IPv4Address, V6: IPv6Address}


def address(text: str) -> tuple[str, int]:
    """Return the version and the number of an address.

    `inet_pton` takes what `ipaddress` takes, without scopes, in a tenth of its time.
    """
    group = V6 if ":" in text else V4
    try:
        packed = socket.inet_pton(FAMILIES[group], text)
    except (OSError, ValueError):  # ValueError: a NUL, or letters that are no ASCII
        raise BadLineError(f"address is {quote(text)}, want an IPv4 or IPv6 address") from None
    return group, int.from_bytes(packed)


def block(text: str, prefix: str) -> tuple[str, int, int]:
    """Return version, start and stop of a CIDR block."""
    group, start = address(text)
    bits = BITS[group]
    if not (prefix.isdecimal() and prefix.isascii() and len(prefix) < 4 and int(prefix) <= bits):
        raise BadLineError(f"prefix is {quote(prefix)}, want a length from 0 to {bits}")
    size = 1 << (bits - int(prefix))
    if start % size:
        network = TYPES[group](start - start % size)
        raise BadLineError(f"{text}/{prefix} has host bits set, want {network}/{prefix}")
    return group, start, start + size


def between(first: str, last: str) -> tuple[str, int, int]:
    """Return version, start and stop of an inclusive range."""
    group, start = address(first)
    other, end = address(last)
    if group != other:
        raise BadLineError(f"{first} - {last} mixes {group} and {other}, want one of them")
    if end < start:
        raise BadLineError(f"{first} - {last} is reversed, want first - last")
    return group, start, end + 1


class Addresses(LineFormat):
    """Anything behind the address is a note; `#` and `;` begin a comment."""

    name = "addresses"
    about = "IP addresses: 10.0.0.1, 10.0.0.0/8, 10.0.0.1-10.0.0.9, 2001:db8::/32, a line each"
    endings = (".cidr", ".netset", ".ipset", ".ips")
    fields = ("note",)
    value = ("note",)
    inclusive = True
    grouped = "version"

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = ADDRESS

    def parse(self, line: str) -> Record | None:
        data = line.partition("#")[0].partition(";")[0].strip()
        if not data:
            return None
        match = LINE.fullmatch(data)
        if match is None:
            raise BadLineError(f"{quote(data)}, want an address, a block or first - last")
        first, last, note = match.groups()
        if last:
            group, start, stop = between(first, last)
        elif "/" in first:
            text, _, prefix = first.partition("/")
            group, start, stop = block(text, prefix)
        else:
            group, start = address(first)
            stop = start + 1
        return group, start, stop, as_value([note or ""] if self.chosen else [])

    def show_key(self, group: str, key: Key) -> str:
        """The key behind the last address is no address."""
        return str(TYPES[group](key)) if key < 1 << BITS[group] else "end"

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        """Return the fewest CIDR blocks that are the span, a line each."""
        kind: Any = TYPES[group]
        note = " ".join(map(plain, as_fields(piece.value, fields)))
        first, last = kind(piece.start), kind(piece.stop - 1)
        blocks = cast("Iterator[object]", summarize_address_range(first, last))
        return "\n".join(f"{block} {note}".rstrip() for block in blocks)
