"""The readers: what each takes, what it refuses and with which words, and what it writes again."""

import gzip
import io
import ipaddress
import json
import socket
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist.errors import BadLineError
from rangelist.formats import (
    FORMATS,
    Source,
    UnreadableError,
    UsageError,
    Want,
    format_named,
    guess_format,
)
from rangelist.formats.addresses import number_of
from rangelist.formats.base import Format, as_fields, as_json, plain
from rangelist.formats.kinds import KINDS, guess_kind, quote
from rangelist.formats.source import LONGEST
from tests.formats.samples import READONLY, SAMPLES


class Input:
    """A file with some bytes, a format, and the complaints that reading it caused."""

    def __init__(self, folder, data, name="input", **want):
        self.path = folder / name
        self.path.write_bytes(data if isinstance(data, bytes) else data.encode())
        self.complaints = []
        self.want = Want(**want)

    def report(self, name, number, reason):
        """Remember a complaint, without the file."""
        assert name == str(self.path)
        self.complaints.append((number, reason))

    def source(self):
        """Open it."""
        return Source(str(self.path), self.report)

    def read(self, form):
        """Return all records."""
        self.form = format_named(form)(self.want)
        with self.source() as source:
            self.form.begin_reading(source)
            return [row for block in self.form.read(source) for row in rows(block)]

    def lines(self):
        """Return all lines."""
        with self.source() as source:
            return list(source)

    def guess(self):
        """Return the name of the guessed format."""
        with self.source() as source:
            return guess_format(source, self.want)[0].name


@pytest.fixture
def given_input(tmp_path):
    """Make inputs."""

    def make(data, **rest):
        return Input(tmp_path, data, **rest)

    return make


def rows(block):
    """Return the rows of a block."""
    rests = [None] * len(block.groups) if block.rests is None else block.rests
    return list(zip(block.groups, block.starts, block.stops, rests, strict=True))


def written(form, group, *pieces, fields=None):
    """Return what a format object writes for pieces, in its own form."""
    return "\n".join(form.lines(group, pieces, form.chosen if fields is None else fields))


class TestLines:
    """The lines of a source."""

    def test_line_ends_of_all_systems_and_a_missing_last_one_give_the_same_lines(self, given_input):
        """Unix, Windows, and no line end at the end."""
        assert given_input("a\nb\n").lines() == ["a", "b"]
        assert given_input("a\r\nb\r\n").lines() == ["a", "b"]
        assert given_input("a\nb").lines() == ["a", "b"]
        assert given_input("a\r\nb\r").lines() == ["a", "b"]

    def test_an_empty_file_has_no_line_and_an_empty_line_is_one(self, given_input):
        """Nothing is not the same as a line with nothing on it."""
        assert given_input("").lines() == []
        assert given_input("\n").lines() == [""]
        assert given_input("\n\n").lines() == ["", ""]

    def test_other_separators_are_text(self, given_input):
        """Only a line feed ends a line, so numbers are those of an editor."""
        assert given_input("a\x0bb\u2028c\x85d\re\n").lines() == ["a\x0bb\u2028c\x85d\re"]

    def test_a_byte_order_mark_is_no_text(self, given_input):
        """Files from Windows begin with one."""
        assert given_input(b"\xef\xbb\xbfa\nb").lines() == ["a", "b"]

    def test_bytes_that_are_no_utf_8_come_out_again(self, given_input):
        """Paths in a memory map are bytes."""
        (line,) = given_input(b"caf\xe9\n").lines()

        assert line.encode("utf-8", "surrogateescape") == b"caf\xe9"

    def test_a_line_across_blocks_stays_one(self, given_input):
        """A block of a file ends anywhere."""
        text = "".join(f"{n} {'x' * (n % 97)}\n" for n in range(20_000))

        assert given_input(text).lines() == text.splitlines()

    def test_gzip_is_known_by_its_first_bytes(self, given_input):
        """Whatever the file is called."""
        assert given_input(gzip.compress(b"a\nb\n")).lines() == ["a", "b"]

    def test_a_nul_byte_makes_a_line_bad(self, given_input):
        """The other lines are still good."""
        source = given_input("a\nb\0\nc\n")

        assert source.lines() == ["a", "", "c"]
        assert source.complaints == [(2, "binary data (a NUL byte)")]

    def test_a_line_without_end_is_bad_and_does_not_fill_the_memory(self, given_input):
        """The lines after it are still good."""
        source = given_input(b"a\n" + b"x" * (5 * LONGEST) + b"\nb\n")

        assert source.lines() == ["a", "", "b"]
        assert source.complaints == [(2, f"line of more than {LONGEST} characters")]

    def test_a_long_line_is_measured_in_characters_and_comes_whole(self, given_input):
        """Each of these takes four bytes."""
        line = "\N{GRINNING FACE}" * (LONGEST // 2)

        assert given_input(f"a\n{line}\nb\n".encode()).lines() == ["a", line, "b"]

        source = given_input(f"a\n{line * 3}\nb\n".encode())
        assert source.lines() == ["a", "", "b"]
        assert source.complaints == [(2, f"line of more than {LONGEST} characters")]

    def test_the_number_is_that_of_the_line_just_given(self, given_input):
        """So that a complaint names the right one."""
        with given_input("a\nb\nc").source() as source:
            assert [(source.number, line) for line in source] == [(1, "a"), (2, "b"), (3, "c")]

    def test_looking_at_the_first_lines_takes_nothing_away(self, given_input):
        """The format is guessed from lines that are then read."""
        with given_input("a\nb\nc\n").source() as source:
            assert source.head() == ["a", "b", "c"]
            assert list(source) == ["a", "b", "c"]
        with given_input("only").source() as source:
            assert source.head() == ["only"]

    def test_progress_is_told_in_bytes(self, given_input):
        """The last word is the size of the file."""
        told = []
        path = given_input("a\nb\n").path

        with Source(str(path), print, told.append) as source:
            list(source)

        assert told == [4]


class TestUnreadable:
    """Sources that cannot be read."""

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("missing", "No such file or directory"),
            (".", "Is a directory"),
            ("a\0b", "no such file (a NUL byte in its name)"),
        ],
    )
    def test_what_cannot_be_opened_is_named(self, tmp_path, name, why):
        """Name and reason, no more."""
        path = f"{tmp_path}/{name}"

        with pytest.raises(UnreadableError) as caught:
            Source(path, print)

        assert str(caught.value) == f"{path}: {why}"

    def test_a_cut_off_gzip_file_is_unreadable(self, given_input):
        """What was read before the cut is not taken for all."""
        data = gzip.compress(b"chr1\t1\t2\n" * 1000)

        for cut in (2, 5, 12, len(data) // 2, len(data) - 1):
            with pytest.raises(UnreadableError, match="input: "):
                given_input(data[:cut]).lines()

    def test_a_broken_gzip_file_is_unreadable(self, given_input):
        """A wrong checksum, or no gzip at all behind the magic bytes."""
        data = bytearray(gzip.compress(b"chr1\t1\t2\n" * 1000))
        data[-5] ^= 1

        with pytest.raises(UnreadableError):
            given_input(bytes(data)).lines()
        with pytest.raises(UnreadableError):
            given_input(b"\x1f\x8b" + b"nonsense" * 9).lines()

    def test_binary_data_have_no_format(self, given_input):
        """A NUL byte near the start: this is no text."""
        with pytest.raises(UnreadableError, match="not text"):
            given_input(b"\x7fELF\0\0\0").guess()

    def test_closed_standard_input_is_unreadable(self, monkeypatch):
        """As in `rangelist <&-`."""
        monkeypatch.setattr(sys, "stdin", None)

        with pytest.raises(UnreadableError, match="standard input is closed"):
            Source("-", print)

    def test_standard_input_is_called_so(self, monkeypatch):
        """There is no path to name; and it is not closed, for it is not ours."""
        buffer = io.BufferedReader(io.BytesIO(b"a\n"))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer))

        with Source("-", print) as source:
            assert (source.name, list(source)) == ("<stdin>", ["a"])
        assert not buffer.closed


class TestGuess:
    """Which format a file has."""

    @pytest.mark.parametrize(
        ("name", "form"),
        [
            ("x.bed", "bed"),
            ("x.BED.gz", "bed"),
            ("x.csv", "csv"),
            ("x.tsv", "tsv"),
            ("x.jsonl", "jsonl"),
            ("x.ndjson", "jsonl"),
            ("smaps", "maps"),
            ("maps", "maps"),
            ("x.cidr", "addresses"),
        ],
    )
    def test_the_name_tells(self, given_input, name, form):
        """Even where the first line is bad."""
        assert given_input("?\n", name=name).guess() == form

    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("\n# comment\n1.2.3.4\n", "addresses"),
            ("::1\n", "addresses"),
            ("10.0.0.0/8 private\n", "addresses"),
            ("1.2.3.4 - 1.2.3.9\n", "addresses"),
            ("# c\nchr1 5 6\n", "bed"),
            ("track name=x\nchr1\t5\t6\tx\n", "bed"),
            ("00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus\n", "maps"),
            ("# c\n0041..005A ; Latin\n", "codepoints"),
            ("00AA;L\n", "codepoints"),
            ('{"start": 1}\n', "jsonl"),
            ("[1, 2]\n", "jsonl"),
            ("Start,End\n", "csv"),
            ('"id";"from";"to"\n', "csv"),
            ("id\tbegin\tend\n", "tsv"),
            ("", "jsonl"),
            ("\n\n", "jsonl"),
            ("# only\n\n  # comments\n", "addresses"),
            ("# only\n" * 20_000, "addresses"),
            ("# long\n" * 20_000 + "chr1 5 6\n", "bed"),
            ("1 2\n3 4 x\n", "columns"),
            *((text, form) for form, text in SAMPLES.items()),
        ],
    )
    def test_the_first_lines_tell(self, given_input, text, form):
        """Comments and empty lines tell nothing."""
        assert given_input(text).guess() == form

    @pytest.mark.parametrize(
        "text", ["hello world\n", "a,b\n1,2\n", "# c\nhello\n", "1-2\n"]
    )
    def test_what_looks_like_none_is_refused(self, given_input, text):
        """And the message says what to do."""
        with pytest.raises(UnreadableError, match="want --format with one of vcf, gff,"):
            given_input(text).guess()

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("r1\t0\t20\t100\t60\t10M\t*\t0\t0\tACGT\tFFFF\n", "SAM"),
            ("@HD\tVN:1\nr1 16 20 100 60 4S10M * 0 0 ACGT FFFF\n", "SAM"),
            ("59 9 0 0 1 823 1 96 +- q 3579 0 100 chr1 9999 100 168 2 59, 0, 100,\n", "PSL"),
            ("psLayout version 3\n\nmatch mis-\n", "PSL"),
            ("585\t239\t294\t19\t10\tchr1\t20\t40\t-9\t+\tn\tk\tf\t1\t2\t3\t4\n", "rmsk"),
            ("chr1\t1\t30\nchr1\t2\t31\nchr1\t3\t29\n", "samtools depth"),
            ("chr1\t100\t30\nchr1\t101\t31\n", "samtools depth"),
            ("chr1\t10\t20\tchr2\t30\t40\tx\t1\t+\t-\n", "BEDPE"),
        ],
    )
    def test_tables_that_could_be_taken_for_another_are_refused_by_name(
        self, given_input, text, name
    ):
        """With the options that read them."""
        with pytest.raises(UnreadableError, match=f"looks like .*{name}, which is not read: "):
            given_input(text).guess()

    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("chr1\t1\t5\nchr1\t2\t6\nchr1\t3\t7\n", "bed"),
            ("chr1\t5\t5\nchr1\t6\t9\n", "bed"),
            ("1\t14370\t14400\tG\tA\n", "vcf"),
            ("10.0.0.5/24\n", "addresses"),
            ("010.0.0.1\n10.0.0.1\n", "addresses"),
            ("x\nchr1\t5\t9\n", "bed"),
        ],
    )
    def test_one_bad_line_does_not_hide_the_format(self, given_input, text, form):
        """The reason is told when it is read."""
        assert given_input(text).guess() == form

    def test_every_format_says_what_it_is(self):
        """For `--help`."""
        for name in FORMATS:
            assert format_named(name).name == name
            assert format_named(name).about


class TestBed:
    """BED."""

    def test_three_columns_are_enough_and_tabs_or_blanks_divide_them(self, given_input):
        """As every tool for this format takes it."""
        assert given_input("chr1\t5\t9\nchr2  1   2 name\n").read("bed") == [
            ("chr1", 5, 9, None),
            ("chr2", 1, 2, None),
        ]

    def test_comments_and_lines_for_a_browser_are_no_records(self, given_input):
        """They are skipped without complaint; a chromosome may begin with these words."""
        text = "# c\n\ntrack name=t\nbrowser position\n#\t1\t2\ntrack\t1\t2\ntracker\t5\t9\n"
        source = given_input(text)

        assert source.read("bed") == [("tracker", 5, 9, None)]
        assert not source.complaints

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("chr1", "1 columns in 'chr1', want chrom, start, stop"),
            ("chr1\t5", "2 columns in 'chr1\\t5', want chrom, start, stop"),
            ("\t5\t9", "chrom is empty, want a name"),
            ("chr1\t-5\t9", "start is '-5', want a position from 0 on"),
            ("chr1\t5\tx", "stop is 'x', want a position from 0 on"),
            ("chr1\t1_0\t20", "start is '1_0', want a position from 0 on"),
            ("chr1\t٣\t20", "start is '٣', want a position from 0 on"),
            ("chr1\t9\t5", "chr1:9-5 is reversed, want start before stop"),
            ("chr1\t5\t5", "chr1:5-5 has length zero and covers nothing"),
        ],
    )
    @pytest.mark.parametrize("by", [None, ("name",)])
    def test_a_bad_line_is_reported_and_the_others_are_read(self, given_input, line, reason, by):
        """With its number and what would have been right, on the short way and on the long one."""
        source = given_input(f"chr1\t1\t2\ta\n{line}\nchr1\t3\t4\ta\n", by=by)

        assert [record[:3] for record in source.read("bed")] == [("chr1", 1, 2), ("chr1", 3, 4)]
        assert source.complaints == [(2, reason)]

    def test_huge_numbers_are_noise(self, given_input):
        """Thousands of digits, on which `int` itself would stumble."""
        source = given_input(f"chr1\t1\t{'9' * 5000}\n")

        assert source.read("bed") == []
        assert source.complaints[0][1].endswith("..., want a position from 0 on")

    def test_chosen_columns_make_the_value(self, given_input):
        """A column that is not there is a dot, as in the format."""
        text = "chr1\t5\t9\tx\t7\t+\nchr1\t5\t9\n"

        assert [r[3] for r in given_input(text, by=("strand",)).read("bed")] == ["+", "."]
        assert [r[3] for r in given_input(text, by=("value",)).read("bed")] == ["x", "."]
        two = given_input(text, by=("strand", "name"))
        assert [r[3] for r in two.read("bed")] == [("+", "x"), (".", ".")]
        assert written(two.form, "chr1", (5, 9, ("+", "x"))) == "chr1\t5\t9\tx\t.\t+"
        with pytest.raises(UsageError, match="no field 'colour' in bed, want one of"):
            given_input(text, by=("colour",)).read("bed")

    def test_other_values_go_behind_the_columns(self):
        """The depth of an overlap is no column of BED."""
        form = format_named("bed")(Want())

        assert written(form, "chr1", (5, 9, 3), fields=["depth"]) == "chr1\t5\t9\t3"


class TestMaps:
    """/proc/PID/maps."""

    LINE = "00400000-00452000 r-xp 00001000 08:02 173521      /usr/bin/a b"

    def test_a_mapping_is_read_and_written_again(self, given_input):
        """All fields, with the width that the kernel uses."""
        every = given_input(self.LINE, by=("perms", "offset", "device", "inode", "path"))
        fields = ("r-xp", "00001000", "08:02", "173521", "/usr/bin/a b")

        assert every.read("maps") == [("", 0x400000, 0x452000, fields)]
        again = written(every.form, "", (0x400000, 0x452000, fields))
        assert again.split() == self.LINE.split()
        assert again.index("/") == 73

    def test_a_mapping_without_a_path_is_anonymous(self, given_input):
        """Its path is empty; what is not chosen is written as nothing mapped."""
        source = given_input("1000-2000 rw-p 00000000 00:00 0 \n3000-4000 rw-p 0 0:0 0\n")

        assert source.read("maps") == [("", 0x1000, 0x2000, ""), ("", 0x3000, 0x4000, "")]
        assert written(source.form, "", (0x1000, 0x2000, None), fields=[]) == (
            "00001000-00002000 ---p 00000000 00:00 0"
        )

    def test_the_details_of_smaps_are_skipped(self, given_input):
        """They stand below each mapping."""
        source = given_input(self.LINE + "\nSize:   4 kB\nVmFlags: rd ex\n\n")

        assert len(source.read("maps")) == 1
        assert not source.complaints

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("hello", "'hello', want start-stop perms offset device inode path"),
            ("zz-20 r-xp 0 0:0 0", "start is 'zz', want a hexadecimal address of at most 64 bits"),
            ("0-0x20 r-xp 0 0:0 0", "stop is '0x20', want a hexadecimal"),
            ("0-1ffffffffffffffff r-xp 0 0:0 0", "stop is '1ffffffffffffffff', want a hexadec"),
            ("20-10 r-xp 0 0:0 0", "00000020-00000010 is reversed, want start before stop"),
            ("20-20 r-xp 0 0:0 0", "00000020-00000020 has length zero and covers nothing"),
        ],
    )
    def test_a_bad_line_is_reported(self, given_input, line, reason):
        """With what would have been right."""
        source = given_input(line)

        assert source.read("maps") == []
        assert source.complaints[0][1].startswith(reason)

    def test_sizes_are_in_kibibytes_and_paths_are_short_in_pictures(self):
        """For people."""
        form = format_named("maps")(Want())

        assert form.length(0, 8192) == "8 KiB"
        assert form.length(0, 100) == "100 B"
        assert form.brief("/usr/lib/libc.so") == "libc.so"


class TestCodePoints:
    """Tables of the Unicode Character Database."""

    def test_ends_are_inclusive_in_the_file(self, given_input):
        """And comments, blanks and a missing property do no harm."""
        text = "# c\n\n0041..005A    ; Latin # [26] A..Z\n00AA;L\n10FFFF ; x; y\n0\n"

        assert given_input(text).read("codepoints") == [
            ("", 0x41, 0x5B, "Latin"),
            ("", 0xAA, 0xAB, "L"),
            ("", 0x10FFFF, 0x110000, "x; y"),
            ("", 0, 1, ""),
        ]

    def test_the_form_is_written_again(self):
        """One code point stands alone."""
        form = format_named("codepoints")(Want())

        assert written(form, "", (0x41, 0x5B, "Latin")) == "0041..005A     ; Latin"
        assert written(form, "", (0xAA, 0xAB, "L")) == "00AA           ; L"
        assert written(form, "", (0x41, 0x110000, None), fields=[]) == "0041..10FFFF"

    def test_properties_can_be_ignored(self, given_input):
        """Then only the points count."""
        assert given_input("0041;L", by=("nothing",)).read("codepoints") == [("", 65, 66, None)]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("xyz ; L", "first is 'xyz', want a code point, hexadecimal, at most 10FFFF"),
            ("110000", "first is '110000', want a code point"),
            ("0041.. ; L", "last is '', want a code point"),
            ("-1 ; L", "first is '-1', want a code point"),
            ("005A..0041 ; L", "005A-0041 is reversed, want first before last"),
        ],
    )
    def test_a_bad_line_is_reported(self, given_input, line, reason):
        """With what would have been right."""
        source = given_input(line)

        assert source.read("codepoints") == []
        assert source.complaints[0][1].startswith(reason)


class TestAddresses:
    """Address lists."""

    @pytest.mark.parametrize(
        ("line", "record"),
        [
            ("0.0.0.1", ("IPv4", 1, 2)),
            ("0.0.0.4/30", ("IPv4", 4, 8)),
            ("0.0.0.4-0.0.0.9", ("IPv4", 4, 10)),
            ("0.0.0.4 - 0.0.0.9 note", ("IPv4", 4, 10)),
            ("0.0.0.4- 0.0.0.9,note", ("IPv4", 4, 10)),
            ("255.255.255.255", ("IPv4", 2**32 - 1, 2**32)),
            ("0.0.0.0/0", ("IPv4", 0, 2**32)),
            ("::/0", ("IPv6", 0, 2**128)),
            ("::1", ("IPv6", 1, 2)),
            ("::ffff:0.0.0.1", ("IPv6", 0xFFFF00000001, 0xFFFF00000002)),
            ("0.0.0.1 # c", ("IPv4", 1, 2)),
            ("0.0.0.1;c", ("IPv4", 1, 2)),
        ],
    )
    def test_every_form_of_a_line_is_read(self, given_input, line, record):
        """The key behind the last address is a key, too."""
        assert given_input(line).read("addresses") == [(*record, None)]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("1.2.3", "address is '1.2.3', want an IPv4 or IPv6 address"),
            ("1.2.3.256", "address is '1.2.3.256', want"),
            ("01.2.3.4", "address is '01.2.3.4', want"),
            ("fe80::1%eth0", "address is 'fe80::1%eth0', want"),
            ("1.2.3.4/33", "prefix is '33', want a length from 0 to 32"),
            ("::/129", "prefix is '129', want a length from 0 to 128"),
            ("::/-1", "address is '::/', want"),
            ("1.2.3.4/x", "prefix is 'x', want"),
            ("1.2.3.4/30/1", "prefix is '30/1', want"),
            ("1.2.3.5/30", "1.2.3.5/30 has host bits set, want 1.2.3.4/30"),
            ("1.2.3.9-1.2.3.4", "1.2.3.9 - 1.2.3.4 is reversed, want first - last"),
            ("1.2.3.9-::1", "1.2.3.9 - ::1 mixes IPv4 and IPv6, want one of them"),
            ("1.2.3.4 -", "'1.2.3.4 -', want an address, a block or first - last"),
            (",", "',', want an address"),
            ("é", "address is 'é', want"),
        ],
    )
    def test_a_bad_line_is_reported(self, given_input, line, reason):
        """With what would have been right."""
        source = given_input(line)

        assert source.read("addresses") == []
        assert source.complaints[0][1].startswith(reason)

    def test_the_note_can_be_the_value(self, given_input):
        """It is written behind every block."""
        source = given_input("0.0.0.1-0.0.0.3  my office\n::1", by=("note",))

        assert [record[3] for record in source.read("addresses")] == ["my office", ""]
        again = written(source.form, "IPv4", (1, 4, "my office"))
        assert again == "0.0.0.1/32 my office\n0.0.0.2/31 my office"

    def test_the_key_behind_the_last_address_has_a_name(self):
        """It is seen only on the ruler of a picture."""
        form = format_named("addresses")(Want())

        assert form.show_key("IPv4", 2**32) == "end"
        assert form.show("IPv4", 0, 2**32) == ("0.0.0.0", "255.255.255.255")

    @given(st.text(alphabet="0123456789abcf.:%/ ", max_size=20) | st.ip_addresses().map(str))
    def test_addresses_are_those_of_the_standard_library(self, text):
        """Except that scopes are refused: they have no place in an order of numbers."""
        try:
            wanted = ipaddress.ip_address(text)
        except ValueError:
            wanted = None
        try:
            group, number = number_of(text)
        except BadLineError:
            assert wanted is None or "%" in text
        else:
            assert wanted is not None
            assert (group, number) == (f"IPv{wanted.version}", int(wanted))

    def test_a_strict_parser_is_underneath(self):
        """Some systems have a lax one, and it would show here."""
        with pytest.raises(OSError, match="illegal"):
            socket.inet_pton(socket.AF_INET, "1.2.3")


class TestColumns:
    """CSV and TSV."""

    def test_usual_names_need_no_option(self, given_input):
        """Whatever their case and order, and a group and a value if there are columns for them."""
        text = "value,End,chrom,START\nx,9,c1,5\n,2.5,c1,1.5\n"

        assert given_input(text).read("csv") == [("c1", 5, 9, "x"), ("c1", 1.5, 2.5, "")]

    def test_columns_can_be_named(self, given_input):
        """By the name in the header, case does not matter."""
        source = given_input(
            "Lo\tHi\tWho\tDesk\n1\t2\tAda\tred\n", start="lo", stop="hi", groups=("desk",), by=("Who",)
        )

        assert source.read("tsv") == [("red", 1, 2, "Ada")]
        assert source.form.begin(["Who"]) == "Desk\tLo\tHi\tWho"
        assert written(source.form, "red", (1, 2, "Ada\t!")) == "red\t1\t2\tAda\\t!"

    def test_quoted_fields_may_hold_anything(self, given_input):
        """Delimiters, quotes, line ends; they are quoted again when written."""
        source = given_input('start,stop,value\n1,2,"a,""b""\nc"\n3,4,d\n')

        assert source.read("csv") == [("", 1, 2, 'a,"b"\nc'), ("", 3, 4, "d")]
        assert written(source.form, "", (1, 2, 'a,"b"\nc')) == '1,2,"a,""b""\nc"'
        assert source.form.begin(["value"]) == "start,stop,value"

    @pytest.mark.parametrize("delimiter", [",", ";", "|"])
    def test_the_delimiter_is_found_in_the_header(self, given_input, delimiter):
        """And used again."""
        source = given_input("start,stop\n1,2\n".replace(",", delimiter))

        assert source.read("csv") == [("", 1, 2, None)]
        assert written(source.form, "", (1, 2, None)) == f"1{delimiter}2"

    def test_empty_files_and_empty_lines_are_nothing(self, given_input):
        """Not even a complaint."""
        for text in ("", "\n\n", "\nstart,stop\n\n\n"):
            source = given_input(text)
            assert source.read("csv") == []
            assert not source.complaints

    @pytest.mark.parametrize(("header", "role"), [("a,stop", "start"), ("start,b", "stop")])
    def test_a_missing_column_is_named_with_the_option_for_it(self, given_input, header, role):
        """It is no use to read on."""
        with pytest.raises(UnreadableError, match=f"no {role} column in .*--{role}-column NAME"):
            given_input(f"{header}\n1,2\n").read("csv")

    @pytest.mark.parametrize("role", ["start", "stop"])
    def test_a_column_that_was_asked_for_and_is_missing_is_a_wrong_option(self, given_input, role):
        """The header says what there is."""
        with pytest.raises(UsageError, match=r"no column 'x' in .*, its header is \['start', 'sto"):
            given_input("start,stop\n1,2\n", **{role: "x"}).read("csv")

    def test_a_missing_field_is_named(self, given_input):
        """For a value."""
        with pytest.raises(UsageError, match=r"no field 'x' in csv, want one of \['start'"):
            given_input("start,stop\n1,2\n", by=("x",)).read("csv")
        with pytest.raises(UsageError, match="no field 'value' in csv"):
            given_input("start,stop\n1,2\n", by=("value",)).read("csv")

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("1", "1 columns in ['1'], want 2"),
            ("1,x", "stop is 'x', want a finite number"),
            ("1,nan", "stop is 'nan', want a finite number"),
            ("1,1e999", "stop is '1e999', want a finite number"),
            ("1_0,20", "start is '1_0', want a finite number"),
            ("5,1", "start 5, stop 1 is reversed, want start before stop"),
            ("5,5.0", "start 5, stop 5.0 has length zero and covers nothing"),
            ('"5"x,6', "',' expected after '\"'"),
            (f'"{"x" * 200_000}",6', "field larger than field limit (131072)"),
        ],
    )
    def test_a_bad_line_is_reported_and_the_others_are_read(self, given_input, line, reason):
        """With what would have been right."""
        source = given_input(f"start,stop\n1,2\n{line}\n3,4\n")

        assert source.read("csv") == [("", 1, 2, None), ("", 3, 4, None)]
        assert source.complaints == [(3, reason)]

    def test_a_quote_that_is_never_closed_is_reported_where_it_began(self, given_input):
        """The lines behind it are read."""
        for more in ("5,6\n", "5,6\n" * 1000, '5,6\n7,"8\n'):
            source = given_input(f'start,stop\n1,2\n"3,4\n{more}')

            assert source.read("csv") == [("", 1, 2, None)] + [("", 5, 6, None)] * more.count("5,6")
            assert source.complaints[0][0] == 3
            assert "is not closed" in source.complaints[0][1]

    def test_a_header_that_is_no_csv_is_refused(self, given_input):
        """And the file is given up."""
        source = given_input('start,"stop"x\n1,2\n')

        with pytest.raises(UnreadableError, match="bad header"):
            source.read("csv")

    def test_text_that_the_header_does_not_name_makes_a_line_bad(self, given_input):
        """Empty columns at the end are nothing."""
        source = given_input("start,stop\n1,2,,\n3,4,x\n")

        assert source.read("csv") == [("", 1, 2, None)]
        assert source.complaints == [(3, "3 columns in ['3', '4', 'x'], want 2")]


class TestKinds:
    """Keys of many kinds."""

    @pytest.mark.parametrize(
        ("first", "last", "keys"),
        [
            ("1", "2", (1, 2)),
            ("-5", "0.5", (-5, 0.5)),
            ("1e3", "1e4", (1e3, 1e4)),
            ("2024-02-29", "2024-03-01", (date(2024, 2, 29), date(2024, 3, 1))),
            (
                "2024-02-29T12:00",
                "2024-02-29 13:00:30",
                (datetime(2024, 2, 29, 12), datetime(2024, 2, 29, 13, 0, 30)),
            ),
            (
                "2024-02-29T12:00Z",
                "2024-02-29T13:00+00:00",
                (
                    datetime(2024, 2, 29, 12, tzinfo=UTC),
                    datetime(2024, 2, 29, 13, tzinfo=UTC),
                ),
            ),
            ("8:00", "24:00", (28800, 86400)),
            ("0x1f", "0x20", (31, 32)),
        ],
    )
    def test_the_first_records_tell_the_kind(self, given_input, first, last, keys):
        """Numbers, dates, times, times with an offset, text."""
        ((_, start, stop, _),) = given_input(f"start,stop\n{first},{last}\n").read("csv")

        assert (start, stop) == keys
        assert [type(start), type(stop)] == [type(key) for key in keys]

    @pytest.mark.parametrize(
        ("first", "other", "want"),
        [
            ("1,2", "2024-01-01,2024-01-02", "a finite number"),
            ("2024-01-01,2024-01-02", "1,2", "a date"),
            (
                "2024-01-01T10:00,2024-01-01T11:00",
                "2024-01-01T10:00Z,2024-01-01T11:00Z",
                "date and",
            ),
            (
                "2024-01-01T10:00Z,2024-01-01T11:00Z",
                "2024-01-01T10:00,2024-01-01T11:00",
                "date and",
            ),
            ("2024-01-01T10:00Z,2024-01-01T11:00Z", "soon,later", "date and time"),
        ],
    )
    def test_a_key_of_another_kind_is_a_bad_line(self, given_input, first, other, want):
        """Because nothing could be compared with it."""
        source = given_input(f"start,stop\n{first}\n{other}\n")

        assert len(source.read("csv")) == 1
        ((number, reason),) = source.complaints
        assert number == 3
        assert f"want {want}" in reason

    def test_most_of_the_first_lines_tell_the_kind(self, given_input):
        """A line of another kind does not make all others bad, wherever it stands."""
        source = given_input("start,stop\n2024-01-01,2024-01-02\n1,2\n3,4\n")

        assert source.read("csv") == [("", 1, 2, None), ("", 3, 4, None)]
        assert [number for number, _ in source.complaints] == [2]

    def test_text_is_no_key_unless_it_is_asked_for(self, given_input):
        """It would be sorted as text: 10 before 9."""
        source = given_input("start,stop\na,b\n")

        assert source.read("csv") == []
        assert "--keys text takes any text" in source.complaints[0][1]
        assert given_input("start,stop\na,b\n", kind=KINDS["text"]).read("csv") == [
            ("", "a", "b", None)
        ]

    def test_a_bad_line_tells_nothing_about_the_kind(self, given_input):
        """A line of units below the header does not make text of all keys."""
        source = given_input("start,stop\nbp,bp\n10,9\n9,10\n")

        assert source.read("csv") == [("", 9, 10, None)]

    def test_the_kind_can_be_given(self, given_input):
        """Numbers as text, whole numbers only."""
        text = "start,stop\n10,9\n9,9.5\n"

        assert given_input(text, kind=KINDS["text"]).read("csv") == [
            ("", "10", "9", None),
            ("", "9", "9.5", None),
        ]
        whole = given_input(text, kind=KINDS["int"])
        assert whole.read("csv") == []
        assert [number for number, _ in whole.complaints] == [2, 3]

    def test_an_inclusive_stop_is_the_last_key(self, given_input):
        """Of whole numbers and dates; written as it was read."""
        numbers = given_input("start,stop\n1,1\n-5,-3\n", inclusive=True)
        days = given_input("start,stop\n2024-02-28,2024-02-28\n", name="days", inclusive=True)

        assert numbers.read("csv") == [("", 1, 2, None), ("", -5, -2, None)]
        assert written(numbers.form, "", (1, 2, None)) == "1,1"
        assert days.read("csv") == [("", date(2024, 2, 28), date(2024, 2, 29), None)]
        assert days.form.length(date(2024, 2, 28), date(2024, 2, 29)) == "1 day"
        assert days.form.length(date(2024, 2, 28), date(2024, 3, 1)) == "2 days"

    def test_an_inclusive_stop_needs_neighbours(self, given_input):
        """Between two times, or two words, there is always another."""
        with pytest.raises(
            UsageError, match="--inclusive is for whole numbers and dates, not text"
        ):
            given_input("start,stop\na,b\n", inclusive=True, kind=KINDS["text"]).read("csv")
        source = given_input("start,stop\n1,2.5\n", inclusive=True)
        assert source.read("csv") == []
        assert "want a whole number" in source.complaints[0][1]

    def test_the_last_day_has_no_key_behind_it(self, given_input):
        """The calendar ends."""
        source = given_input("start,stop\n9999-01-01,9999-12-31\n", inclusive=True)

        assert source.read("csv") == []
        assert "there is no key behind it" in source.complaints[0][1]

    @given(st.text(max_size=20))
    def test_any_text_has_a_kind(self, text):
        """Or is plain text."""
        name = guess_kind(text)

        if name:
            kind = KINDS[name]
            assert kind.parse(kind.show(kind.parse(text))) == kind.parse(text)

    @given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
    def test_numbers_are_written_as_they_are_read(self, number):
        """Every bit of them."""
        kind = KINDS["number"]

        assert kind.parse(kind.show(number)) == number

    def test_lengths_are_made_from_numbers(self):
        """For `--distance`."""
        assert KINDS["number"].length(2.5) == 2.5
        assert KINDS["date"].length(2) == timedelta(days=2)
        assert KINDS["time"].length(90) == timedelta(seconds=90)
        assert KINDS["text"].length is None

    def test_quoted_input_is_harmless_and_short(self):
        """It goes to a terminal."""
        assert quote("\x1b[31m") == "'\\x1b[31m'"
        assert len(quote("x" * 1000)) == 60


class TestJsonLines:
    """JSON lines."""

    def test_objects_and_arrays_are_records(self, given_input):
        """A value may be any JSON, or missing."""
        text = (
            '{"start": 1, "stop": 2.5, "value": {"a": [1]}}\n\n[3, 4]\n[5, 6, null]\n[7, 8, "x"]\n'
        )

        assert given_input(text).read("jsonl") == [
            ("", 1, 2.5, {"a": [1]}),
            ("", 3, 4, None),
            ("", 5, 6, None),
            ("", 7, 8, "x"),
        ]

    def test_fields_can_be_named(self, given_input):
        """An object may lack the field for the value."""
        source = given_input(
            '{"lo": 1, "hi": 2, "g": 7, "a": 1, "b": "x"}\n{"lo": 3, "hi": 4}\n[5, 6, "v"]\n',
            start="lo",
            stop="hi",
            groups=("g",),
            by=("a", "b"),
        )

        assert source.read("jsonl") == [
            ("7", 1, 2, (1, "x")),
            ("", 3, 4, (None, None)),
            ("", 5, 6, (None, None)),
        ]

    def test_values_can_be_ignored(self, given_input):
        """Then only the spans count."""
        assert given_input("[1, 2, 3]", by=("nothing",)).read("jsonl") == [("", 1, 2, None)]

    def test_keys_in_strings_may_be_of_any_kind(self, given_input):
        """Dates, text, and numbers that someone has quoted."""
        assert given_input('["2024-01-01", "2024-01-02"]').read("jsonl")[0][1] == date(2024, 1, 1)
        text = given_input('["a", "b"]', kind=KINDS["text"])
        assert text.read("jsonl") == [("", "a", "b", None)]
        assert given_input('["1", 2]').read("jsonl") == [("", 1, 2, None)]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("{", "no JSON: "),
            ("[1, 2] [3, 4]", "no JSON: "),
            ("[" * 100_000, "no JSON: "),
            ("[1, NaN]", "no JSON: NaN is no JSON number"),
            ("[1, " + "9" * 5000 + "]", "no JSON: "),
            ("[1, " + "9" * 500 + "]", "stop is 9999"),
            ("[1, 1e999]", "no JSON: 1e999 is too large"),
            ("7", "7, want an object or [start, stop, value]"),
            ("[1]", "1 items, want [start, stop] or [start, stop, value]"),
            ("[1, 2, 3, 4]", "4 items, want"),
            ("{}", "no start in {}, want a field 'start'"),
            ('{"start": 1}', "no stop in {'start': 1}, want a field 'stop'"),
            ("[true, 2]", "start is True, want a finite number"),
            ("[1, null]", "stop is None, want a finite number"),
            ('[1, "x"]', "stop is 'x', want a finite number"),
            ("[2, 1]", "start 2, stop 1 is reversed, want start before stop"),
        ],
    )
    def test_a_bad_line_is_reported_and_the_others_are_read(self, given_input, line, reason):
        """With what would have been right."""
        source = given_input(f"{line}\n[3, 4]\n")

        assert source.read("jsonl") == [("", 3, 4, None)]
        assert source.complaints[0][0] == 1
        assert source.complaints[0][1].startswith(reason)

    def test_a_number_among_texts_is_bad(self, given_input):
        """It could not be compared."""
        source = given_input('["a", "b"]\n[1, 2]\n', kind=KINDS["text"])

        assert len(source.read("jsonl")) == 1
        assert source.complaints == [(2, "start is 1, want some text")]


class TestWriting:
    """What all formats have in common."""

    def test_json_has_numbers_and_what_they_stand_for(self):
        """So that it can be read again, by programs and by people."""
        maps, points = format_named("maps")(Want()), format_named("codepoints")(Want())
        bed, lines = format_named("bed")(Want()), format_named("jsonl")(Want(start="lo", stop="hi"))
        span = (4096, 8192, "x")

        assert json.loads(as_json(maps, "", *span, ["path"])) == {
            "start": 4096,
            "stop": 8192,
            "text": "00001000-00002000",
            "path": "x",
        }
        assert json.loads(as_json(points, "", *span, [])) == {
            "start": 4096,
            "stop": 8192,
            "text": "1000..1FFF",
        }
        assert json.loads(as_json(bed, "chr1", *span, [])) == {
            "chrom": "chr1",
            "start": 4096,
            "stop": 8192,
        }
        assert json.loads(as_json(lines, "", *span, [])) == {"lo": 4096, "hi": 8192}

    def test_fields_are_taken_apart_as_they_were_put_together(self):
        """None, one, several."""
        assert as_fields(None, []) == []
        assert as_fields("x", ["a"]) == ["x"]
        assert as_fields(("x", "y"), ["a", "b"]) == ["x", "y"]

    def test_fields_on_a_line_obey_nobody(self):
        """No line end, no escape sequence gets to a terminal; bytes that were no UTF-8 do."""
        assert plain("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
        assert plain("caf\udce9") == "caf\udce9"
        assert plain("\ud800") == "\\ud800"
        assert plain({"a": 1}) == '{"a": 1}'
        assert plain(None) == ""
        assert plain("née") == "née"

    def test_a_format_has_to_say_how_it_is_read(self):
        """The base class is no format."""
        with pytest.raises(NotImplementedError):
            Format(Want()).parse("")
        with pytest.raises(NotImplementedError):
            written(Format(Want()), "", (1, 2, None))
        assert not Format.looks("")


@pytest.mark.parametrize("name", FORMATS)
class TestEveryFormat:
    """Promises that hold for all."""

    @given(data=st.binary(max_size=300))
    def test_random_bytes_give_records_or_complaints(self, tmp_path_factory, name, data):
        """Never another error."""
        source = Input(tmp_path_factory.getbasetemp(), data)

        try:
            records = source.read(name)
        except UnreadableError:
            return

        for group, start, stop, _ in records:
            assert isinstance(group, (str, tuple))
            assert start < stop

    def test_what_is_written_is_read_again(self, given_input, name):
        """The own form of each format."""
        source = given_input(SAMPLES[name])
        records = source.read(name)
        assert records
        assert not source.complaints
        if name in READONLY:
            with pytest.raises(UsageError, match="cannot be written"):
                source.form.admit(())
            return

        top = source.form.begin(source.form.chosen)
        lines = [written(source.form, group, piece) for group, *piece in records]
        again = given_input("\n".join([*filter(None, [top]), *lines]) + "\n")

        assert again.read(name) == records
        assert not again.complaints

    def test_no_text_behind_a_record_is_ignored(self, given_input, name):
        """It is a field that the format names, or the line is bad."""
        free = {"bed", "maps", "iomem", "codepoints", "addresses", "gff", "vcf"}
        last = [line for line in SAMPLES[name].splitlines() if line][-1]
        divider = "\t" if "\t" in last else "," if name == "csv" else " "
        source = given_input(SAMPLES[name] + f"{last}{divider}text\n")

        source.read(name)

        assert bool(source.complaints) is (name not in free - {"gff"})
