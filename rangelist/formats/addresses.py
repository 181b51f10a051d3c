"""Network addresses: addresses, blocks and ranges, IPv4 and IPv6 in one file.

Addresses are whole numbers inside, so that the key after 255.255.255.255 exists and spans stay
half-open; IPv4 and IPv6 are two groups.  Ranges are inclusive in the file, and shown so.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import repeat
from operator import add, mod
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Format, Row, Want, parts_of, unbroken
from rangelist.formats.kinds import ADDRESS, Key, quote

__all__ = ["Addresses", "blocks", "joined", "number_of", "parted", "text_of", "window"]

V4, V6 = "IPv4", "IPv6"
BITS = {V4: 32, V6: 128}
FAMILIES = {V4: socket.AF_INET, V6: socket.AF_INET6}
SIXES = 1 << 33  # where IPv6 begins if both are in one row of numbers
ALL_ONES = (1 << 32) - 1
CLASS_D = 0xE0 << 24  # 224.0.0.0, the first address that is no host

# What may stand at the beginning of a line, and what had better not stand in a note.
WORD = re.compile(r"""[\["]*(?:\d+\.){3}\d+|[\["]*[0-9a-fA-F]*:[0-9a-fA-F:.]*:""")
NOTED = re.compile(
    r"""^/\d\S*|(?<![\w.:-])(?:(?:\d+\.){3}\d+(?:/\d+)?(?![\w.])|[\da-fA-F:]*::[\da-fA-F:.]*)"""
)
# One word, perhaps with a second one behind a dash or "to", and what divides it from the next.
ITEM = re.compile(
    r"""([^\s,;-]+)(?:\s*-\s*([^\s,;-]+)|\s+to\s+(?=[\["]*[\da-f]*[.:])([^\s,;-]+))?(?:[\s,;]+|$)""",
    re.IGNORECASE,
)
ONE = "an address, a block or first - last"

Span = tuple[str, int, int]  # version, start, stop


def number_of(text: str) -> tuple[str, int]:
    """Return the version and the number of an address.

    `inet_pton` takes what `ipaddress` takes, without scopes, in a tenth of its time.

    Raises: BadLineError.
    """
    group = V6 if ":" in text else V4
    try:
        packed = socket.inet_pton(FAMILIES[group], text)
    except (OSError, ValueError):  # ValueError: a NUL, or letters that are not ASCII
        why = ""
        if "%" in text and group == V6:
            why = " without a zone id: a zone has no place among numbers"
        elif group == V4 and re.fullmatch(r"(\d+\.){3}\d+", text) and re.search(r"\b0\d", text):
            why = " without leading zeros: some programs take them for octal"
        raise BadLineError(f"address is {quote(text)}, want an IPv4 or IPv6 address{why}") from None
    return group, int.from_bytes(packed, "big")


def ntoa(number: int) -> str:
    """Return an IPv4 address as text."""
    return socket.inet_ntoa(number.to_bytes(4, "big"))


def text_of(group: str, number: int) -> str:
    """Return an address as text; the key after the last one is `end`."""
    size = BITS[group]
    if number >> size:
        return "end"
    if group == V4:
        return ntoa(number)
    if not number >> 48:  # IPv4 inside: C libraries and `ipaddress` disagree
        from ipaddress import IPv6Address  # noqa: PLC0415  it takes long to import

        return str(IPv6Address(number))
    return socket.inet_ntop(socket.AF_INET6, number.to_bytes(16, "big"))


def joined(group: str, number: int) -> int:
    """Return a number that orders addresses of both versions."""
    return number + SIXES * (group == V6)


def parted(key: int) -> tuple[str, int]:
    """Take such a number apart."""
    return (V6, key - SIXES) if key >= SIXES else (V4, key)


def prefix_of(group: str, text: str) -> int | None:
    """Return the length that a prefix, a netmask or a wildcard gives; None if it is none."""
    from ipaddress import ip_network  # noqa: PLC0415  see `text_of`

    with suppress(ValueError):
        return ip_network(f"{text_of(group, 0)}/{text}").prefixlen
    return None


def bare(word: str) -> str:
    """Return an address without quotes and square brackets."""
    word = word.strip('"')
    return word[1:-1] if word[:1] == "[" and word[-1:] == "]" and ":" in word else word


class Addresses(Format):
    """Anything behind the addresses is a note; `#` and `;` begin a comment."""

    name = "addresses"
    about = "IP addresses: 10.0.0.1, 10.0.0.0/8, 10.0.0.1-10.0.0.9, 2001:db8::/32"
    details = """\
A line holds blocks, 10.0.0.0/8, 192.168.0.0/16, or one of
    10.0.0.1                       10.0.0.1 - 10.0.0.9      10.0.0.1 to 10.0.0.9
    10.0.0.0/255.255.255.0         10.0.0.0 255.255.255.0   10.0.0.0 0.0.0.255
    10.0.0.0,10.0.0.255[,note]     first and last, with comma, tab or blanks between them
Behind the addresses may stand a note, without addresses in it; # and ; begin a comment.
An address with host bits is a bad line unless --host-bits mask says otherwise.
--as same and --as blocks write the fewest blocks, --as ranges writes first-last."""
    aliases = ("ip", "cidr")
    endings = (".cidr", ".netset", ".ipset", ".ips")
    columns = ("version", "note")
    own = (0,)
    value = ("note",)
    kind = ADDRESS._replace(closed=False)
    inclusive = True
    room = True
    follows = frozenset(["--host-bits"])
    _pairs = False  # whether two addresses on a line were taken for first and last

    @classmethod
    def looks(cls, line: str) -> bool:
        word = re.split(r"[\s,;-]", line.strip(), maxsplit=1)[0]
        match = WORD.match(word)
        return match is not None and (":" not in word or "::" in word or word.count(":") > 6)

    def told(self) -> str:
        return "two addresses on a line are first and last" if self._pairs else ""

    # ---- one line -----------------------------------------------------------------------------

    def parse(self, line: str) -> Iterable[Row]:
        data, _, comment = line.partition("#")[0].partition(";")
        if WORD.match(comment.lstrip()):
            data = f"{data} {comment}"  # not a comment: the semicolon divides blocks
        data = data.strip()
        if not data:
            return ()
        spans, note = self._spans(data)
        return [(start, stop, (group, note)) for group, start, stop in spans]

    def _spans(self, data: str) -> tuple[list[Span], str]:
        """Return what the addresses at the beginning of a line cover, and the note behind them."""
        words: list[str] = []
        spans: list[Span] = []
        at = 0
        while at == 0 or WORD.match(data, at):
            item = ITEM.match(data, at)
            if item is None:
                raise BadLineError(f"{quote(data)}, want {ONE}")
            first, last = bare(item[1]), item[2] or item[3]
            if last:
                spans.append(self._between(first, bare(last)))
            elif "/" in first:
                text, prefix = first.split("/", 1)
                spans.append(self._network(bare(text), prefix, f"{text}/{prefix}"))
            else:
                words.append(first)
                group, start = number_of(first)
                spans.append((group, start, start + 1))
            at = item.end()
        if len(words) == 2 == len(spans):
            spans = [self._pair(words[0], words[1], data)]
        elif len(words) > 1:
            raise BadLineError(f"{quote(data)} has {len(words)} addresses, want first and last")
        note = data[at:]
        if note[:1] == "-":
            raise BadLineError(f"{quote(data)}, want {ONE}")
        if (inside := NOTED.search(note)) is not None:
            why = "stands behind a note, want it in front, or # before the note"
            raise BadLineError(f"{quote(inside[0])} {why}")
        return spans, note

    def _network(self, text: str, prefix: str, shown: str) -> Span:
        group, start = number_of(text)
        length = prefix_of(group, prefix)
        if length is None:
            want = f"a length from 0 to {BITS[group]}"
            raise BadLineError(f"prefix is {quote(prefix)}, want {want}")
        size = 1 << (BITS[group] - length)
        if start % size and self.want.host_bits != "mask":
            want = f"{text_of(group, start - start % size)}/{length} or --host-bits mask"
            raise BadLineError(f"{shown} has host bits set, want {want}")
        start -= start % size
        return group, start, start + size

    def _between(self, first: str, last: str) -> Span:
        group, start = number_of(first)
        other, end = number_of(last)
        if group != other:
            raise BadLineError(f"{first} - {last} mixes {group} and {other}, want one of them")
        if end < start:
            raise BadLineError(f"{first} - {last} is reversed, want first - last")
        return group, start, end + 1

    def _pair(self, first: str, second: str, data: str) -> Span:
        """Return what two addresses on a line mean: with a netmask, with a wildcard, or a range.

        255.255.255.255 is a mask behind an address that a host can have, else it is the last one.
        """
        group, start = number_of(first)
        other, end = number_of(second)
        if group == other == V4 and prefix_of(V4, second) is not None:
            if start == end == 0:
                raise BadLineError(f"{quote(data)} is one address or all, want 0.0.0.0/32 or /0")
            netmask = end >> 31 and (end != ALL_ONES or 0 < start < CLASS_D)
            if netmask or end < start:
                return self._network(first, second, f"{first} {second}")
        self._pairs = True
        return self._between(first, second)

    # ---- many lines ---------------------------------------------------------------------------

    def quick(self, text: str, before: int) -> Block | None:
        """Optimisation only: blocks of IPv4, or addresses, one a line and nothing else."""
        if self.chosen or self.want.collect is not None or self.want.lines or len(self._groups) > 1:
            return None
        lines = text.count("\n") + 1
        if 0 < text.count("/") < lines:
            text = "\n".join([a if "/" in a else f"{a}/32" for a in text.split("\n")])
        cells = text.replace("/", "\n").split("\n")
        step = 2 if "/" in text else 1
        if len(cells) != step * lines:
            return None
        block = Block(before)
        try:
            packed = b"".join(map(socket.inet_pton, repeat(socket.AF_INET), cells[::step]))
            sizes = list(map(SIZES.__getitem__, cells[1::2])) if step == 2 else [1] * lines
        except (OSError, KeyError, ValueError):
            return None
        block.starts = list(struct.unpack(f">{lines}I", packed))
        if any(map(mod, block.starts, sizes)):
            return None  # host bits
        block.stops = list(map(add, block.starts, sizes))
        block.groups, block.uniform = [V4] * lines, True
        return block

    # ---- showing ------------------------------------------------------------------------------

    def show_key(self, group: Any, key: Key) -> str:
        return text_of(parts_of(group)[0], key)

    def clustered(self, line: str, number: str) -> str:
        return f"{line} {number}"

    def limits(self, group: Any) -> tuple[Key, Key]:
        return 0, 1 << BITS[parts_of(group)[0]]

    def lines(self, group: Any, pieces: Iterable[Any], fields: Sequence[str]) -> Iterator[str]:
        if fields or isinstance(group, tuple):
            yield from super().lines(group, pieces, fields)
            return
        for start, stop, _ in pieces:
            yield from blocks(group, start, stop)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        """Return the fewest CIDR blocks that are the span, a line each."""
        version = known.pop("version")
        note = " ".join(map(unbroken, known.values()))
        return "\n".join(f"{block} {note}".rstrip() for block in blocks(version, start, stop))


def window(text: str) -> dict[str, tuple[int, int]]:
    """Return a block or a range as the window of its version; the other one is empty.

    Raises: BadLineError.
    """
    rows = list(Addresses(Want()).parse(text))
    if len(rows) != 1 or rows[0][2][1]:
        raise BadLineError(f"{quote(text)}, want a block or first-last")
    start, stop, (group, _) = rows[0]
    return {group: (start, stop)}


def blocks(group: str, start: int, stop: int) -> list[str]:
    """Return the fewest blocks that are a span.

        start: as many zero bits as a block has    ->   the largest block that begins here
        and does not go beyond stop
    """
    found: list[str] = []
    suffixes, text = SUFFIXES[group], ntoa if group == V4 else partial(text_of, V6)
    while start < stop:
        size = 1 << (stop - start).bit_length() - 1
        if start & (size - 1):
            size = start & -start
        found.append(text(start) + suffixes[size])
        start += size
    return found


SUFFIXES: dict[str, dict[int, str]] = {
    group: {1 << (bits - n): f"/{n}" for n in range(bits + 1)} for group, bits in BITS.items()
}
SIZES: dict[str, int] = {text[1:]: size for size, text in SUFFIXES[V4].items()}  # for `quick`
