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
from itertools import repeat
from operator import add
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Format, Row, Want, parts_of, unbroken
from rangelist.formats.kinds import ADDRESS, Key, quote
from rangelist.formats.source import Source

__all__ = ["Addresses", "joined", "number_of", "parted", "text_of", "window"]

V4, V6 = "IPv4", "IPv6"
BITS = {V4: 32, V6: 128}
FAMILIES = {V4: socket.AF_INET, V6: socket.AF_INET6}
SIXES = 1 << 33  # where IPv6 begins if both are in one row of numbers
ALL_ONES = (1 << 32) - 1
CLASS_D = 0xE0 << 24  # 224.0.0.0, the first address that is no host

# What may stand at the beginning of a line, and of a note that had better be no address.
WORD = re.compile(r"""[\["]*(?:\d+\.){3}\d+|[\["]*[0-9a-fA-F]*:[0-9a-fA-F:.]*:""")
# One word, perhaps with a second one behind a dash or "to", and what divides it from the next.
ITEM = re.compile(
    r"""([^\s,;-]+)(?:\s*-\s*([^\s,;-]+)|\s+to\s+(?=[\["]*[\da-f]*[.:])([^\s,;-]+))?(?:[\s,;]+|$)""",
    re.IGNORECASE,
)

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


def text_of(group: str, number: int) -> str:
    """Return an address as text; the key after the last one is `end`."""
    size = BITS[group]
    if number >> size:
        return "end"
    if group == V6 and not number >> 48:  # IPv4 inside: C libraries and `ipaddress` disagree
        from ipaddress import IPv6Address  # noqa: PLC0415  it takes long to import

        return str(IPv6Address(number))
    return socket.inet_ntop(FAMILIES[group], number.to_bytes(size // 8, "big"))


def joined(group: str, number: int) -> int:
    """Return a number that orders addresses of both versions."""
    return number + SIXES * (group == V6)


def parted(key: int) -> tuple[str, int]:
    """Take such a number apart."""
    return (V6, key - SIXES) if key >= SIXES else (V4, key)


def prefix_of(group: str, text: str) -> int | None:
    """Return the length of a prefix that is given as such or as a mask; None if it is neither."""
    if text.isdecimal() and text.isascii() and len(text) < 4 and int(text) <= BITS[group]:
        return int(text)
    try:
        other, mask = number_of(text)
    except BadLineError:
        return None
    if group == other == V4:
        for ones in (mask, mask ^ ALL_ONES):  # a netmask, or else a wildcard
            if not (ones ^ ALL_ONES) & ((ones ^ ALL_ONES) + 1):
                return ones.bit_count()
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
Behind the addresses may stand a note; # and ; begin a comment.  [2001:db8::1] is fine.
An address with host bits is a bad line unless --host-bits mask says otherwise.
--as same and --as blocks write the fewest blocks, --as ranges writes first-last."""
    aliases = ("ip", "cidr")
    endings = (".cidr", ".netset", ".ipset", ".ips")
    columns = ("version", "note")
    own = (0,)
    value = ("note",)
    inclusive = True
    room = True
    follows = frozenset(["--host-bits"])

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = ADDRESS._replace(closed=False)
        self._mask = want.host_bits == "mask"
        self._pairs = ""  # the first line whose two addresses were taken for first and last

    @classmethod
    def looks(cls, line: str) -> bool:
        word = re.split(r"[\s,;-]", line.strip(), maxsplit=1)[0]
        match = WORD.match(word)
        return match is not None and (":" not in word or "::" in word or word.count(":") > 6)

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
                raise BadLineError(f"{quote(data)}, want an address, a block or first - last")
            first, last = bare(item[1]), item[2] or item[3]
            if last:
                spans.append(self._between(first, bare(last)))
            elif "/" in first:
                spans.append(self._block(*first.split("/", 1)))
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
            raise BadLineError(f"{quote(data)}, want an address, a block or first - last")
        for word in note.split(",")[1:]:
            if WORD.match(word.strip()):
                raise BadLineError(f"{quote(word.strip())} stands behind a note, want it in front")
        return spans, note

    def _block(self, text: str, prefix: str) -> Span:
        group, start = number_of(bare(text))
        length = prefix_of(group, prefix)
        if length is None:
            bits = BITS[group]
            raise BadLineError(f"prefix is {quote(prefix)}, want a length from 0 to {bits}")
        return self._network(group, start, length, f"{text}/{prefix}")

    def _network(self, group: str, start: int, length: int, shown: str) -> Span:
        size = 1 << (BITS[group] - length)
        if start % size:
            if not self._mask:
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
        if group == other == V4:
            length = prefix_of(group, second)
            zeros = end ^ ALL_ONES
            mask = not zeros & (zeros + 1) and end >> 31
            if start == end == 0:
                raise BadLineError(f"{quote(data)} is one address or all, want 0.0.0.0/32 or /0")
            if mask and (end != ALL_ONES or 0 < start < CLASS_D):
                return self._network(group, start, length or 0, f"{first} {second}")
            if length is not None and end < start:
                return self._network(group, start, length, f"{first} {second}")
        span = self._between(first, second)
        self._pairs = self._pairs or data
        return span

    def begin_reading(self, source: Source) -> None:
        for line in source.head()[:100]:
            with suppress(BadLineError):
                self.parse(line)

    def told(self) -> str:
        return "two addresses on a line are first and last" if self._pairs else ""

    # ---- many lines ---------------------------------------------------------------------------

    def quick(self, text: str, before: int) -> Block | None:
        """Optimisation only: blocks of IPv4, or addresses, one a line and nothing else."""
        if self.chosen or self.want.collect is not None or self.want.lines or len(self._groups) > 1:
            return None
        lines = text.count("\n") + 1
        if 0 < text.count("/") < lines:
            text = "\n".join([a if "/" in a else f"{a}/32" for a in text.split("\n")])
        whole = "/" in text
        cells = text.replace("/", "\n").split("\n")
        if len(cells) != (2 * lines if whole else lines):
            return None
        try:
            addresses = cells[0::2] if whole else cells
            packed = b"".join(map(socket.inet_pton, repeat(socket.AF_INET), addresses))
            starts = list(struct.unpack(f">{lines}I", packed))
            sizes = list(map(SIZES.__getitem__, cells[1::2])) if whole else repeat(1)
            hosts = map(LAST.__getitem__, cells[1::2])
            if whole and any(map(int.__and__, starts, hosts)):
                return None  # host bits
        except (OSError, KeyError, ValueError):
            return None
        stops = list(map(add, starts, sizes))
        block = Block(before)
        block.starts, block.stops, block.groups = starts, stops, [V4] * lines
        block.uniform = True
        return block

    # ---- showing ------------------------------------------------------------------------------

    def show_key(self, group: Any, key: Key) -> str:
        return text_of(parts_of(group)[0], key)

    def clustered(self, line: str, number: str) -> str:
        return f"{line} {number}"

    def limits(self, group: Any) -> tuple[Key, Key]:
        return 0, 1 << BITS[parts_of(group)[0]]

    def lines(self, group: Any, pieces: Iterable[Any], fields: Sequence[str]) -> Iterator[str]:
        """Optimisation only: blocks without a note."""
        if fields or group != V4:
            yield from super().lines(group, pieces, fields)
            return
        packed, show = int.to_bytes, socket.inet_ntoa  # twice as fast as `blocks`
        for start, stop, _ in pieces:
            size = stop - start
            if not (size & (size - 1) or start & (size - 1)):
                yield show(packed(start, 4, "big")) + SUFFIX[size]
                continue
            while start < stop:
                size = 1 << (stop - start).bit_length() - 1
                if start and (most := start & -start) < size:
                    size = most
                yield show(packed(start, 4, "big")) + SUFFIX[size]
                start += size

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


def blocks(group: str, start: int, stop: int) -> Iterator[str]:
    """Yield the fewest blocks that are a span.

        start: as many zero bits as a block has    ->   the largest block that begins here
        and does not go beyond stop
    """
    bits = BITS[group]
    while start < stop:
        length = (stop - start).bit_length() - 1
        if start:
            length = min(length, (start & -start).bit_length() - 1)
        yield f"{text_of(group, start)}/{bits - length}"
        start += 1 << length


# Tables for `quick` and `lines`: prefix text to size, to host bits; size to text.
SIZES: dict[str, int] = {str(n): 1 << (32 - n) for n in range(33)}
LAST: dict[str, int] = {text: size - 1 for text, size in SIZES.items()}
SUFFIX: dict[int, str] = {size: f"/{text}" for text, size in SIZES.items()}
