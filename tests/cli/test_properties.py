"""Laws that hold for every format, on the samples with random mistakes in them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.cli import tried
from tests.cli.test_cli import BAD_LINES, OK, UNREADABLE, USAGE, bed, points, run, runs
from tests.formats.samples import READONLY, SAMPLES

# What hands and programs put into files by mistake.
PIECES = [b"\t", b" ", b",", b"-", b"0", b"9", b"a", b"F", b'"', b"\n", b"\r\n", b";", b":", b"/", b".", b"#",
          b"\x1b[31m", b"\xc2\xa0", b"\xff", b"\x0c", b"null", b"{", b"]", b"10.0.0.1", b"\0"]  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([0, 1, 1, 3, 9]), st.sampled_from([b"", *PIECES])),
    max_size=4,
)


def mutated(text, edits):
    """Return a text with some bytes replaced."""
    data = text.encode()
    for where, size, piece in edits:
        at = int(where * len(data))
        data = data[:at] + piece + data[at + size :]
    return data


@pytest.mark.parametrize("form", SAMPLES)
class TestEveryFormat:
    """Fixed points, windows, sets."""

    @given(edits=EDITS, twice=st.booleans())
    @tried(8)
    def test_what_is_written_is_a_fixed_point(self, form, edits, twice):
        """Read again it is the same, and no line is bad."""
        look = ["--as", "same" if form not in READONLY else "bed"]
        data = mutated(SAMPLES[form], edits)
        data += data if twice else b""
        first = run("-f", form, *look, stdin=data)
        assert first.code in (OK, BAD_LINES, USAGE, UNREADABLE)
        assert "\x1b" not in first.err
        assume(first.code in (OK, BAD_LINES) and first.out)

        again = run("-f", form if form not in READONLY else "bed", *look, stdin=raw(first.out))

        assert (again.out, again.code) == (first.out, OK), again.err

    @pytest.mark.parametrize("options", [(), ("--gaps",), ("--depth",), ("--sorted",), ("--sorted", "--gaps")])
    @pytest.mark.parametrize("data", ["", "\n\n"])
    def test_an_empty_input_is_an_empty_result(self, form, options, data):
        """Whether or not the format would have told something by its first record."""
        found = run("-f", form, "--as", "jsonl", *options, stdin=data)

        assert (found.out, found.code) == ("", OK), found.err

    @given(edits=EDITS)
    @tried(4)
    def test_any_task_and_look_end_with_words_or_a_result(self, form, edits):
        """Never with a traceback."""
        data = mutated(SAMPLES[form], edits)
        for options in (
            ["--as", "ranges", "--gaps"],
            ["--as", "jsonl", "--depth", "--within", "1:9"],
            ["--as", "same", "--collect", "n=count"],
            ["--as", "bed", "--by", "nothing", "--distance", "3"],
            ["--sorted", "--empty", "skip"],
            ["--picture", "--width", "60"],
            ["--cluster"],
            ["--empty", "widen", "--group", "2"],
            ["--overlaps", "--group", "1"],
        ):
            result = run("-f", form, *options, stdin=data)
            assert result.code in (OK, BAD_LINES, USAGE, UNREADABLE), options

    def test_merged_and_gaps_fill_the_window(self, form):
        """And share no point."""
        window = {
            "addresses": "0.0.0.0/0", "maps": "0:fffff000", "iomem": "0:ffffffff", "codepoints": "0:10FFFF",
        }.get(form, "1:5000")  # fmt: skip
        options = ["-f", form, "--by", "nothing", "--as", "jsonl", "--within", window, "--quiet"]

        merged = spans(run(*options, stdin=SAMPLES[form]))
        gaps = spans(run(*options, "--gaps", stdin=SAMPLES[form]))

        for group, some in merged.items():
            together = sorted(some + gaps[group])
            assert all(left[1] == right[0] for left, right in zip(together, together[1:], strict=False))
            assert len(together) > 1

    def test_sets_keep_their_identities(self, form, tmp_path):
        """a = (a & b) | (a - b), a - a is nothing, a | a and a & a are a."""
        one, two = tmp_path / "one", tmp_path / "two"
        one.write_text(SAMPLES[form])
        two.write_text("\n".join(SAMPLES[form].splitlines()[:-1]) + "\n")
        options = ["-f", form, "--by", "nothing", "--as", "jsonl", "--quiet"]

        def made(*args):
            return spans(run(*options, *args))

        both, less = made("--intersection", two, one), made("--difference", two, one)
        whole = made(one)
        for group, some in whole.items():
            parts = sorted(both.get(group, []) + less.get(group, []))
            assert covered(parts) == some
        assert made("--difference", one, one) == {}
        assert made("--union", one, one) == made("--intersection", one, one) == whole

    def test_sorted_input_gives_the_same_in_constant_memory(self, form):
        """Where the sample is sorted."""
        for look in ("jsonl", "table"):
            options = ["-f", form, "--as", look, *(["--by", "nothing"] if form == "iomem" else [])]
            streamed = run(*options, "--sorted", stdin=SAMPLES[form])

            if streamed.code == OK:
                assert streamed == run(*options, stdin=SAMPLES[form])
            else:
                assert form == "codepoints"
                assert "not sorted" in streamed.err


def raw(text):
    """Return the bytes of what was printed."""
    return text.encode("utf-8", "surrogateescape")


def spans(result):
    """Return the spans of a result in JSON lines, by group."""
    assert result.code == OK, result.err
    found = {}
    for row in result.objects:
        numbers = [value for value in row.values() if isinstance(value, (int, float))]
        group = tuple(value for value in row.values() if isinstance(value, str) and ".." not in value and "-" not in value)
        found.setdefault(group, []).append(tuple(numbers[:2]))
    return found


def covered(some):
    """Join what touches."""
    joined = []
    for start, stop in some:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


ROWS = st.lists(
    st.tuples(st.sampled_from(["c1", "c2"]), st.integers(0, 30), st.integers(1, 9), st.sampled_from("+-.")),
    min_size=1,
    max_size=12,
)


class TestOptionsThatChangeNothing:
    """`--jobs` has tests of its own."""

    @given(ROWS, st.sampled_from([[], ["--group", "strand"], ["--collect", "n=count"], ["--depth"], ["--overlaps"],
           ["--gaps"], ["--distance", "2"], ["--no-touching"], ["--within", "3:20"], ["--gaps", "--within", "3:20"],
           ["--cluster"], ["--empty", "widen"], ["--overlaps", "--by", "strand"], ["--depth", "--distance", "2"]]))  # fmt: skip
    @tried(30)
    def test_sorted_input_in_any_task(self, rows, task):
        """The same bytes."""
        text = "".join(
            f"{group}\t{start}\t{start + size}\tx\t0\t{strand}\n"
            for group, start, size, strand in sorted(rows, key=lambda row: row[:2])
        )
        options = ["-f", "bed", *([] if task == ["--cluster"] else ["--as", "bed"]), *task]

        assert run(*options, "--sorted", stdin=text) == run(*options, stdin=text)

    @given(ROWS)
    @tried(30)
    def test_strands_are_lists_of_their_own(self, rows):
        """As if each had a file of its own."""
        lines = [f"{g}\t{a}\t{a + n}\tx\t0\t{s}" for g, a, n, s in rows]
        found = run("-f", "bed", "--group", "strand", "--as", "bed", stdin="\n".join(lines)).lines
        apart = []
        for strand in "+-.":
            some = "\n".join(line for line in lines if line[-1] == strand)
            apart += [f"{line}\t{strand}" for line in run("-f", "bed", "--as", "bed", stdin=some).lines]

        assert sorted(found) == sorted(apart)
        keys = [(line.split("\t")[0], int(line.split("\t")[1])) for line in found]
        assert keys == sorted(keys)

    @given(ROWS, ROWS)
    @tried(15)
    def test_whole_lines_are_those_that_share_a_point(self, tmp_path_factory, rows, others):
        """Each line is in one of both results, as it was."""
        other = tmp_path_factory.getbasetemp() / "others.bed"
        other.write_text(bed((g, a, a + n) for g, a, n, _ in others))
        theirs = points((g, a, a + n) for g, a, n, _ in others)
        text = [f"{g}\t{a}\t{a + n}\tname {s}" for g, a, n, s in rows]
        hits = [bool(points([(g, a, a + n)]) & theirs) for g, a, n, _ in rows]

        for option, want in (("--overlapping", True), ("--not-overlapping", False)):
            result = run("-f", "bed", option, other, stdin="\n".join(text))
            assert result.lines == [line for line, hit in zip(text, hits, strict=True) if hit is want]

    @given(ROWS)
    @tried(30)
    def test_depths_within_a_window_fill_it(self, rows):
        """From the first key to the last, with zeros."""
        text = bed((g, a, a + n) for g, a, n, _ in rows)
        found = run("-f", "bed", "--as", "jsonl", "--depth", "--within", "0:50", stdin=text).objects
        deep = {}
        for group, start, size, _ in rows:
            for at in range(start, start + size):
                deep[group, at] = deep.get((group, at), 0) + 1

        told = {(row["chrom"], at): row["depth"] for row in found for at in range(row["start"], row["stop"])}
        assert told == {(g, at): deep.get((g, at), 0) for g in {row[0] for row in rows} for at in range(50)}
        assert runs(points((g, a, a + n) for g, a, n, _ in rows)) == [
            tuple(row) for row in runs({key for key, depth in told.items() if depth})
        ]
