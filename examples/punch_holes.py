"""Give back the space of dead records in a file: plan the holes, punch them, look whether they are.

Records come and go; those that live are spans in a file.  What they do not cover is free, but a
file system can only give back whole blocks, and what is a hole already need not be punched.

    file        |--block--|--block--|--block--|--block--|
    live        [-record-]               [-record-]
    free                   ..............          .....
    holes                  |xxxxxxxxx|                      whole blocks only

    python examples/punch_holes.py
"""

import ctypes
import errno
import os
import tempfile

from rangelist import EQUAL, Gap, RangeList

KEEP_SIZE, PUNCH_HOLE = 1, 2  # of fallocate
Live = RangeList[int, str]


def plan(live: Live, size: int, block: int, holes: list[Gap[int]]) -> list[Gap[int]]:
    """Return what to punch: free whole blocks that are no hole yet."""
    wanted: RangeList[int, bool] = RangeList()
    for start, stop in live.gaps(0, size):
        first, last = -(-start // block) * block, stop // block * block
        if first < last:
            wanted.set(first, last, True)
    for start, stop in holes:
        wanted.remove(start, stop)
    return [Gap(start, stop) for start, stop, _ in wanted.sweep()]


def holes_of(descriptor: int) -> list[Gap[int]]:
    """Return the holes that the file system tells of."""
    size = os.fstat(descriptor).st_size
    found, at = [], 0
    while at < size:
        start = os.lseek(descriptor, at, os.SEEK_HOLE)
        if start >= size:
            break
        try:
            stop = os.lseek(descriptor, start, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:  # there is no data behind it
                raise
            stop = size
        found.append(Gap(start, stop))
        at = stop
    return found


def punch(descriptor: int, hole: Gap[int]) -> None:
    """Give the blocks of a span back; they read as zeros then."""
    libc = ctypes.CDLL(None, use_errno=True)
    span = (ctypes.c_long(hole.start), ctypes.c_long(hole.stop - hole.start))
    if libc.fallocate(descriptor, KEEP_SIZE | PUNCH_HOLE, *span) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def trim(descriptor: int, live: Live, block: int) -> list[Gap[int]]:
    """Punch what is free; return what was punched."""
    size = os.fstat(descriptor).st_size
    planned = plan(live, size, block, holes_of(descriptor))
    for hole in planned:
        punch(descriptor, hole)
    return planned


def main() -> None:
    """Write ten records into a file, let some die, and give their space back."""
    block, record = 4096, 10_000
    live: Live = RangeList(policy=EQUAL)
    with tempfile.TemporaryFile() as file:
        for number in range(10):
            file.write(bytes([65 + number]) * record)
            live.insert(number * record, (number + 1) * record, f"record {number}")
        file.flush()
        for number in (1, 2, 3, 7):
            live.remove(number * record, (number + 1) * record)
        punched = trim(file.fileno(), live, block)
        found = holes_of(file.fileno())
        for hole in punched:
            print(f"punched {hole.start:6} to {hole.stop:6}")
        print("the file system says the same:", found == punched)
        for start, stop, name in live.sweep():
            want = bytes([65 + int(name.split()[1])]) * record
            assert os.pread(file.fileno(), stop - start, start) == want
        print(f"{len(live)} records are whole; punched again: {trim(file.fileno(), live, block)}")


if __name__ == "__main__":
    main()
