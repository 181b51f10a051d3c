"""Policies by name, and how each writes its values as text.

Each rule holds what the board has to know about a policy: the policy itself, what a text means as
a value, how a value is shown, and how an exported test says both in Python.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import rangelist
from rangelist import (
    ALWAYS,
    EQUAL,
    IDENTITY,
    NEVER,
    Policy,
    RangeBag,
    RangeList,
    SharedRangeList,
)
from rangelist.models.areas import Area, Areas
from rangelist.models.extent_map import ExtentMap, ExtentMapTree
from rangelist.models.extent_state import ExtentStateTree
from rangelist.models.procmaps import Opened

from .script import ScriptError

__all__ = ["HOOKS", "RULES", "Rules", "rules_of"]

HOOKS: Final = ("same", "merge", "split", "overlap", "yields")

AnyList = RangeList[int, Any] | RangeBag[int, Any]


class Rules(NamedTuple):
    """What a choice in the menu of policies means."""

    label: str
    note: str
    policy: Callable[[str], Policy[int, Any]]  # from the hooks typed, which most ignore
    value: Callable[[str, int], object]  # from a text, and the key where it begins
    text: Callable[[Any], str]
    samples: tuple[str, ...]
    source: str  # the policy in Python
    imports: str = ""  # what `source` and the values need beside the names of rangelist
    made: type[AnyList] = RangeList
    code: Callable[[Any], str] = repr  # a value in Python

    def new_list(self, hooks: str) -> AnyList:
        """Return an empty list, or bag, of this kind."""
        if self.made is RangeBag:
            return RangeBag()
        kind: type[RangeList[int, Any]] = self.made  # type: ignore[assignment]  # not a bag
        return kind(policy=self.policy(hooks))


def rules_of(name: str) -> Rules:
    """Return the rules of a name.

    Raises: ScriptError.
    """
    if name not in RULES:
        raise ScriptError(f"rules are {name!r}, want one of {', '.join(RULES)}")
    return RULES[name]


# ---- values as text ------------------------------------------------------------------------------


def plain(text: str, start: int) -> object:
    """The text itself."""
    return text


def boxed(text: str, start: int) -> object:
    """A new object for each write, so that equal and identical can be told apart."""
    return [text]


def literal(text: str, start: int) -> object:
    """A Python literal, or else the text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def unboxed(value: list[str]) -> str:
    return value[0]


def shown(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


opened = cache(Opened)  # files are compared by identity: one object for each path


def area(text: str, start: int) -> Area:
    """`rw lib@3 close anon:A forked`: access, file and page offset, what else is to hold.

    Without an offset the page number counts, as for a fresh anonymous mapping.
    """
    access, *words = text.split() or [""]
    if not set(access) <= set("rwx-"):
        raise ScriptError(f"access is {access!r}, want letters of r, w, x, or -")
    made = Area(frozenset(access) - {"-"}, pgoff=start)
    for word in words:
        name, at, number = word.partition("@")
        if at:
            made = made._replace(file=opened(name), pgoff=page(number))
        elif word.startswith("anon:"):
            made = made._replace(anon=word[5:])
        elif word == "close":
            made = made._replace(close=True)
        elif word == "forked":
            made = made._replace(forked=True)
        else:
            raise ScriptError(f"found {word!r}, want file@page, anon:name, close or forked")
    return made


def page(number: str) -> int:
    if not number.isdecimal():
        raise ScriptError(f"offset is {number!r}, want a page number")
    return int(number)


def area_text(value: Area) -> str:
    words = ["".join(flag for flag in "rwx" if flag in value.flags) or "-"]
    words += [f"{value.file.path}@{value.pgoff}"] if value.file is not None else []
    words += [f"anon:{value.anon}"] if value.anon is not None else []
    words += [word for word in ("close", "forked") if getattr(value, word)]
    return " ".join(words)


def area_code(value: Area) -> str:
    parts = [f"frozenset({''.join(sorted(value.flags))!r})", f"pgoff={value.pgoff}"]
    parts += [f"file=opened({value.file.path!r})"] if value.file is not None else []
    parts += [f"anon={value.anon!r}"] if value.anon is not None else []
    parts += [f"{word}=True" for word in ("close", "forked") if getattr(value, word)]
    return f"Area({', '.join(parts)})"


def flags(text: str, start: int) -> frozenset[str]:
    return frozenset(text.split())


def flags_text(value: frozenset[str]) -> str:
    return " ".join(sorted(value))


def extent(text: str, start: int) -> ExtentMap:
    """`4096` or `4096+3`: a place on disk, and how far into it; `hole`; then flags."""
    place, *words = text.split() or [""]
    disk, _, offset = place.partition("+")
    if place == "hole":
        return ExtentMap(-3, flags=frozenset(words))
    if not disk.isdecimal() or not (offset or "0").isdecimal():
        raise ScriptError(f"place is {place!r}, want a number, number+offset, or hole")
    return ExtentMap(int(disk), 1 << 20, 1 << 20, int(offset or 0), frozenset(words))


def extent_text(value: ExtentMap) -> str:
    where = "hole" if value.disk < 0 else str(value.disk)
    where += f"+{value.offset}" if value.offset else ""
    return " ".join([where, *sorted(value.flags - {"MERGED"})])


# ---- the policies --------------------------------------------------------------------------------


def typed(hooks: str) -> Policy[int, Any]:
    """Return the policy of functions that the reader typed.

    Raises: ScriptError, if the text is no Python, raises, or defines none of the hooks.
    """
    names: dict[str, Any] = {name: getattr(rangelist, name) for name in rangelist.__all__}
    try:
        exec(compile(hooks, "<hooks>", "exec"), names)  # noqa: S102  the reader's own code
    except Exception as error:
        raise ScriptError(f"hooks: {type(error).__name__}: {error}") from error
    found = {name: names[name] for name in HOOKS if name in names}
    if not found:
        raise ScriptError(f"hooks define nothing, want functions named {', '.join(HOOKS)}")
    return Policy(**found)


def fixed(policy: Policy[int, Any]) -> Callable[[str], Policy[int, Any]]:
    """Return what gives this policy whatever was typed."""
    return lambda hooks: policy


def access(text: str, start: int) -> frozenset[str]:
    return frozenset(text)


def access_text(value: frozenset[str]) -> str:
    return "".join(sorted(value)) or "-"


def both(old: frozenset[str], new: frozenset[str]) -> frozenset[str]:
    return old & new


def union(old: frozenset[str], new: frozenset[str]) -> frozenset[str]:
    return old | new


def stock(label: str, policy: Policy[int, Any], note: str) -> Rules:
    value, text = (boxed, unboxed) if policy is IDENTITY else (plain, shown)
    samples = ("a", "b", "c")
    return Rules(label, note, fixed(policy), value, text, samples, repr(policy))


RULES: Final = {
    "EQUAL": stock("EQUAL (the default)", EQUAL, "Touching nodes with equal values are one."),
    "IDENTITY": stock(
        "IDENTITY", IDENTITY, "Touching nodes are one if their values are the same object. "
        "Each write makes a new object here, so only pieces of one write join again.",
    ),
    "NEVER": stock("NEVER", NEVER, "No two nodes are the same: nothing merges by itself."),
    "ALWAYS": stock("ALWAYS", ALWAYS, "Touching nodes are one whatever their values are."),
    "HOOKS": Rules(
        "my own hooks", "Functions in Python; values are Python literals, or else text.",
        typed, literal, shown, ("0", "1", "'a'"), "Policy({hooks})",
    ),
    "VMA": Rules(
        "Linux memory areas (mm/vma.c)",
        "Two areas are one if access, file and everything else agree, and the page offset goes on. "
        "A value is: rw lib@3 close anon:A. An area with a close hook is not deleted by a merge.",
        fixed(Areas().hooks), area, area_text,
        ("rw", "r", "rw lib@0", "rw close"), "Areas().hooks",
        "from functools import cache\n"
        "from rangelist.models.areas import Area, Areas\n"
        "from rangelist.models.procmaps import Opened\n"
        "\n"
        "opened = cache(Opened)  # files are compared by identity\n",
        code=area_code,
    ),
    "MAPLE": Rules(
        "Linux maple tree (lib/maple_tree.c)",
        "Nothing is ever joined; a store inside a range cuts it in three, whatever the value.",
        fixed(NEVER), plain, shown, ("a", "b", "c"), "NEVER",
    ),
    "EXTENT_STATE": Rules(
        "btrfs extent states (extent-io-tree.c)",
        "A value is a set of flags. Equal sets join, unless LOCKED or BOUNDARY is in them; "
        "`add` sets flags where others are.",
        fixed(ExtentStateTree().states.policy.replace(overlap=union)),
        flags, flags_text, ("DIRTY", "UPTODATE", "LOCKED", "DIRTY UPTODATE"),
        "ExtentStateTree().states.policy.replace(overlap=lambda old, new: old | new)",
        "from rangelist.models.extent_state import ExtentStateTree\n",
    ),
    "EXTENT_MAP": Rules(
        "btrfs extent maps (extent_map.c)",
        "A value is a place on disk. Two maps are one only if their places continue; "
        "a cut moves the offset of the right part.",
        fixed(ExtentMapTree().maps.policy), extent, extent_text,
        ("1000", "1000+8", "2000", "hole"), "ExtentMapTree().maps.policy",
        "from rangelist.models.extent_map import ExtentMap, ExtentMapTree\n",
    ),
    "INTERVAL_TREE": Rules(
        "Linux interval tree (lib/interval_tree.c)",
        "A RangeBag: intervals overlap and repeat; nothing is cut, joined or refused.",
        fixed(EQUAL), plain, shown, ("a", "b", "c"), "EQUAL", made=RangeBag,
    ),
    "LEDGER": Rules(
        "enarx page ledger (mmledger)",
        "A value is an access, as r or rw. Equal neighbours are one; `add` keeps what both allow.",
        fixed(EQUAL.replace(overlap=both)),
        access, access_text,
        ("rw", "r", "rx"), "EQUAL.replace(overlap=lambda old, new: old & new)",
    ),
    "LOCKS": Rules(
        "POSIX file locks (fs/locks.c)",
        "The locks of one owner, R or W: set is lock, upgrade and downgrade, remove is unlock.",
        fixed(EQUAL), plain, shown, ("R", "W"), "EQUAL",
    ),
    "SHARED": Rules(
        "EQUAL, shared between threads",
        "A SharedRangeList: each call, and each step of a walk, is one turn under its lock.",
        fixed(EQUAL), plain, shown, ("a", "b", "c"), "EQUAL", made=SharedRangeList,
    ),
}  # fmt: skip
"""The menu of policies, by the name that a header gives."""
