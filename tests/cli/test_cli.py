"""The command line: what it merges and prints, and how it fails: with words, never a traceback."""

import gzip
import importlib
import io
import ipaddress
import json
import runpy
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist.cli import picture, report
from rangelist.cli.items import Flow
from rangelist.cli.main import main
from rangelist.cli.output import Output
from rangelist.cli.spans import apart, covered, depths
from rangelist.cli.task import paired
from rangelist.formats import FORMATS
from tests.cli import tried

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "examples" / "data"
OK, BAD_LINES, USAGE, UNREADABLE = 0, 1, 2, 3


@dataclass
class Result:
    """What a run left."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        """The lines on standard output."""
        return self.out.splitlines()

    @property
    def objects(self):
        """What the JSON lines on standard output say."""
        return [json.loads(line) for line in self.lines]


class Stream(io.TextIOWrapper):
    """Standard output or error, to look into."""

    def __init__(self, *, terminal=False):
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)
        self.terminal = terminal

    def isatty(self):
        """Whether somebody is watching."""
        return self.terminal

    def text(self):
        """What was written."""
        return self.buffer.getvalue().decode("utf-8", "surrogateescape")


def run(*args, stdin=b"", terminal=False):
    """Run the command line in this process; bytes are files, given in place of their names."""
    out, err = Stream(), Stream(terminal=terminal)
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main([str(arg) for arg in args])
    finally:
        sys.stdin = before
    return Result(code, out.text(), err.text())


def process(*args, stdin=b"", stdout=subprocess.PIPE):
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "rangelist", *args],
        cwd=ROOT,
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=300,
        check=False,
    )


@pytest.fixture
def file(tmp_path):
    """Make files."""
    count = iter(range(100))

    def make(text, name=None):
        path = tmp_path / (name or f"file{next(count)}")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


# ---- models: one entry a point ----------------------------------------------------------------


SPANS = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda t: (t[0], t[0] + t[1]))
RECORDS = st.lists(st.tuples(st.sampled_from(["c1", "c2"]), SPANS).map(lambda t: (t[0], *t[1])))
VALUED = st.lists(st.tuples(SPANS, st.sampled_from("ab")).map(lambda t: (*t[0], t[1])))


def bed(records):
    """Return records as BED."""
    return "".join("\t".join(map(str, record)) + "\n" for record in records)


def points(records):
    """Return all points of records, with their groups."""
    return {(group, at) for group, start, stop in records for at in range(start, stop)}


def runs(points):
    """Return the maximal runs of points as BED records."""
    found = []
    for group, at in sorted(points):
        if found and found[-1][0] == group and found[-1][2] == at:
            found[-1] = (group, found[-1][1], at + 1)
        else:
            found.append((group, at, at + 1))
    return found


def merge_plainly(records, distance=0):
    """Merge records as a beginner would."""
    merged = []
    for group, start, stop in sorted(records):
        if merged and merged[-1][0] == group and start - merged[-1][2] <= distance:
            merged[-1] = (group, merged[-1][1], max(stop, merged[-1][2]))
        else:
            merged.append((group, start, stop))
    return merged


class TestMerge:
    """What is merged."""

    @given(RECORDS)
    @tried(30)
    def test_spans_that_overlap_or_touch_become_one(self, records):
        """Group by group, whatever the order of the lines."""
        result = run("-f", "bed", "--as", "same", stdin=bed(records))

        assert result.out == bed(runs(points(records)))
        assert result.code == OK

    @given(RECORDS)
    @tried(30)
    def test_a_sorted_stream_gives_the_same(self, records):
        """In constant memory."""
        text = bed(sorted(records))

        assert run("-f", "bed", "--sorted", stdin=text) == run("-f", "bed", stdin=text)

    @given(RECORDS, st.integers(0, 5))
    @tried(30)
    def test_a_distance_joins_neighbours(self, records, distance):
        """And swallows the gap between them."""
        result = run("-f", "bed", "--as", "same", "--distance", distance, stdin=bed(records))

        assert result.out == bed(merge_plainly(records, distance))

    @given(RECORDS)
    @tried(30)
    def test_touching_spans_can_stay_apart(self, records):
        """Only what overlaps is merged then."""
        result = run("-f", "bed", "--as", "same", "--no-touching", stdin=bed(records))

        assert result.out == bed(merge_plainly(records, -1))

    @given(VALUED)
    @tried(30)
    def test_different_values_stay_apart_and_the_later_line_wins(self, records):
        """As if each line were written over those before it."""
        model = {at: value for start, stop, value in records for at in range(start, stop)}
        text = "".join(json.dumps(record) + "\n" for record in records)

        rows = run("--as", "jsonl", "-f", "jsonl", stdin=text).objects

        told = {at: row["value"] for row in rows for at in range(row["start"], row["stop"])}
        assert told == model
        assert all(
            left["stop"] < right["start"] or left["value"] != right["value"]
            for left, right in zip(rows, rows[1:], strict=False)
        )

    @given(VALUED)
    @tried(30)
    def test_equal_values_in_a_sorted_stream_are_merged(self, records):
        """Different ones must not overlap there, and that is said."""
        text = "".join(json.dumps(record) + "\n" for record in sorted(records))

        streamed = run("-f", "jsonl", "--sorted", stdin=text)

        if streamed.code == OK:
            assert streamed == run("-f", "jsonl", stdin=text)
        else:
            assert streamed.code == UNREADABLE
            assert "with --sorted only equal values may overlap" in streamed.err

    def test_values_at_a_distance_are_joined_only_if_equal(self):
        """The gap gets their value."""
        text = '[1, 2, "a"]\n[3, 4, "a"]\n[5, 6, "b"]\n'

        result = run("--distance", 1, "--as", "jsonl", stdin=text)

        assert result.objects == [
            {"start": 1, "stop": 4, "value": "a"},
            {"start": 5, "stop": 6, "value": "b"},
        ]

    def test_touching_values_can_stay_apart(self):
        """In memory and in a stream."""
        text = '[1, 2, "a"]\n[2, 3, "a"]\n'

        for order in ([], ["--sorted"]):
            result = run("--no-touching", "--as", "jsonl", *order, stdin=text)
            assert [row["start"] for row in result.objects] == [1, 2]

    def test_values_can_be_ignored(self):
        """`--by nothing`."""
        text = '[1, 2, "a"]\n[2, 3, "b"]\n'

        assert run("--by", "nothing", "--as", "jsonl", stdin=text).objects == [
            {"start": 1, "stop": 3}
        ]

    def test_distances_of_dates_are_days_and_of_times_seconds(self):
        """What else."""
        days = '["2024-01-01", "2024-01-02"]\n["2024-01-04", "2024-01-05"]\n'
        times = (
            '["2024-01-01T10:00", "2024-01-01T10:01"]\n["2024-01-01T10:03", "2024-01-01T10:04"]\n'
        )

        assert len(run("--as", "same", "--distance", 1, stdin=days).lines) == 2
        assert len(run("--as", "same", "--distance", 2, stdin=days).lines) == 1
        assert len(run("--as", "same", "--distance", 119.5, stdin=times).lines) == 2
        assert len(run("--as", "same", "--distance", 120, stdin=times).lines) == 1

    @given(st.lists(st.ip_addresses(v=4) | st.ip_addresses(v=6), max_size=8), st.data())
    @tried(30)
    def test_blocks_are_those_of_collapse_addresses(self, addresses, data):
        """IPv4 first, then IPv6; the whole address space included."""
        networks = [
            ipaddress.ip_network(
                (at, data.draw(st.integers(0, at.max_prefixlen), label="prefix")), strict=False
            )
            for at in addresses
        ]
        text = "".join(f"{network}\n" for network in networks)
        wanted = [
            str(network)
            for version in (4, 6)
            for network in ipaddress.collapse_addresses(
                network for network in networks if network.version == version
            )
        ]

        assert run("-f", "addresses", "--as", "same", stdin=text).lines == wanted

    def test_several_files_are_one_input(self, file):
        """Also of several formats, if keys and values mean the same; also when sorted."""
        first, second = file("c1\t1\t5\n"), file("chrom,start,stop\nc0,1,2\nc1,3,9\n")

        for order in ([], ["--sorted"]):
            result = run("--as", "same", *order, first, second)
            assert result.lines == ["c0\t1\t2", "c1\t1\t9"]

    def test_gzip_and_standard_input_are_files_like_others(self, file):
        """`-` is standard input, and so is nothing."""
        zipped = file(gzip.compress(b"c1\t1\t5\n"), "x.bed.gz")

        assert run("--as", "same", zipped, "-", stdin="c1\t5\t7\n").lines == ["c1\t1\t7"]
        assert run("--as", "same", stdin="c1\t5\t7\n").lines == ["c1\t5\t7"]

    def test_this_process_has_a_memory_map(self):
        """The real thing: merged, it covers the same pages."""
        if not Path("/proc/self/maps").exists():
            pytest.skip("no /proc on this system")
        result = run("--as", "jsonl", "/proc/self/maps")

        assert result.code == OK
        assert any(row["path"] == "[stack]" for row in result.objects)
        assert all(row["start"] % 4096 == row["stop"] % 4096 == 0 for row in result.objects)


class TestTasks:
    """Gaps, overlaps, two inputs."""

    @given(RECORDS)
    @tried(30)
    def test_gaps_lie_between_the_merged_spans(self, records):
        """Never before the first or behind the last."""
        merged = runs(points(records))
        wanted = [
            (left[0], left[2], right[1])
            for left, right in zip(merged, merged[1:], strict=False)
            if left[0] == right[0]
        ]

        assert run("-f", "bed", "--as", "same", "--gaps", stdin=bed(records)).out == bed(wanted)

    @given(RECORDS, st.booleans())
    @tried(30)
    def test_overlaps_are_told_with_their_depth(self, records, ordered):
        """Cut only where the depth changes."""
        depth = {}
        for group, start, stop in records:
            for at in range(start, stop):
                depth[group, at] = depth.get((group, at), 0) + 1
        options = ["--sorted"] if ordered else []
        text = bed(sorted(records) if ordered else records)

        rows = run("-f", "bed", "--as", "jsonl", "--overlaps", *options, stdin=text).objects

        told = {
            (row["chrom"], at): row["depth"]
            for row in rows
            for at in range(row["start"], row["stop"])
        }
        assert told == {at: count for at, count in depth.items() if count > 1}
        assert all(
            left["chrom"] != right["chrom"]
            or left["stop"] < right["start"]
            or left["depth"] != right["depth"]
            for left, right in zip(rows, rows[1:], strict=False)
        )

    @given(RECORDS, RECORDS, st.booleans())
    @tried(20)
    def test_two_inputs_are_two_sets_of_points(self, tmp_path_factory, left, right, ordered):
        """Union, intersection, difference; in memory and as streams."""
        other = tmp_path_factory.getbasetemp() / "other.bed"
        other.write_text(bed(sorted(right) if ordered else right))
        text = bed(sorted(left) if ordered else left)
        ours, theirs = points(left), points(right)
        wanted = {
            "union": ours | theirs,
            "intersection": ours & theirs,
            "difference": ours - theirs,
        }

        for task, result in wanted.items():
            options = ["-f", "bed", "--as", "same", *(["--sorted"] if ordered else [])]
            assert run(*options, f"--{task}", other, stdin=text).out == bed(runs(result))

    def test_values_are_those_of_the_first_input(self, file):
        """Of a union also those of the second, where the first has nothing."""
        other = file('[3, 9, "b"]\n')

        def values(task):
            rows = run("--as", "jsonl", f"--{task}", other, stdin='[1, 5, "a"]\n').objects
            return [tuple(row.values()) for row in rows]

        assert values("union") == [(1, 5, "a"), (5, 9, "b")]
        assert values("intersection") == [(3, 5, "a")]
        assert values("difference") == [(1, 3, "a")]

    def test_a_distance_does_not_fill_what_was_taken_away(self, file):
        """But it joins what two inputs have near each other."""
        other = file("c\t4\t5\n")

        def lines(task):
            options = ["-f", "bed", "--as", "same", "--distance", 3]
            return run(*options, f"--{task}", other, stdin="c\t1\t3\nc\t6\t8\n").lines

        assert lines("difference") == ["c\t1\t4", "c\t5\t8"]
        assert lines("intersection") == ["c\t4\t5"]
        assert lines("union") == ["c\t1\t8"]
        options = ["-f", "bed", "--as", "same", "--distance", 2, "--union", other]
        assert run(*options, stdin="c\t6\t8\n").lines == ["c\t4\t8"]

    def test_the_second_input_needs_none_of_the_fields(self, file):
        """What is taken away has no value."""
        other = file("10.0.0.1\n")

        result = run("--by", "note", "--difference", other, "--as", "same", stdin="10.0.0.0/31 x\n")

        assert result.lines == ["10.0.0.0/32 x"]

    def test_nothing_in_one_of_the_inputs_is_fine(self, file):
        """The result is in the form of the other."""
        some, nothing = file("10.0.0.0/31\n"), file("")

        assert run("--as", "same", "--union", some, nothing).lines == ["10.0.0.0/31"]
        assert run("--as", "same", "--difference", nothing, some).lines == ["10.0.0.0/31"]
        assert run("--as", "same", "--difference", some, nothing).lines == []

    def test_groups_are_paired_by_name(self):
        """Each of both comes once, alone or with its partner."""
        left = iter([(name, Flow([f"{name}1"])) for name in "bce"])
        right = iter([(name, Flow([f"{name}2"])) for name in "acdf"])

        assert [
            (group, list(ours.chunks()), list(theirs.chunks()))
            for group, ours, theirs in paired(left, right, str)
        ] == [
            ("a", [], ["a2"]),
            ("b", ["b1"], []),
            ("c", ["c1"], ["c2"]),
            ("d", [], ["d2"]),
            ("e", ["e1"], []),
            ("f", [], ["f2"]),
        ]

    def test_streams_of_nothing_are_nothing(self):
        """The small pieces of the job."""
        assert list(covered([], apart(None, touching=True))) == []
        assert list(depths([])) == []


class TestOrder:
    """`--sorted`."""

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("c\t5\t6\nc\t4\t9\n", ":2: not sorted: start 4 after 5"),
            (
                "c\t5\t6\nd\t1\t2\nc\t7\t8\n",
                ":3: not sorted: group 'c' after 'd', want groups in one",
            ),
        ],
    )
    def test_an_unsorted_line_is_found_and_named(self, text, why):
        """Nothing is merged wrongly."""
        result = run("-f", "bed", "--sorted", stdin=text)

        assert result.code == UNREADABLE
        assert why in result.err

    def test_groups_need_no_order_of_their_own(self):
        """As long as each is in one piece; they come out as they came."""
        text = "chr2\t5\t6\nchr10\t5\t6\nchr1\t1\t2\n"

        assert run("-f", "bed", "--sorted", "--as", "same", stdin=text).out == text

    def test_groups_of_two_inputs_need_the_order_of_their_names(self, file):
        """Or partners could not be found in constant memory."""
        other = file("chr2\t1\t2\n")
        text = "chr2\t5\t6\nchr10\t5\t6\n"

        result = run("-f", "bed", "--sorted", "--union", other, stdin=text)

        assert result.code == UNREADABLE
        assert "group 'chr10' after 'chr2', want groups in the order of their names" in result.err
        assert run("-f", "bed", "--sorted", other, file(text)).code == UNREADABLE

    def test_memory_does_not_grow_with_the_input(self):
        """Twenty times the lines, the same memory within a few pages."""
        if not Path("/proc/self/status").exists():
            pytest.skip("no /proc on this system")
        measure = (
            "import sys; from rangelist.cli.main import main;"
            "code = main(['-f', 'bed', '--sorted', '--as', 'same']);"
            "high = [line for line in open('/proc/self/status') if line.startswith('VmHWM')];"
            "print(code, high[0].split()[1], file=sys.stderr)"
        )
        peaks = []
        for count in (10_000, 200_000):
            done = subprocess.run(
                [sys.executable, "-c", measure],
                input="".join(f"chr1\t{n * 3}\t{n * 3 + n % 5 + 1}\n" for n in range(count)),
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
            )
            code, peak = map(int, done.stderr.split())
            assert code == OK
            peaks.append(peak)

        assert peaks[1] - peaks[0] < 1024  # KiB; the lines alone are 4,000 more


class TestBedtools:
    """The yardstick."""

    def test_a_larger_input_gives_what_bedtools_gives(self):
        """The script that compares whole jobs, with fewer lines: BED, and CIDRs."""
        script = [sys.executable, ROOT / "benchmarks" / "jobs.py"]

        done = subprocess.run(
            [*script, "--lines", "2000", "--rounds", "1"],
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.stdout.count("all the same") == 7, done.stdout + done.stderr
        assert done.returncode == 0

    @pytest.mark.parametrize("distance", [0, 7])
    def test_bedtools_itself_agrees(self, file, distance):
        """Where it is installed; the models above are always there."""
        if not shutil.which("bedtools"):
            pytest.skip("bedtools is not installed: apt-get install bedtools")
        script = runpy.run_path(str(ROOT / "benchmarks" / "jobs.py"))
        left = file("".join(script["reads"](3000, Random(1))), "left.bed")
        right = file("".join(script["reads"](3000, Random(2))), "right.bed")

        def tool(command):
            return subprocess.run(
                ["bash", "-c", command], capture_output=True, text=True, check=True
            ).stdout

        def merged(path):
            return f"<(LC_ALL=C sort -k1,1 -k2,2n {path} | bedtools merge -i - -d {distance})"

        options = ["--as", "same", "--distance", distance, left]
        assert run(*options).out == tool(f"cat {merged(left)}")
        for task, name in (("difference", "subtract"), ("intersection", "intersect")):
            theirs = tool(f"bedtools {name} -a {merged(left)} -b {merged(right)}")
            assert run(*options, f"--{task}", right).out == theirs


class TestOutput:
    """Tables, the form of the input, JSON lines."""

    def test_a_table_has_titles_and_aligned_columns(self):
        """Numbers on the right, text on the left."""
        result = run(DATA / "reads.bed")

        assert result.lines == [
            "chrom  start  stop  length",
            "chr1     100   200     100",
            "chr1     260   300      40",
            "chr1     310   330      20",
            "chr2      30    80      50",
            "chrM       5    25      20",
        ]

    def test_a_table_of_addresses_ends_with_the_last_address(self):
        """And tells the version first."""
        result = run("--by", "note", stdin="10.0.0.0/8 a\n")

        assert result.lines == [
            "version     first            last    length  note",
            "IPv4     10.0.0.0  10.255.255.255  16777216  a",
        ]

    def test_keys_without_distance_have_no_length(self):
        """Text."""
        result = run("--keys", "text", stdin='{"start": "a", "stop": "b", "group": "x"}\n')

        assert result.lines == ["group  start  stop  length  value", "x          a     b"]

    def test_nothing_is_printed_for_nothing(self):
        """No title, no line."""
        for look in ("table", "same", "jsonl"):
            assert run("--as", look, stdin="") == Result(OK, "", "")

    def test_the_form_of_the_input_can_be_read_again(self):
        """Merged a second time nothing changes, also by way of JSON lines."""
        names = ["--start-column", "from", "--stop-column", "to", "--group", "desk"]
        for path in sorted(set(DATA.iterdir()) - {DATA / "genome.sizes"}):
            options = names if path.suffix == ".csv" else []
            form = ["-f", "codepoints"] if path.name == "scripts.txt" else []
            first = run("--as", "same", *options, *form, path)
            again = run("--as", "same", *options, *form, stdin=first.out)
            assert again.out == first.out, path
            assert again.code == OK

            rows = run("--as", "jsonl", *options, *form, path)
            extra = [] if path.suffix == ".csv" else ["--group", "version"]
            extra = ["--group", "chrom"] if path.suffix == ".bed" else extra
            fields = ",".join(set(rows.objects[0]) - {"start", "stop", "text", "chrom", "version"})
            by = [] if options or not fields else ["--by", fields]
            assert run("--as", "jsonl", "-f", "jsonl", *options, *extra, *by, stdin=rows.out).out

    def test_csv_is_written_with_its_header(self):
        """The chosen columns only."""
        options = ["--start-column", "from", "--stop-column", "to", "--group", "desk"]

        result = run("--as", "same", *options, "--by", "who", "--inclusive", DATA / "shifts.csv")

        assert result.lines == [
            "desk,from,to,who",
            "blue,2024-03-05,2024-03-06,Edsger",
            "blue,2024-03-11,2024-03-15,Barbara",
            "red,2024-03-04,2024-03-07,Ada",
            "red,2024-03-08,2024-03-12,Grace",
        ]

    def test_bytes_that_are_no_utf_8_come_out_as_they_went_in(self):
        """And half surrogates, which JSON can spell, are spelled again."""
        raw = b"c\xe9\t1\t2\n"

        assert (
            run("-f", "bed", "--as", "same", stdin=raw).out.encode("utf-8", "surrogateescape") == raw
        )
        group = '{"group": "\\ud800", "start": 1, "stop": 2}\n'
        assert "\\ud800" in run("-f", "jsonl", stdin=group).out
        text = "group,start,stop\nx,1,2\n"
        result = run("-f", "csv", "--as", "same", "--by", "nothing", stdin=text)
        assert result.code == OK

    def test_half_a_surrogate_pair_can_be_written(self):
        """No other way out of a stream that is UTF-8."""
        out = Stream()

        Output("-", out).emit(["a\ud800b"])

        assert out.text() == "a\\ud800b\n"


class TestPictures:
    """`--picture`."""

    def test_the_input_lies_above_the_result(self):
        """Overlapping lines in rows of their own, to scale."""
        result = run("--picture", "--width", 60, DATA / "reads.bed")

        assert result.lines[0] == "chr1:"
        assert result.lines[1].split()[0] == "100"
        assert [line.split(" ")[0] for line in result.lines[3:7]] == ["input", "", "", "merged"]

    def test_one_row_is_enough_where_nothing_was_merged(self):
        """The input is the result."""
        result = run("--picture", "--width", 40, stdin='[1, 2, "a"]\n[3, 4, "b"]\n')

        keys, _ruler, row, end = result.lines
        assert keys.split() == ["1", "2", "3", "4"]
        assert row.startswith("merged  [---")
        assert end == ""

    def test_two_inputs_and_the_result_are_on_one_scale(self):
        """Addresses on the ruler, and the end of the address space."""
        result = run(
            "--picture", "--width", 60, "--union", "-", DATA / "blocked.txt", stdin="::/0\n"
        )

        assert "blocked.txt" in result.out
        assert "union" in result.out
        top = run("--picture", "--width", 60, stdin="255.255.255.254/31\n")
        assert top.lines[1].split() == ["255.255.255.254", "end"]

    def test_tasks_have_their_own_rows(self):
        """Gaps below what is merged, overlaps below the input."""
        gaps = run("--picture", "--width", 60, "--gaps", stdin="[1, 2]\n[3, 4]\n")
        deep = run("--picture", "--width", 60, "--overlaps", stdin="[1, 3]\n[2, 4]\n")
        less = run(
            "--picture", "--width", 60, "--difference", DATA / "exons.bed", DATA / "reads.bed"
        )

        assert [line.split(" ")[0] for line in gaps.lines[2:4]] == ["merged", "gaps"]
        assert [line.split(" ")[0] for line in deep.lines[2:5]] == ["input", "", "overlaps"]
        assert "2" in deep.lines[4]
        assert "difference" in less.out

    def test_values_are_in_the_picture(self):
        """The name of a file without its folders; several fields one behind the other."""
        result = run("--picture", "--width", 90, DATA / "maps.txt")
        both = run("--picture", "--width", 120, "--by", "perms,path", DATA / "maps.txt")

        assert "-libc.so.6-" in result.out
        assert "r-xp libc.so.6" in both.out

    def test_what_is_too_small_for_the_scale_is_drawn_in_steps(self):
        """As on a whiteboard; and keys that have no distance are."""
        result = run("--picture", "--width", 40, stdin="[1, 2]\n[3, 1000]\n")
        text = '["a", "b"]\n["c", "d"]\n'
        words = run("--picture", "--width", 40, "--keys", "text", stdin=text)

        assert result.lines[1] == words.lines[1]
        assert result.lines[1].count("|") == 4

    def test_dates_and_floats_are_to_scale(self):
        """They have a distance."""
        dates = run("--picture", "--width", 40, stdin='["2024-01-01", "2024-01-31"]\n')

        assert dates.lines[0].split() == ["2024-01-01", "2024-01-31"]

    def test_a_long_stretch_of_nothing_is_cut_out(self):
        """Two pictures are drawn then."""
        result = run("--picture", "--width", 40, stdin="[1, 2]\n[3, 4]\n[1000000, 1000001]\n")

        assert result.out.count("merged") == 2

    def test_a_crowd_is_cut_in_several_pictures_and_the_rest_is_counted(self):
        """Nobody looks at a thousand."""
        far = "".join(f"[{n * 1000}, {n * 1000 + 1}]\n" for n in range(20))
        crowd = "".join(f'[{n}, {n + 1}, "{n}"]\n' for n in range(100))

        result = run("--picture", "--width", 60, stdin=far)
        assert result.out.count("merged") == picture.PICTURES
        assert result.lines[-2] == "... and 10 more pictures, from 10000 on"
        dense = run("--picture", "--width", 60, stdin=crowd)
        assert dense.out.count("merged") == 7

    def test_many_layers_share_the_last_row(self):
        """A picture has an end below, too."""
        text = "".join(f"[{n}, 100]\n" for n in range(20)) + "[101, 102]\n"

        result = run("--picture", "--width", 60, stdin=text)

        assert result.code == OK
        assert len(result.lines) <= 2 * (picture.LAYERS + 5)

    @given(VALUED, st.integers(20, 100))
    @tried(10)
    def test_any_input_can_be_drawn(self, records, width):
        """And no line is too wide."""
        text = "".join(json.dumps(record) + "\n" for record in records)

        result = run("-f", "jsonl", "--picture", "--width", width, stdin=text)

        assert result.code == OK
        assert all(len(line) <= max(width, 40) for line in result.lines)


class TestFailure:
    """What goes wrong, and how it is said."""

    def test_bad_lines_are_reported_and_the_result_is_made_from_the_others(self):
        """File, line number, reason; exit code 1."""
        path = DATA / "broken.bed"

        result = run("--as", "same", path)

        assert result.code == BAD_LINES
        assert result.out == "chr1\t100\t260\n"
        assert result.err.splitlines() == [
            f"{path}:2: chr1:300-250 is reversed, want start before stop",
            f"{path}:3: start is 'abc', want a position from 0 on",
            f"{path}:4: 2 columns in 'chr2\\t7', want chrom, start, stop",
            f"{path}:5: chr2:9-9 has length zero and covers nothing",
        ]

    def test_strict_stops_at_the_first(self):
        """Nothing is printed then."""
        path = DATA / "broken.bed"

        result = run("--strict", path)

        reason = "chr1:300-250 is reversed, want start before stop"
        assert result == Result(BAD_LINES, "", f"rangelist: {path}:2: {reason}\n")

    def test_a_thousand_bad_lines_are_counted(self):
        """The first ones tell enough."""
        result = run("-f", "bed", stdin="x\n" * 1020)

        assert result.code == BAD_LINES
        assert len(result.err.splitlines()) == report.SHOWN + 1
        assert result.err.splitlines()[-1] == "<stdin>: 1,000 more bad lines"

    @pytest.mark.parametrize("name", ["missing", "."])
    def test_what_cannot_be_read_is_named(self, tmp_path, name):
        """Missing, or a directory."""
        result = run(tmp_path / name)

        assert result.code == UNREADABLE
        assert result.err.startswith(f"rangelist: {tmp_path / name}: ")

    def test_a_file_that_may_not_be_read_is_named(self, file, monkeypatch):
        """Root may read all, so the refusal is made up."""

        def refuse(*args):
            raise PermissionError(13, "Permission denied")

        path = file("c\t1\t2\n")
        monkeypatch.setattr("builtins.open", refuse)

        assert run(path) == Result(UNREADABLE, "", f"rangelist: {path}: Permission denied\n")

    def test_binary_and_unknown_input_is_refused(self):
        """An executable, and prose."""
        assert "not text" in run(sys.executable).err
        assert run(sys.executable).code == UNREADABLE
        prose = run(stdin="It was a dark and stormy night.\n")
        assert prose.code == UNREADABLE
        assert "of no known format, want --format with one of vcf, gff" in prose.err

    def test_inputs_that_do_not_go_together_are_refused(self, file):
        """Keys of another kind, other values."""
        addresses, points = file("10.0.0.1\n"), file("0041 ; L\n")
        valued, plain = file('[1, 2, "x"]\n'), file("start,stop\n1,2\n")
        grouped = file("c\t1\t2\n")

        keys = run("--union", points, addresses)
        assert keys.code == USAGE
        assert f"{points} has keys of kind code point, the first input network address" in keys.err
        values = run("--union", plain, valued)
        assert values.code == USAGE
        assert f"{plain} is merged by nothing, the first input by value" in values.err
        assert "want the same --by for both, such as --by nothing" in values.err
        assert run("--union", plain, "--by", "nothing", valued).code == OK
        assert run("--difference", plain, valued).code == OK
        groups = run("--difference", grouped, valued)
        assert groups.code == USAGE
        assert f"{grouped} is grouped by chrom, the first input by nothing" in groups.err

    def test_options_about_columns_are_refused_where_nothing_has_columns(self, file):
        """They were ignored, and the ends read as half-open although `--inclusive` was asked."""
        bed = file("c\t1\t2\n")

        result = run("--inclusive", "--keys", "int", bed)

        assert result.code == USAGE
        assert f"--inclusive, --keys: no effect on {bed}, which is bed" in result.err
        for option in ("--start-column", "--stop-column"):
            assert run(option, "x", bed).code == USAGE

    def test_options_about_columns_are_for_those_inputs_that_have_them(self, file):
        """One of several is enough; what holds nothing need not have any."""
        bed, csv = file("c\t1\t2\n"), file("chrom,start,stop\nc,1,1\n")

        assert run("--inclusive", "--as", "same", "--difference", csv, bed).out == ""
        assert run("--inclusive", "--difference", bed, csv).code == OK
        assert run("--inclusive", file("# nothing\n")).code == OK

    def test_a_column_that_is_asked_for_has_to_be_there(self, file):
        """It is the option that is wrong, and the header is shown."""
        csv = file("start,stop\n1,2\n")

        result = run("--stop-column", "nope", csv)

        assert result.code == USAGE
        assert f"no column 'nope' in {csv}, its header is ['start', 'stop']" in result.err

    def test_a_file_of_comments_is_an_empty_one(self, file):
        """A list of blocked addresses with nobody on it."""
        nobody, allowed = file("# nobody\n\n  # yet\n"), file("10.0.0.1\n")

        assert run(nobody).code == OK
        assert run("--as", "same", "--difference", nobody, allowed).out == "10.0.0.1/32\n"
        assert run(file("# x\n" * 2000)).code == OK

    @pytest.mark.parametrize(
        ("args", "why"),
        [
            (["--distance", "-1"], "'-1', want a number from 0 on"),
            (["--distance", "nan"], "'nan', want a number from 0 on"),
            (["--distance", "x"], "'x', want a number from 0 on"),
            (["--width", "5"], "'5', want a number from 20 to 1000"),
            (["--format", "xml"], "no format 'xml', want one of vcf,"),
            (["--gaps", "--overlaps"], "not allowed with"),
            (["--nonsense"], "unrecognized arguments: --nonsense"),
            (["--distance", "1", "--no-touching"], "not with --no-touching"),
            (["--union", "-", "-"], "standard input can be read only once"),
            (["--by", "colour", "-f", "bed"], "no field 'colour' in bed, want one of ['chrom'"),
            (["--distance", "1", "--keys", "text"], "--distance needs keys with a distance, not text"),
        ],
    )
    def test_wrong_options_are_explained(self, args, why):
        """With exit code 2."""
        result = run(*args, stdin='["a", "b"]\n')

        assert result.code == USAGE
        assert why in result.err

    def test_a_distance_can_be_too_far_for_a_calendar(self):
        """It is finite all the same."""
        result = run("--distance", "1e20", stdin='["2024-01-01", "2024-01-02"]\n')

        assert result.code == USAGE
        assert "--distance 100000000000000000000 is too far" in result.err

    def test_too_little_memory_is_said(self, monkeypatch):
        """With what to do about it."""

        def full(*args, **options):
            raise MemoryError

        monkeypatch.setattr(Output, "emit", full)

        result = run(stdin="c\t1\t2\n")

        assert result.code == UNREADABLE
        assert "sorted input can be read with --sorted" in result.err

    def test_an_interrupt_is_no_error(self, monkeypatch):
        """It is what the user wanted."""

        def interrupt(*args, **options):
            raise KeyboardInterrupt

        monkeypatch.setattr(Output, "emit", interrupt)

        assert run(stdin="c\t1\t2\n") == Result(130, "", "")

    def test_a_full_disk_is_said(self):
        """Linux has a device for this."""
        if not Path("/dev/full").exists():
            pytest.skip("no /dev/full on this system")
        with Path("/dev/full").open("w") as full:
            done = process("-f", "bed", stdin=b"c\t1\t2\n", stdout=full)

        assert done.returncode == UNREADABLE
        assert done.stderr == b"rangelist: cannot write: [Errno 28] No space left on device\n"

    @given(
        st.binary(max_size=200)
        | st.lists(
            st.sampled_from(
                [
                    "1",
                    "9",
                    "-",
                    "..",
                    ";",
                    "/",
                    ",",
                    "\t",
                    " ",
                    "a",
                    "F",
                    "[",
                    "]",
                    "{",
                    "}",
                    '"',
                    ":",
                    ".",
                    "\n",
                    "start",
                    "stop",
                    "\0",
                    "#",
                ]
            ),
            max_size=60,
        ).map(lambda words: "".join(words).encode()),
        st.sampled_from([None, *FORMATS]),
        st.sampled_from(
            [
                "--touching",
                "--gaps",
                "--overlaps",
                "--picture",
                "--sorted",
                "--strict",
                "--inclusive",
                "--by=value",
                "--by=nothing",
                "--distance=1.5",
            ]
        ),
        st.sampled_from(["table", "same", "jsonl"]),
    )
    @tried(50)
    def test_no_input_gives_a_traceback(self, data, form, option, look):
        """Any bytes in any format with any task: an exit code and words, or a result."""
        options = [option, "--as", look, "--width", "60"] + (["-f", form] if form else [])

        result = run(*options, stdin=data)

        assert result.code in (OK, BAD_LINES, USAGE, UNREADABLE)
        assert bool(result.err) is (result.code != OK)


class TestProgram:
    """In a process of its own."""

    def test_help_tells_formats_exit_codes_and_examples(self):
        """And is itself no error."""
        done = process("--help")

        assert done.returncode == 0
        for word in ("formats:", "exit codes:", "examples:", *FORMATS, "--picture", "141"):
            assert word in done.stdout.decode()

    def test_results_and_complaints_go_different_ways(self):
        """So that one can be piped on."""
        done = process("--as", "same", "-f", "bed", stdin=b"c\t1\t2\nchr\t1\n")

        assert done.returncode == BAD_LINES
        assert done.stdout == b"c\t1\t2\n"
        assert done.stderr.startswith(b"<stdin>:2: 2 columns in ")

    def test_nobody_reading_the_output_is_no_error(self):
        """As in `rangelist ... | head -1`."""
        lines = "".join(f"c\t{n * 2}\t{n * 2 + 1}\n" for n in range(50_000))
        command = f"{sys.executable} -m rangelist -f bed --as same | head -1; echo ${{PIPESTATUS[0]}}"

        done = subprocess.run(
            ["bash", "-c", command], input=lines.encode(), cwd=ROOT, capture_output=True, check=True
        )

        assert done.stdout == b"c\t0\t1\n141\n"
        assert done.stderr == b""

    def test_closed_standard_streams_do_no_harm(self):
        """As a careless daemon starts it."""
        command = f"{sys.executable} -m rangelist -f bed %s; echo $?"
        for closed, code in (("<&-", b"3"), ("</dev/null >&-", b"0"), ("</dev/null 2>&-", b"0")):
            done = subprocess.run(
                ["bash", "-c", command % closed], cwd=ROOT, capture_output=True, check=True
            )
            assert done.stdout.strip() == code
            assert b"Traceback" not in done.stderr

    def test_an_interrupt_from_outside_ends_it_quietly(self):
        """While it waits for input."""
        program = (
            # A shell starts what runs in its background with the signal ignored.
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
            "from rangelist.cli import run; sys.argv[1:] = ['-f', 'bed'];"
            "print('ready', flush=True); run()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as child:
            child.stdout.readline()
            child.stdin.write(b"c\t1\t2\n" * 100_000)  # more than a pipe holds: it is reading
            child.stdin.flush()
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=300)

        assert child.returncode == 130
        assert err == b""


    def test_any_text_stream_will_do_for_an_output(self):
        """A program that calls `main` may catch what is printed."""
        out = io.StringIO()

        with redirect_stdout(out):
            assert main(["--as", "same", str(DATA / "exons.bed")]) == OK

        assert out.getvalue().splitlines()[0] == "chr1\t110\t135"


def test_to_import_the_program_is_not_to_run_it():
    """As tools do that look at every module."""
    assert "run" in vars(importlib.import_module("rangelist.__main__"))


class TestProgress:
    """On a terminal only."""

    def test_long_work_is_shown_on_a_terminal_and_wiped_away(self, monkeypatch):
        """Each message replaces the one before."""
        monkeypatch.setattr(report, "PATIENCE", 0)

        result = run("--as", "same", "-f", "bed", stdin="c\t1\t2\nbad\n", terminal=True)

        assert "-: 0 MB read" in result.err
        assert "merging c" in result.err
        assert result.err.index("\x1b[K<stdin>:2: ") > 0
        assert result.err.endswith(report.CLEAR)
        assert result.out == "c\t1\t2\n"

    def test_short_work_is_not_shown(self):
        """It would only flicker."""
        assert run("-f", "bed", stdin="c\t1\t2\n", terminal=True).err == ""

    def test_nothing_is_shown_where_nobody_is_watching(self, monkeypatch):
        """A log file is no terminal."""
        monkeypatch.setattr(report, "PATIENCE", 0)

        assert run("-f", "bed", stdin="c\t1\t2\n").err == ""
