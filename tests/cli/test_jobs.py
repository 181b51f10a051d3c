"""`--jobs`: several processes print, and complain, what one does, byte for byte."""

import gzip
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist.cli import crew, parts, report
from rangelist.cli.items import Items, gather
from rangelist.cli.parts import Part, read_part
from rangelist.cli.spans import apart, covered, depths
from rangelist.formats import FORMATS, Source, UnreadableError, Want, source
from rangelist.formats import format_named as form_named
from rangelist.formats.base import Block
from tests.cli import tried
from tests.cli.test_cli import BAD_LINES, OK, ROOT, UNREADABLE, USAGE, Result, run
from tests.formats.samples import READONLY, SAMPLES

# From Python 3.12 on, and a test runner has threads.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


TASKS_DONE = []  # by `pretend`


def pretend(function, tasks):
    """Do all in this process, but with copies, as if they had come from another."""
    for task in tasks:
        TASKS_DONE.append(task)
        there, arguments = pickle.loads(pickle.dumps((function, task)))
        yield pickle.loads(pickle.dumps(there(*arguments)))


@pytest.fixture
def cut(monkeypatch):
    """Cut even the smallest file."""
    monkeypatch.setattr(source, "PART", 1)


@pytest.fixture
def pretended(cut, monkeypatch):
    """And begin no process for it; tells how many tasks there were."""
    TASKS_DONE.clear()
    monkeypatch.setattr(parts, "each", pretend)
    return lambda: len(TASKS_DONE)


@pytest.fixture(params=multiprocessing.get_all_start_methods())
def method(request, cut, monkeypatch):
    """Begin processes in each way that this system has."""
    context = multiprocessing.get_context(request.param)
    monkeypatch.setattr(multiprocessing, "Process", context.Process)


@pytest.fixture
def file(tmp_path):
    """Make files."""

    def make(text, name="input.bed"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def same(*args):
    """Run with one process and with several; return what all of them gave."""
    one = run(*args)
    for jobs in (1, 2, 3, 50):
        assert run("--jobs", jobs, *args) == one, jobs
    return one


CLEAN = "".join(f"c{n % 3}\t{n * 7 % 50}\t{n * 7 % 50 + 5}\tn{n % 4}\n" for n in range(40))
WORSE = CLEAN.replace("\tn2\n", "\n").replace("c1\t", "c1 ", 3).replace("c2\t1", "c2\tx")

LINES = st.sampled_from(
    [
        "c1\t1\t5\ta",
        "c1\t4\t9\tb",
        "c2\t0\t3\ta",
        "c1 7 8 b",
        "c\u00e4\t1\t2",
        f"c1\t{1 << 70}\t{1 << 71}\ta",
        "",
        "# comment",
        "track x",
        "bad",
        "c1\t9\t9",
        "c1\t9\t2",
        "c1\tx\t2",
        "nul \0",
        "c1\t1\t5\tlong" + "g" * 50,
    ]
)
TASKS = st.sampled_from(
    [
        [],
        ["--gaps"],
        ["--overlaps"],
        ["--by", "name"],
        ["--by", "name", "--no-touching"],
        ["--no-touching"],
        ["--distance", 2],
        ["--by", "name", "--distance", 2],
        ["--strict"],
        ["--sorted"],
        ["--picture", "--width", 60],
    ]
)


class TestSame:
    """One process or several."""

    @given(
        st.lists(LINES, max_size=30),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from(["", "\n"]),
        st.sampled_from(["", "\ufeff"]),
        TASKS,
        st.sampled_from(["table", "same", "jsonl"]),
        st.integers(2, 12),
    )
    @tried(40)
    def test_any_file_gives_the_same(
        self, tmp_path_factory, lines, end, last, mark, task, look, jobs
    ):
        """Clean or not, wherever it is cut; also what goes to standard error, and the exit code."""
        path = tmp_path_factory.getbasetemp() / "any.bed"
        path.write_bytes((mark + end.join(lines) + last).encode())

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(source, "PART", 1)
            patch.setattr(parts, "each", pretend)
            several = run("--jobs", jobs, "-f", "bed", "--as", look, *task, path)

        assert several == run("-f", "bed", "--as", look, *task, path)

    @pytest.mark.parametrize("text", [CLEAN, WORSE])
    def test_real_processes_give_the_same(self, method, file, text):
        """However they are begun."""
        path = file(text)

        for options in (["--as", "same"], ["--by", "name"], ["--strict"]):
            assert run("--jobs", 3, *options, path) == run(*options, path)

    @pytest.mark.parametrize("form", FORMATS)
    def test_every_format_gives_the_same(self, pretended, file, form):
        """Those whose lines need a header or each other are not cut."""
        path = file(SAMPLES[form] + "zzz\n" + SAMPLES[form], "input")
        looks = ["bed", "jsonl"] if form in READONLY else ["same", "jsonl"]

        for look in looks:
            if look == "bed" or form not in READONLY:
                assert same("-f", form, "--as", look, path).code == BAD_LINES
        assert bool(pretended()) is form_named(form).alone

    def test_the_later_line_wins_also_from_a_later_part(self, pretended, file):
        """Parts are joined in the order of the file."""
        path = file("".join(f"c\t{n}\t{n + 9}\t{name}\n" for n, name in enumerate("abcdefgh")))

        result = same("--by", "name", "--as", "same", path)

        assert result.lines[:2] == ["c\t0\t1\ta", "c\t1\t2\tb"]
        assert result.lines[-1] == "c\t7\t16\th"

    def test_two_inputs_are_both_read_in_parts(self, pretended, file):
        """And compared group by group."""
        one, two = file(CLEAN, "one.bed"), file(WORSE, "two.bed")

        for task in ("--union", "--intersection", "--difference"):
            assert same("--as", "same", task, two, one).code == BAD_LINES
            assert same("--as", "same", task, two, one, two).code == BAD_LINES
        assert pretended()

    def test_a_file_with_names_may_stand_beside_one_that_is_cut(self, pretended, file):
        """Its header is printed once; keys may be dates of one, whole numbers are of both."""
        named = file("chrom,start,stop\nc1,1,3\nc2,2,4.5\n", "input.csv")
        plain = file(CLEAN)

        assert same("--as", "same", named, plain).lines[0] == "chrom,start,stop"
        assert same("--as", "same", plain, named).lines[0] == "c0\t0\t52"

    def test_what_is_left_out_in_any_part_is_told(self, pretended, file):
        """Once."""
        path = file("c\t1\t2\n" * 20 + "c\t5\t5\n")

        assert "left out" in same("--as", "same", "--empty", "skip", path).err

    def test_a_line_longer_than_a_part_is_one_line(self, pretended, file):
        """Some parts are empty then."""
        path = file("c\t1\t2\n" + "c\t5\t6\t" + "x" * 600_000 + "\nbad\nc\t2\t3")

        result = same("--as", "same", path)

        assert result.lines == ["c\t1\t3", "c\t5\t6"]
        assert result.err.startswith(f"{path}:3: ")

    def test_a_thousand_bad_lines_are_counted(self, pretended, file):
        """Those before the first good one, too, and each once."""
        path = file("x\n" * 30 + "c\t1\t2\n" + "x\n" * 970)

        assert same("-f", "bed", path).err.endswith(f"{path}: 980 more bad lines\n")

    def test_a_file_without_a_good_line_is_read_once(self, pretended, file):
        """Nothing is left for others to do."""
        assert same("-f", "bed", file("x\n" * 30)).code == BAD_LINES
        assert same("-f", "bed", file("")).code == OK
        assert pretended() == 0

    def test_errors_that_the_first_record_shows_come_first(self, pretended, file):
        """Behind the complaints about the lines that were read so far."""
        one, two = file("x\n10.0.0.1\ny\n", "one.ips"), file("c\tx\t1\nc\t1\t2\nc\t2\n")

        result = same(one, two)

        assert result.code == USAGE
        assert [line.split(":")[0] for line in result.err.splitlines()] == [
            *(str(one), str(one), str(two), str(two)),
            "rangelist",
        ]

    @pytest.mark.parametrize("options", [[], ["--sorted"]])
    def test_what_cannot_be_cut_is_read_by_one_process(self, cut, monkeypatch, file, options):
        """Standard input, gzip, sorted input: no process is begun."""
        monkeypatch.setattr(parts, "each", None)
        text = b"c\t1\t2\nc\t2\t3\n"
        path = file(text if options else gzip.compress(text))

        for args, stdin in (([path], b""), (["-f", "bed"], text)):
            result = run("--jobs", 4, "--as", "same", *options, *args, stdin=stdin)
            assert result == Result(OK, "c\t1\t3\n", "")

    def test_a_small_file_is_read_by_one_process(self, monkeypatch, file):
        """It is done before another has begun."""
        monkeypatch.setattr(parts, "each", None)

        assert run("--jobs", 4, file(CLEAN)).code == OK

    def test_progress_is_told_part_by_part(self, pretended, monkeypatch, file):
        """On a terminal."""
        monkeypatch.setattr(report, "PATIENCE", 0)

        result = run("--jobs", 2, "--as", "same", file(CLEAN), terminal=True)

        assert "MB read" in result.err
        assert "merging c1" in result.err


class TestFailure:
    """What goes wrong, in this process or another."""

    @pytest.mark.parametrize("jobs", ["0", "-1", "257", "x", "1.5"])
    def test_a_number_of_processes_has_to_be_one(self, jobs):
        """With exit code 2."""
        result = run(f"--jobs={jobs}")

        assert result.code == USAGE
        assert f"'{jobs}', want a number from 1 to 256" in result.err

    def test_a_process_that_is_killed_is_missed(self, method, file, monkeypatch):
        """It is no traceback, and nothing hangs."""
        monkeypatch.setattr(parts, "read_part", die)

        result = run("--jobs", 2, file(CLEAN))

        why = "a process of --jobs was ended from outside; was there too little memory?"
        assert result == Result(UNREADABLE, "", f"rangelist: {why}\n")
        assert not multiprocessing.active_children()

    def test_too_many_processes_are_refused_with_words(self, cut, monkeypatch, file):
        """As a system with a limit does."""

        def full(self):
            raise OSError(11, "Resource temporarily unavailable")

        monkeypatch.setattr(multiprocessing.Process, "start", full)

        result = run("--jobs", 2, file(CLEAN))

        assert result.code == UNREADABLE
        assert result.err.startswith("rangelist: cannot begin a process: ")
        assert result.err.endswith("Resource temporarily unavailable; want --jobs 1\n")

    def test_a_file_that_cannot_be_cut_is_named(self, cut, monkeypatch, file):
        """As one that cannot be read."""

        def broken(self, at):
            raise OSError(5, "Input/output error")

        path = file(CLEAN)
        monkeypatch.setattr(Source, "_line_end", broken)

        assert run("--jobs", 2, path) == Result(
            UNREADABLE, "", f"rangelist: {path}: Input/output error\n"
        )

    def test_a_part_that_cannot_be_read_is_told_behind_its_bad_lines(
        self, pretended, monkeypatch, file
    ):
        """And behind those of the parts before it."""
        path = file(CLEAN)
        monkeypatch.setattr(parts, "read_part", half)

        result = run("--jobs", 2, path)

        assert result == Result(
            UNREADABLE, "", f"{path}:3: first\n{path}:13: second\nrangelist: gone\n"
        )

    def test_a_part_remembers_why_it_could_not_be_read(self, tmp_path):
        """A file may be taken away in the meantime."""
        part = read_part(str(tmp_path / "gone"), form_named("bed")(Want()), (0, 9))

        assert part.failure == f"{tmp_path / 'gone'}: No such file or directory"

    @pytest.mark.skipif(
        "fork" not in multiprocessing.get_all_start_methods(), reason="not on Windows"
    )
    def test_an_interrupt_ends_all_processes(self, file):
        """Quietly, and at once; what they were doing is wanted no more."""
        program = (
            "import multiprocessing, os, signal, threading\n"
            "from rangelist.cli import parts, run; from rangelist.formats import source\n"
            "def sleep(path, form, span):\n"
            "    os.write(1, b'sleeping\\n'); threading.Event().wait(60)\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "multiprocessing.set_start_method('fork')\n"  # others do not find `sleep`
            "source.PART, parts.read_part = 1, sleep\n"
            "run()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program, "--jobs", "2", file(CLEAN)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as child:
            assert child.stdout.readline() + child.stdout.readline() == b"sleeping\n" * 2
            os.killpg(child.pid, signal.SIGINT)  # as a terminal does
            _, err = child.communicate(timeout=300)  # all have closed it

        assert child.returncode == 130
        assert err == b""


def die(path, form, span):
    """Stand for a process that is killed."""
    os._exit(9)


def half(path, form, span):
    """Stand for a disk that breaks in the second part."""
    part = Part()
    part.lines, part.bad = 10, [3]
    part.reasons, part.failure = (["second"], "gone") if span[0] else (["first"], "")
    return part


class TestCrew:
    """Processes that do what they are told."""

    def test_results_come_in_the_order_of_the_tasks(self, method):
        """Whichever is done first; then none is left."""
        assert list(crew.each(divmod, [(n, 7) for n in range(5)])) == [divmod(n, 7) for n in range(5)]
        assert not multiprocessing.active_children()

    def test_an_error_is_raised_when_it_is_its_turn(self):
        """What comes before it is given; the others are ended."""
        results = crew.each(divmod, [(3, 2), (1, 0), (4, 2)])

        assert next(results) == (1, 1)
        with pytest.raises(ZeroDivisionError):
            next(results)
        assert not multiprocessing.active_children()

    def test_a_system_without_signal_masks_will_do(self, monkeypatch):
        """Windows."""
        monkeypatch.delattr(signal, "pthread_sigmask", raising=False)

        assert list(crew.each(abs, [(-1,)])) == [1]

    def test_a_process_hears_no_interrupt_and_its_errors_travel(self, monkeypatch):
        """Its copy of the other end is closed, so it notices when the reader has ended."""
        ignored = []
        monkeypatch.setattr(crew.signal, "signal", lambda *args: ignored.append(args))
        for task, want in (((7, 2), (3, 1)), ((7, 0), None)):
            here, there = multiprocessing.Pipe(duplex=False)
            copy, _ = multiprocessing.Pipe(duplex=False)

            crew.serve(there, copy, divmod, task)

            result, error = here.recv()
            assert (result, isinstance(error, ZeroDivisionError)) == (want, want is None)
            assert copy.closed
        assert ignored == [(signal.SIGINT, signal.SIG_IGN)] * 2
        here.close()
        crew.serve(there, copy, divmod, (7, 2))  # quietly


def block(*rows):
    """Return a block with rows."""
    made = Block()
    made.rests = []
    for group, start, stop, rest in rows:
        made.groups.append(group)
        made.starts.append(start)
        made.stops.append(stop)
        made.rests.append(rest)
    return made


class TestItems:
    """Items in memory."""

    def test_keys_that_are_no_small_whole_numbers_find_room(self):
        """Whichever half of an item is the first of them."""
        big, day = 1 << 70, date(2024, 2, 29)
        for start, stop in ((big, big + 1), (5, big), (day, date(2024, 3, 1)), (5, 6.5)):
            groups = defaultdict(Items)

            gather(block(("", 1, 2, "a")), groups)
            gather(block(("", start, stop, "b"), ("x", 1, 2, "y")), groups)
            gather(block(("", 3, 4, "c")), groups)

            assert list(groups[""].rows()) == [(1, 2, "a"), (start, stop, "b"), (3, 4, "c")]
            assert list(groups["x"].rows()) == [(1, 2, "y")]

    def test_columns_of_two_sorts_are_joined(self):
        """Small whole numbers fit among others."""
        for first, second in ((1, 2), (1, 2.5), (1.5, 2), (1.5, 2.5)):
            left, right = defaultdict(Items), defaultdict(Items)
            gather(block(("", first, 9, None)), left)
            gather(block(("", second, 9, None)), right)

            left[""].extend(right[""])

            assert list(left[""].rows()) == [(first, 9, None), (second, 9, None)]

    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))),
        st.integers(1, 5),
        st.sampled_from([apart(None, touching=True), apart(None, touching=False), apart(2, touching=True)]),
    )
    @tried(30)
    def test_sorted_for_themselves_or_in_chunks_by_start_they_cover_the_same(self, spans, size, far):
        """It does not matter which starts and stops belong together, nor where a chunk ends."""
        items = Items()
        items.add([at for at, _ in spans], [at + length for at, length in spans], None)
        rows = sorted(items.rows())
        chunks = [rows[at : at + size] for at in range(0, len(rows), size)]
        columns = [tuple(map(list, zip(*chunk, strict=True))) for chunk in chunks]

        assert list(covered(items.chunks(), far)) == list(covered(columns, far))
        assert list(depths(items.chunks())) == list(depths(columns))


def test_spans_are_cut_at_line_ends(tmp_path, monkeypatch):
    """Together they are the file, and each is read as if it were alone."""
    monkeypatch.setattr(source, "PART", 1)
    path = tmp_path / "lines"
    path.write_bytes(b"\xef\xbb\xbfone\r\n\xef\xbb\xbftwo\nthree\n\nfour")
    read = []
    with Source(str(path), print) as whole:
        spans = whole.parts(4)
    for span in spans:
        with Source(str(path), print, span=span) as part:
            read += part

    assert read == ["one", "\ufefftwo", "three", "", "four"]
    assert len(spans) == 4


def test_a_device_is_not_cut():
    """Nor is a directory, or what has no size."""
    if not Path("/dev/null").exists():
        pytest.skip("no /dev/null on this system")
    with Source("/dev/null", print) as nothing:
        assert nothing.parts(4) == []


def test_unreadable_errors_travel():
    """Between processes they are pickled."""
    assert str(pickle.loads(pickle.dumps(UnreadableError("why")))) == "why"
