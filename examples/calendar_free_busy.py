"""Free and busy time of several people, with hooks that say what wins and what is the same.

`overlap` decides what two entries at the same time are together: the more binding one.  `same` and
`merge` join touching entries of one kind and keep all their titles.

    python examples/calendar_free_busy.py
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from rangelist import Gap, Policy, RangeList
from rangelist.node import Interval

RANK = ("tentative", "busy", "away")


class Entry(NamedTuple):
    """How bound one is, and by what."""

    kind: str
    titles: tuple[str, ...]


Calendar = RangeList[datetime, Entry]


def stronger(old: Entry, new: Entry) -> Entry:
    """Hook `overlap`: the more binding kind, and all titles."""
    kind = max(old.kind, new.kind, key=RANK.index)
    return Entry(kind, old.titles + tuple(t for t in new.titles if t not in old.titles))


def same_kind(left: Interval[datetime, Entry], right: Interval[datetime, Entry]) -> bool:
    """Hook `same`: back to back and equally binding is one block."""
    return left.value.kind == right.value.kind


def both(left: Interval[datetime, Entry], right: Interval[datetime, Entry]) -> Entry:
    """Hook `merge`: one block with all titles."""
    return stronger(left.value, right.value)


POLICY: Policy[datetime, Entry] = Policy(same=same_kind, merge=both, overlap=stronger)


def at(hour: int, minute: int = 0) -> datetime:
    """Return a time on the day of the example."""
    return datetime(2024, 3, 4, hour, minute)


def calendar(*items: tuple[datetime, datetime, str, str]) -> Calendar:
    """Return a calendar of entries (start, stop, kind, title) that may overlap."""
    entries: Calendar = RangeList(policy=POLICY)
    for start, stop, kind, title in items:
        entries.add(start, stop, Entry(kind, (title,)))
    return entries


def together(*calendars: Calendar) -> Calendar:
    """Lay calendars over each other."""
    entries: Calendar = RangeList(policy=POLICY)
    for one in calendars:
        for start, stop, entry in one.sweep():
            entries.add(start, stop, entry)
    return entries


def meeting(entries: Calendar, minutes: int) -> Gap[datetime] | None:
    """Return the first time between 9 and 17 when nobody has anything."""
    return entries.find_gap(timedelta(minutes=minutes), at(9), at(17))


def main() -> None:
    """Print one day of two people."""
    ann = calendar(
        (at(9), at(10), "busy", "stand-up"),
        (at(10), at(11, 30), "busy", "review"),
        (at(11), at(12), "tentative", "call"),
        (at(14), at(17), "away", "dentist"),
    )
    bob = calendar(
        (at(9, 30), at(10, 30), "tentative", "writing"), (at(13), at(14), "busy", "lunch")
    )
    day = together(ann, bob)
    for start, stop, entry in day.sweep():
        print(f"{start:%H:%M}-{stop:%H:%M}  {entry.kind:9}  {', '.join(entry.titles)}")
    print("free:", ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in day.gaps(at(9), at(17))))
    for minutes in (60, 90):
        found = meeting(day, minutes)
        print(f"{minutes} minutes:", f"{found.start:%H:%M}" if found else "not today")


if __name__ == "__main__":
    main()
