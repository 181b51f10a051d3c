"""Nothing is dropped in silence: each kind of input that once was, and what is said or printed now."""

import bz2
import contextlib
import io
import ipaddress
import lzma
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from rangelist import __version__
from rangelist.cli.main import main
from rangelist.cli.output import Output
from rangelist.cli.spans import apart, sets
from tests.cli.test_cli import (
    BAD_LINES,
    DATA,
    OK,
    ROOT,
    UNREADABLE,
    USAGE,
    Stream,
    file,
    process,
    run,
)
from tests.formats.samples import SAMPLES

__all__ = ["file"]  # a fixture


def same(text, *args):
    """Return the result in the form of the input."""
    return run("--as", "same", *args, stdin=text)


class TestGroups:
    """Which lines are merged with which."""

    @pytest.mark.parametrize(
        "name", ["chrom", "Chr", "CHROMOSOME", "seqname", "seqnames", "seqid", "contig", "group", "#chrom"]
    )
    @pytest.mark.parametrize("divider", [",", "\t", ";"])
    def test_chromosomes_are_known_by_all_their_names(self, name, divider):
        """And it is said which column they are taken from."""
        text = f"{name},Start,End\nchr1,1,10\nchr2,5,20\n".replace(",", divider)

        result = same(text)

        assert (result.code, result.out) == (OK, text)
        assert result.err.startswith("reading <stdin> as ")
        assert f"start=Start stop=End group={name} keys=int\n" in result.err
        assert same(text, "--quiet").err == ""

    def test_json_and_quoted_names_too(self):
        """As R writes them."""
        assert same('"seqnames","start","end"\n"a",1,5\n"b",2,9\n').lines[1:] == ["a,1,5", "b,2,9"]
        text = '{"Chromosome": "a", "start": 1, "stop": 5}\n{"Chromosome": "b", "start": 2, "stop": 9}\n'
        assert same(text).out == text

    def test_numbers_that_name_groups_stay_numbers(self):
        """Their type is theirs."""
        text = '{"chrom": 1, "start": 1, "stop": 5}\n{"chrom": "1x", "start": 1, "stop": 5}\n'
        assert same(text).out == text

    def test_a_group_that_comes_late_is_no_group(self):
        """The lines before it had none."""
        text = '{"start": 1, "stop": 5}\n' * 3000 + '{"start": 1, "stop": 5, "chrom": "x"}\n'
        result = same(text)
        assert (result.code, len(result.lines)) == (BAD_LINES, 1)
        assert "'chrom' makes groups, the first lines have none: --group chrom" in result.err

    def test_columns_that_nothing_uses_are_named(self):
        """A strand that was forgotten shows."""
        result = run(stdin="start,end,strand,score\n1,5,+,7\n")
        assert "unused=strand,score" in result.err

    @pytest.mark.parametrize("form", SAMPLES)
    def test_any_column_of_any_format_can_be_a_group(self, form):
        """By number, in addition to the groups of the format."""
        column = {"jsonl": "value"}.get(form, "2" if form in ("codepoints", "addresses") else "1")
        result = run("-f", form, "--group", column, "--as", "jsonl", stdin=SAMPLES[form])
        assert result.code == OK
        assert result.objects

    def test_attributes_of_gff_are_columns(self):
        """GFF3 and GTF spell them differently."""
        lines = "c\tx\tgene\t1\t9\t.\t+\t.\t"
        text = f'{lines}ID=a;Name=n\n{lines}gene_id "g 1"; Name "m";\n{lines}Name k\n{lines}.\n'
        names = [row["Name"] for row in run("-f", "gff", "--group", "Name", "--as", "jsonl", stdin=text).objects]
        assert sorted(names) == ["", "k", "m", "n"]
        assert "has no place for 'n'" in same(SAMPLES["gff"], "--collect", "n=count").err

    def test_groups_are_counted_as_people_do(self):
        """On request."""
        text = "chr10 1 5\nchr2 1 5\nchrX 1 2\nchr1 3 4\n"
        names = [line.split()[0] for line in run("--numeric", "--as", "bed", stdin=text).lines]
        assert names == ["chr1", "chr2", "chr10", "chrX"]
        assert "--numeric: no effect" in run("--numeric", stdin="start,stop\n1,2\n").err

    def test_values_that_are_overwritten_are_told(self):
        """And kept apart by --group."""
        text = "0041 ; Alphabetic\n0041 ; Uppercase\n"
        result = same(text)
        assert "'Alphabetic' and 'Uppercase' overlap at 0041: the later line wins" in result.err
        assert "--group property keeps both" in result.err
        assert len(same(text, "--group", "property").lines) == 2
        assert run("--jobs", "2", stdin=text).err == result.err


class TestCollect:
    """`--collect`."""

    TEXT = "c\t1\t10\tz\t10\t+\nc\t2\t12\ta\t7\t-\nc\t3\t15\tz\t7.5\t.\nc\t20\t30\tq\t1\t.\n"

    def test_every_operation(self):
        """By start, then in the order of the lines."""
        wanted = {
            "count": 3, "distinct": "a,z", "collapse": "z,a,z", "first": "z", "last": "z",
            "sum": 24.5, "min": 7, "max": 10, "mean": 8.166666667,
        }  # fmt: skip
        options = []
        for op in wanted:
            column = "" if op == "count" else ":score" if op in ("sum", "min", "max", "mean") else ":name"
            options += ["--collect", f"{op}={op}{column}"]
        row = run(*options, "--as", "jsonl", stdin=self.TEXT).objects[0]
        assert {op: row[op] for op in wanted} == wanted

    def test_with_by_only_lines_of_the_value_count(self):
        """And cut ones count in each piece."""
        text = '[1, 10, "a"]\n[3, 4, "b"]\n[5, 6, ["x"]]\n'
        rows = run("--collect", "n=count", "--as", "jsonl", "--quiet", stdin=text).objects
        assert [(row["value"], row["n"]) for row in rows] == [("a", 1), ("b", 1), ("a", 1), (["x"], 1), ("a", 1)]

    def test_what_is_no_number_makes_a_bad_line(self):
        """It cannot be added."""
        result = run("--collect", "n=sum:name", stdin=self.TEXT)
        assert result.code == BAD_LINES
        assert "name is 'z', want a finite number" in result.err

    @pytest.mark.parametrize("text", ["n", "n=", "n=bad", "n=sum", "n=count:name", "=count", "n=sum:"])
    def test_wrong_fields_are_explained(self, text):
        """With exit code 2."""
        assert run("--collect", text, stdin=self.TEXT).code == USAGE

    def test_two_fields_of_one_name_are_refused(self):
        """One would hide the other."""
        assert "the same name" in run("--collect", "n=count", "--collect", "n=count").err


class TestAddresses:
    """What people write into lists of addresses."""

    @pytest.mark.parametrize(
        ("line", "lines"),
        [
            ("1.0.0.0,1.0.0.255,AU", ["1.0.0.0/24"]),
            ("1.0.0.0\t1.0.0.255\t13335\tUS", ["1.0.0.0/24"]),
            ('"1.0.0.0","1.0.0.255","AU"', ["1.0.0.0/24"]),
            ("10.0.0.0 255.255.255.0", ["10.0.0.0/24"]),
            ("10.0.0.0 0.0.0.255", ["10.0.0.0/24"]),
            ("10.0.0.0/255.255.255.0", ["10.0.0.0/24"]),
            ("10.0.0.0/0.0.0.255", ["10.0.0.0/24"]),
            ("10.0.0.1 255.255.255.255", ["10.0.0.1/32"]),
            ("224.0.0.0,255.255.255.255", ["224.0.0.0/3"]),
            ("0.0.0.0 255.255.255.255", ["0.0.0.0/0"]),
            ("10.0.0.0/8, 192.168.0.0/16", ["10.0.0.0/8", "192.168.0.0/16"]),
            ("10.0.0.0/8;192.168.0.0/16", ["10.0.0.0/8", "192.168.0.0/16"]),
            ("10.0.0.0/8 192.168.0.0/16 lan", ["10.0.0.0/8", "192.168.0.0/16"]),
            ("10.0.0.0/8, 1.2.3.4", ["1.2.3.4/32", "10.0.0.0/8"]),
            ("10.0.0.2 to 10.0.0.3", ["10.0.0.2/31"]),
            ("10.0.0.2-10.0.0.3", ["10.0.0.2/31"]),
            ("10.0.0.2 -10.0.0.3", ["10.0.0.2/31"]),
            ("10.0.0.2 to whom it may concern", ["10.0.0.2/32"]),
            ("[2001:db8::1]", ["2001:db8::1/128"]),
            ("[2001:db8::]/32", ["2001:db8::/32"]),
            ("::ffff:0:0/96", [str(ipaddress.ip_network("::ffff:0:0/96"))]),
            ("2001:db8::1, 2001:db8::2", ["2001:db8::1/128", "2001:db8::2/128"]),
            ("1.10.16.0/20 ; SBL256894", ["1.10.16.0/20"]),
        ],
    )
    def test_it_is_understood(self, line, lines):
        """As the one who wrote it meant it."""
        result = same(line)
        assert (result.code, result.lines) == (OK, lines), result.err
        guessed = ("1.0.0.0", '"1.0.0.0', "224.0.0.0", "0.0.0.0 255", "2001:db8::1,")
        assert ("first and last" in result.err) is line.startswith(guessed)

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("10.0.0.0/8, foo, 192.168.0.0/16", "'192.168.0.0/16' stands behind a note"),
            ("10.0.0.1 10.0.0.5 10.0.0.9", "has 3 addresses, want first and last"),
            ("10.0.0.9 10.0.0.1", "is reversed"),
            ("10.0.0.0 ::1", "mixes IPv4 and IPv6"),
            ("0.0.0.0 0.0.0.0", "is one address or all"),
            ("10.0.0.5/24", "has host bits set, want 10.0.0.0/24 or --host-bits mask"),
            ("10.0.0.5 255.255.255.0", "has host bits set"),
            ("fe80::1%eth0", "without a zone id"),
            ("010.0.0.1", "without leading zeros"),
            ("10.0.0.0/255.0.255.0", "prefix is '255.0.255.0'"),
            ("10.0.0.1:80", "address is '10.0.0.1:80'"),
            ("[2001:db8::1]:80", "address is '[2001:db8::1]:80'"),
            ("10.0.0.1 -", "want an address, a block or first - last"),
        ],
    )
    def test_or_it_is_a_bad_line(self, line, why):
        """That says what is wrong; it is one also as the first line of a file."""
        result = same(f"{line}\n10.1.0.0/16\n")
        assert (result.code, result.lines) == (BAD_LINES, ["10.1.0.0/16"])
        assert why in result.err

    def test_host_bits_can_be_masked(self):
        """As iprange does."""
        assert same("10.0.0.5/24\n10.1.0.5 255.255.255.0\n", "--host-bits", "mask").lines == [
            "10.0.0.0/24",
            "10.1.0.0/24",
        ]
        assert "--host-bits: no effect" in run("--host-bits", "mask", stdin="c 1 2\n").err

    def test_columns_of_addresses_have_addresses_for_keys(self, file):
        """First and last; both versions in one file, and beside a plain list."""
        text = "start,end,who\n9.0.0.0,9.0.0.255,a\n10.0.0.0,10.0.0.255,b\n::1,::2,c\n10.0.0.1,::1,d\n"
        result = same(text)
        assert result.lines == ["start,end", "9.0.0.0,9.0.0.255", "10.0.0.0,10.0.0.255", "::1,::2"]
        assert "keys=address inclusive" in result.err
        assert "IPv4 and IPv6" in result.err
        deny = file("9.0.0.0/25\n", "deny.txt")
        assert run("--as", "ranges", "--difference", deny, "--quiet", stdin=text).lines[0] == "9.0.0.128-9.0.0.255"
        assert run("--as", "jsonl", "--quiet", stdin=text).objects[0] == {
            "version": "IPv4", "start": "9.0.0.0", "end": "9.0.0.255",
        }  # fmt: skip
        inside = run("--within", "::/120", "--gaps", "--as", "ranges", "--quiet", stdin=text)
        assert "::3-::ff" in inside.lines

    def test_blocks_and_ranges_are_for_addresses(self):
        """Fields stand behind them."""
        assert run("--as", "ranges", "--by", "note", stdin="10.0.0.0/31 x\n").lines == ["10.0.0.0-10.0.0.1 x"]
        assert "--as blocks is for addresses" in run("--as", "blocks", stdin="c 1 2\n").err

    def test_mixed_blocks_and_addresses_are_read_at_once(self):
        """The fast way gives what the slow one does."""
        text = "10.0.0.0/31\n10.0.0.2\n10.0.0.8/29\n"
        assert same(text).out == same(text + "# slow\n").out
        assert same("10.0.0.1\n10.0.0.2\n").lines == ["10.0.0.1/32", "10.0.0.2/32"]


class TestKeys:
    """Numbers, dates, addresses; text on request."""

    @pytest.mark.parametrize(
        ("text", "lines", "keys"),
        [
            ("0x900,0xa00\n0x1000,0x2000", ["0x900,0xa00", "0x1000,0x2000"], "hex"),
            ("8:00,9:30\n09:00,10:00", ["08:00,10:00"], "clock"),
            ("8:00,9:30:30\n22:00,24:00", ["08:00,09:30:30", "22:00,24:00"], "clock"),
            ("2024-01-05 9:00,2024-01-05 10:00", ["2024-01-05 09:00:00,2024-01-05 10:00:00"], "time"),
            ("5,9\n10,40\n200,300", ["5,9", "10,40", "200,300"], "int"),
            ("5.5,9\n10,40", ["5.5,9", "10,40"], "number"),
        ],
    )
    def test_the_kind_is_guessed_and_said(self, text, lines, keys):
        """From most of the first lines."""
        result = same(f"start,end\n{text}\n")
        assert (result.code, result.lines[1:]) == (OK, lines)
        assert f"keys={keys}" in result.err

    @pytest.mark.parametrize("bad", ["start,end", "-,5", "2024-01-01,2024-01-02", "a,b", '"1,000","2,000"', "1:00,2:00"])
    @pytest.mark.parametrize("where", [0, 1, 2])
    def test_one_bad_line_changes_no_other(self, bad, where):
        """Wherever it stands."""
        lines = ["5,9", "10,40"]
        lines.insert(where, bad)
        result = same("start,end\n" + "\n".join(lines) + "\n")
        assert (result.code, result.lines[1:]) == (BAD_LINES, ["5,9", "10,40"])
        assert result.err.startswith(f"<stdin>:{where + 2}: ")

    def test_what_could_be_several_things_is_refused(self):
        """Days before months, or thousands."""
        for text in ("01/02/2024,03/02/2024", '"1,000","2,000"', "apple,pear"):
            result = same(f"start,end\n{text}\n")
            assert (result.code, result.out) == (BAD_LINES, "")
            assert "--keys text takes any text" in result.err

    def test_options_leave_nothing_to_say(self):
        """All is given."""
        options = ["--start-column", "start", "--stop-column", "end", "--keys", "int"]
        assert same("start,end\n1,5\n", *options).err == ""


class TestColumns:
    """Plain columns, and names."""

    @pytest.mark.parametrize(
        ("text", "options", "out"),
        [
            ("1 5\n3 9\n", [], "1 9\n"),
            ("1,5,a\n5,9,a\n", [], "1,9,a\n"),
            ("x 1 5\nx 3 9\n", ["--columns", "2,3", "--group", "1"], "x 1 9\n"),
            ("1\tx\t5\n3\tx\t9\n", ["--columns", "1,3"], "1\t.\t9\n"),
            ("from;to;who\n1;5;a\n4;6;b\n", ["--columns", "from,to"], "from;to\n1;6\n"),
            ("from;to;who\n1;5;a\n5;6;a\n", ["--columns", "from,to,who"], "from;to;who\n1;6;a\n"),
            ("a,b\n1,5\n", ["--columns", "1,2"], "a,b\n1,5\n"),
            ("start stop\n1 5\n", [], "start stop\n1 5\n"),
            ('{"a": 1, "b": 2, "c": "x"}\n', ["--columns", "a,b,c"], '{"a": 1, "b": 2, "c": "x"}\n'),
        ],
    )
    def test_they_are_read_and_written(self, text, options, out):
        """Cells in their own columns."""
        result = same(text, *options)
        assert (result.code, result.out) == (OK, out), result.err

    def test_more_text_makes_a_line_bad(self):
        """Nothing says what it is."""
        result = same("1 5 a\n3 9 b c\n")
        assert (result.code, result.out) == (BAD_LINES, "1 5 a\n")

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            (["--columns", "1"], "--columns wants START,STOP"),
            (["--columns", "1,2", "--start-column", "a"], "not with --start-column"),
            (["--columns", "7,8"], "no column '7'"),
            (["--columns", "from,to"], "no column 'from'"),
        ],
    )
    def test_wrong_columns_are_explained(self, options, why):
        """With exit code 2."""
        result = run(*options, stdin="1 5\n")
        assert (result.code, why in result.err) == (USAGE, True), result.err

    def test_a_quote_that_is_not_closed_costs_one_line(self):
        """And is told where it began."""
        lines = "".join(f"{n * 10},{n * 10 + 5},x\n" for n in range(1, 5000))
        result = run("--as", "jsonl", "--by", "nothing", stdin=f'start,end,name\n0,5,"a\n{lines}')
        assert (result.code, len(result.lines)) == (BAD_LINES, 4999)
        assert result.err.startswith("<stdin>:2: a quote in ")


class TestFormats:
    """What is special about some."""

    def test_large_ranges_of_unicode_are_pairs(self):
        """Halves alone are bad lines."""
        text = "3400;<CJK, First>;Lo\n4DBF;<CJK, Last>;Lo\n4DC0;X;So\n"
        assert same(text).lines == ["3400..4DBF     ; <CJK>;Lo", "4DC0           ; X;So"]
        for broken, numbers in (
            ("3400;<CJK, First>;Lo\n4DC0;X;So\n4DBF;<CJK, Last>;Lo\n", [1, 3]),
            ("3400;<CJK, First>;Lo\n", [1]),
            ("3400;<A, First>;Lo\n3401;<B, First>;Lo\n3409;<B, Last>;Lo\n", [1]),
            ("3400;<A, First>;Lo\n3401;<B, Last>;Lo\n", [1, 2]),
        ):
            result = same(broken)
            assert [int(line.split(":")[1]) for line in result.err.splitlines()] == numbers

    def test_variants_are_as_long_as_they_say(self):
        """REF, or END; what is no variant cannot be written."""
        rows = run("-f", "vcf", "--as", "jsonl", stdin=SAMPLES["vcf"]).objects
        assert [(row["start"], row["stop"]) for row in rows] == [(9, 30), (4, 5)]
        result = run("-f", "vcf", "--as", "same", stdin=SAMPLES["vcf"])
        assert (result.code, result.out) == (USAGE, "")
        bad = "c1\t10\t.\tA\t<DEL>\t.\t.\tEND=3\nc1\t10\t.\t1\tA\nc1\t0\t.\tA\tC\nc1\t1\t.\tA\tT\t.\t.\tEND=x\n"
        assert run("-f", "vcf", stdin=bad).err.count("\n") == 4
        assert "POS=2" in run(stdin="1\t5\t.\tA\tC\n").err

    def test_the_parts_of_a_resource_win(self):
        """Without a word: that is what the indent means."""
        assert same(SAMPLES["iomem"]) == same(SAMPLES["iomem"], "--quiet")
        assert same(SAMPLES["iomem"]).lines[:2] == ["00000000-0009ffff : Reserved", "000a0000-000bffff : Video"]

    def test_regions_without_an_end_need_a_window(self, file):
        """Or a file of sizes."""
        sizes = file("chr1\t5000\n# c\n\nHLA:1\t900\n", "x.sizes")
        text = "chr1:1,000\nchr1:-10\n{HLA:1}:5-7\n"
        assert run("-f", "regions", stdin=text).code == BAD_LINES
        assert run("-f", "regions", "--as", "same", "--within", sizes, stdin=text).lines == [
            "chr1:1-10", "chr1:1000-5000", "{HLA:1}:5-7",
        ]  # fmt: skip
        assert run("-f", "regions", "--as", "same", "--within", "1:2000", stdin="chr1:1,000\nchr1\n").lines == ["chr1:1-2000"]
        assert run("-f", "regions", stdin="chr1:\nchr1:x-y\nchr1:0-5\n").err.count("\n") == 3

    def test_headers_without_a_hash_are_no_records(self):
        """Of BED."""
        assert run("-f", "bed", "--as", "same", stdin="chrom start end\nchr1 5 9\n").out == "chr1\t5\t9\n"

    def test_a_chromosome_of_blanks_is_none(self):
        """On every way through the reader."""
        for options in ([], ["--by", "name"], ["--group", "name"]):
            assert "chrom is empty" in run("-f", "bed", *options, stdin=" \t3\t4\n").err

    def test_arrays_are_read_however_they_are_broken(self):
        """And written as arrays; what cannot be read is told with its line."""
        for text in (
            '[{"start": 1, "stop": 3}, {"start": 2, "stop": 4}]',
            '[\n {"start": 1,\n "stop": 3},\n {"start":2,"stop":4}\n]\n',
            "[[1, 3], [2, 4]]",
        ):
            assert same(text).lines == ["[", '{"start": 1, "stop": 4}', "]"]
        bad = same('[\n{"start": 1, "stop": 3},\n{"start": x},\n{"start": 5, "stop": 9}\n')
        assert bad.lines == ["[", '{"start": 1, "stop": 3},', '{"start": 5, "stop": 9}', "]"]
        assert [line.split(":")[1] for line in bad.err.splitlines()] == ["3", "4"]
        assert "1 items, want" in same("[[1, 2]]\n[3]\n").err
        assert "one array" in run("--cluster", stdin="[[1, 2]]").err
        assert same("[]").out == ""

    def test_windows_of_json_arrays_are_read_in_pieces(self):
        """Longer than one read."""
        text = "[" + ",\n".join(f"[{n * 3}, {n * 3 + 1}]" for n in range(20_000)) + "]"
        assert len(run("--as", "jsonl", stdin=text).lines) == 20_000

    @pytest.mark.parametrize(("pack", "name"), [(bz2.compress, "x.bed.bz2"), (lzma.compress, "x.bed.xz")])
    def test_other_compressions_are_read(self, file, pack, name):
        """Known by their first bytes."""
        assert run("--as", "same", file(pack(b"c 1 5\n"), name)).out == "c\t1\t5\n"
        assert run(file(pack(b"c 1 5\n")[:-5], f"cut{name}")).code == UNREADABLE

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"\x28\xb5\x2f\xfd....", "want zstdcat"),
            (b"PK\3\4....", "want unzip -p"),
            ("chr1\n".encode("utf-16"), "want iconv"),
            (b"BAM\1...", "want bedtools bamtobed"),
        ],
    )
    def test_what_is_not_read_is_named(self, file, data, why):
        """With what to put in front."""
        result = run(file(data))
        assert (result.code, why in result.err) == (UNREADABLE, True)

    def test_features_of_length_zero(self):
        """Bad, left out, or widened as bedtools does."""
        text = "c\t5\t5\nc\t10\t20\nc\t20\t20\n"
        assert run(stdin=text).code == BAD_LINES
        skipped = same(text, "--empty", "skip")
        assert (skipped.code, skipped.lines) == (OK, ["c\t10\t20"])
        assert "left out" in skipped.err
        assert same(text, "--empty", "widen").lines == ["c\t5\t5", "c\t10\t21"]
        assert same("c\t0\t0\nc\t3\t3\nc\t3\t3\n", "--empty", "widen").lines == ["c\t0\t0", "c\t2\t4"]
        assert "needs whole numbers" in run("--empty", "widen", stdin='["2024-01-01", "2024-01-01"]').err
        rows = run("--empty", "widen", "--collect", "n=count", "--as", "jsonl", stdin=text).objects
        assert [row["n"] for row in rows] == [1, 2]


class TestWindows:
    """`--within`."""

    def test_gaps_and_depths_go_to_its_ends(self, file):
        """Of each group; those without a line are one gap."""
        sizes = file("c1\t50\nc0\t9\n", "x.fai")
        text = SAMPLES["bed"].replace("c2", "c0")
        for order in ([], ["--sorted"]):
            assert run("--gaps", "--within", sizes, "--as", "bed", *order, stdin=text).lines == [
                "c1\t15\t50", "c0\t0\t3", "c0\t4\t9",
            ]  # fmt: skip
        depth = run("--depth", "--within", "0:6", "--as", "bed", stdin="c\t2\t4\n").lines
        assert depth == ["c\t0\t2\t0", "c\t2\t4\t1", "c\t4\t6\t0"]
        assert run("--depth", "--within", "3:", "--as", "bed", stdin="c\t2\t4\nc\t6\t7\n").lines == [
            "c\t3\t4\t1", "c\t4\t6\t0", "c\t6\t7\t1",
        ]  # fmt: skip

    def test_it_counts_as_the_input_does(self):
        """From one, and with the last."""
        line = "c\tx\tgene\t5\t6\t.\t+\t.\t.\n"
        assert run("-f", "gff", "--gaps", "--within", "1:10", "--as", "bed", stdin=line).lines == ["c\t0\t4", "c\t6\t10"]
        assert run("--gaps", "--within", "0041:0043", "--as", "same", stdin="0042 ; x\n").lines == [
            "0041", "0043",
        ]  # fmt: skip
        days = "start,end\n2024-01-02,2024-01-03\n"
        assert same(days, "--inclusive", "--gaps", "--within", "2024-01-01:2024-01-31").lines[1:] == [
            "2024-01-01,2024-01-01", "2024-01-04,2024-01-31",
        ]  # fmt: skip

    @pytest.mark.parametrize("window", ["x", "5", "9:2", "5:5", "a:b", ":", "1:2:3"])
    def test_a_wrong_window_is_explained(self, window):
        """With exit code 2."""
        assert run("--within", window, stdin="c\t1\t5\n").code == USAGE

    def test_a_group_of_two_sizes_is_a_bad_line(self, file):
        """The first one counts; the same twice is no harm."""
        sizes = file("c\t9\nd\t5\nc\t9\nc\t7\n", "sizes")
        result = run("--gaps", "--as", "bed", "--within", sizes, "-f", "bed", stdin="c\t1\t3\n")
        assert (result.code, result.lines) == (BAD_LINES, ["c\t0\t1", "c\t3\t9", "d\t0\t5"])
        assert f"{sizes}:4: 'c' has size 9 above" in result.err

    def test_groups_and_sizes_have_to_go_together(self, file):
        """Each is named."""
        sizes = file("c1\t50\nbad\n", "x.sizes")
        assert "'c9' is not in" in run("--within", sizes, stdin="c9\t1\t5\n").err
        assert "has sizes of groups" in run("--within", sizes, stdin="start,stop\n1,2\n").err
        assert "want a name and a size" in run("--within", sizes, stdin="c1\t1\t5\n").err


class TestWholeLines:
    """`--overlapping`, `--not-overlapping`, `--cluster`."""

    def test_lines_come_out_as_they_went_in(self, file):
        """Below their header."""
        other = file("start,stop\n20,22\n", "o.csv")
        text = 'start,stop,who\n5,9,"a,\nb"\n20,21,c\n'
        assert run("--overlapping", other, "--quiet", stdin=text).out == "start,stop,who\n20,21,c\n"
        assert run("--not-overlapping", other, "--quiet", stdin=text).out == 'start,stop,who\n5,9,"a,\nb"\n'
        vcf = file(SAMPLES["vcf"], "x.vcf")
        assert run("--overlapping", vcf, vcf).out == SAMPLES["vcf"]

    def test_a_line_of_several_spans_is_one_line(self, file):
        """It is kept if one of them overlaps."""
        other = file("10.0.0.0/8\n", "o.txt")
        text = "10.0.0.0/9, 11.0.0.0/8\n12.0.0.0/8\n"
        assert run("--overlapping", other, stdin=text).lines == ["10.0.0.0/9, 11.0.0.0/8"]
        assert run("--cluster", stdin=text).lines == ["10.0.0.0/9, 11.0.0.0/8 1,2", "12.0.0.0/8 2"]

    def test_clusters_have_numbers(self):
        """In the order of the groups; a place for them has each format, or it says so."""
        assert run("--cluster", stdin="start,stop,who\n5,9,a\n1,6,b\n20,21,c\n").lines == [
            "start,stop,who,cluster", "5,9,a,1", "1,6,b,1", "20,21,c,2",
        ]  # fmt: skip
        assert run("--cluster", stdin='[1, 4, "x"]\n[20, 21]\n').objects == [
            {"start": 1, "stop": 4, "value": "x", "cluster": 1},
            {"start": 20, "stop": 21, "cluster": 2},
        ]
        assert run("--cluster", "--sorted", stdin="b 1 2\na 1 2\n").lines == ["b 1 2 1", "a 1 2 2"]
        assert "no place for a number" in run("--cluster", "-f", "maps", stdin=SAMPLES["maps"]).err
        assert run("--cluster", "-f", "bed", stdin="").out == ""

    @pytest.mark.parametrize("option", [["--as", "bed"], ["--by", "name"], ["--picture"], ["--within", "1:2"], ["--collect", "n=count"]])
    def test_options_without_an_effect_are_refused(self, option):
        """On whole lines; and others on depths."""
        assert run("--cluster", *option, stdin="c 1 2\n").code == USAGE
        assert "no effect on --depth" in run("--depth", "--no-touching").err


class TestDepths:
    """`--overlaps` and `--depth` beside other options."""

    def test_each_value_by_itself(self):
        """And by distance."""
        text = "c\t0\t10\ta\t0\t+\nc\t5\t15\tb\t0\t-\nc\t8\t20\tc\t0\t+\n"
        assert run("--overlaps", "--by", "strand", "--as", "bed", stdin=text).lines == ["c\t8\t10\t+\t2"]
        assert run("--overlaps", "--by", "strand,name", "--as", "bed", stdin=text).lines == []
        assert run("--overlaps", "--group", "strand", "--as", "bed", stdin=text).lines == ["c\t8\t10\t+\t2"]
        near = "c\t0\t5\nc\t7\t9\n"
        assert run("--depth", "--distance", "2", "--as", "bed", stdin=near).lines == ["c\t0\t9\t1"]


class TestLibrary:
    """`--expand` and `--slots`."""

    def test_spans_grow_and_shrink(self):
        """As far as there are keys."""
        text = "c\t2\t10\nc\t14\t20\n"
        assert same(text, "--expand", "3").lines == ["c\t0\t23"]
        assert same(text, "--expand", "3,0").lines == ["c\t0\t10", "c\t11\t20"]
        assert same(text, "--expand=-3").lines == ["c\t5\t7"]
        assert run("--expand", "1", "--gaps", "--as", "bed", stdin=text).lines == ["c\t11\t13"]
        assert same("255.255.255.255\n", "--expand", "1").lines == ["255.255.255.254/31"]
        assert run("--expand", "x").code == USAGE

    @pytest.mark.parametrize("options", [["--expand", "1.5"], ["--slots", "2.5", "--within", "1:9"]])
    def test_whole_numbers_stay_whole(self, options):
        """Or what is printed could not be read again; other numbers may have fractions."""
        assert "keys have no fractions here" in same("c\t2\t10\n", *options).err
        assert run(*options, "--as", "jsonl", stdin="[2.0, 5.5]\n").code == OK

    def test_free_places_of_a_size(self):
        """From left to right."""
        options = ["--slots", "4", "--within", "0:20", "--as", "bed"]
        assert run(*options, stdin="c\t2\t10\n").lines == ["c\t10\t14", "c\t14\t18"]
        assert run("--slots", "0").code == USAGE


class TestOutput:
    """`-o`, terminals, closed streams."""

    def test_a_file_is_replaced_when_all_is_written(self, file):
        """It may be an input; its mode stays; a bad line leaves it as it was."""
        path = file("c\t1\t5\nc\t5\t9\n", "x.bed")
        path.chmod(0o640)
        assert run("-o", path, "--as", "same", path).code == OK
        assert path.read_text() == "c\t1\t9\n"
        assert path.stat().st_mode & 0o777 == 0o640
        for text, options in (("c\t1\t2\nbad\n", ["--strict"]), ("c\t1\t2\n", ["--distance", "1", "--no-touching"])):
            assert run("-o", path, *options, "-f", "bed", stdin=text).code != OK
            assert path.read_text() == "c\t1\t9\n"
        assert [found.name for found in path.parent.iterdir()] == ["x.bed"]
        link = path.parent / "link"
        link.symlink_to(path)
        assert run("-o", link, "-f", "bed", "--as", "same", stdin="c\t3\t4\n").code == OK
        assert (link.is_symlink(), path.read_text()) == (True, "c\t3\t4\n")

    def test_a_pipe_is_written_as_it_is(self):
        """By the name that links to it."""
        command = f"{sys.executable} -m rangelist -o /dev/stdout --as same {DATA / 'reads.bed'} | cat"
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
        assert (done.stdout.decode(), done.stderr) == (run("--as", "same", DATA / "reads.bed").out, b"")

    def test_what_cannot_be_written_is_an_error(self, tmp_path):
        """A folder that is not there, a full disk, a closed stream."""
        result = run("-o", tmp_path / "no" / "x", "-f", "bed", stdin="c\t3\t4\n")
        assert (result.code, "cannot write" in result.err) == (UNREADABLE, True)
        if Path("/dev/full").exists():
            assert run("-o", "/dev/full", "-f", "bed", stdin="c\t3\t4\n").code == UNREADABLE
        command = f"{sys.executable} -m rangelist {DATA / 'reads.bed'} >&-"
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == UNREADABLE
        assert b"standard output is closed" in done.stderr
        with pytest.raises(OSError, match="closed"):
            Output("-", None).emit(["x"])

    def test_control_characters_reach_no_terminal(self):
        """But a file, as they were."""
        text = "c\x1b[31m\t1\t5\ta\xa0b\n"
        assert same(text, "--by", "name").out == text.replace("\ta\xa0b", "\ta\xa0b")
        out = Stream(terminal=True)
        with Output("-", out) as output:
            output.emit([text.strip("\n")])
        assert out.text() == text.replace("\x1b", "\\x1b")
        assert "\x1b" not in run("-f", "bed", stdin="c\x1b[31m\t9\t5\n").err
        assert "\x1b" not in run("--\x1b").err

    def test_every_look_shows_a_result(self):
        """Zero-based and half-open for genomes."""
        line = 'c"\tx\tgene\t5\t6\t.\t+\t.\t.\n'
        assert run("-f", "gff", "--as", "bed", stdin=line).out == 'c"\t4\t6\n'
        assert run("-f", "gff", "--as", "same", stdin=line).out == 'c"\t.\t.\t5\t6\t.\t.\t.\t.\n'
        drawn = run("--picture", "--as", "svg", DATA / "reads.bed").out
        assert drawn.startswith("<svg")
        assert drawn.count("</svg>") == 1
        assert "--as bed needs whole numbers" in run("--as", "bed", stdin="[1.5, 2]").err
        assert run("--as", "bed", "--by", "nothing", stdin="[1, 2]").out == ".\t1\t2\n"

    def test_a_place_for_every_field_or_a_word(self):
        """In the form of the input."""
        assert "has no place for 'depth'" in same(SAMPLES["maps"], "-f", "maps", "--overlaps").err
        assert same(SAMPLES["bedgraph"], "--depth").lines[0] == "c1\t0\t9\t1"
        assert same("chr1:1-5\n", "--collect", "n=count").code == USAGE

    def test_a_trickle_is_printed_as_soon_as_it_is_final(self):
        """In every look, and the rest when it comes."""
        for look in ("same", "table", "jsonl"):
            with subprocess.Popen(
                [sys.executable, "-m", "rangelist", "--sorted", "--as", look],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            ) as child:  # fmt: skip
                child.stdin.write(b"chr1\t1\t5\nchr1\t8\t9\n")
                ready, _, _ = select.select([child.stdout], [], [], 60)
                assert ready
                first = os.read(child.stdout.fileno(), 1000)
                child.stdin.close()
                rest = child.stdout.read()
            assert first
            assert len((first + rest).splitlines()) == 2 + (look == "table")


class TestCorners:
    """What the tests above do not reach."""

    def test_of_addresses_in_columns(self):
        """Groups of their own, and reversed ones."""
        text = "start,end,who\n::9,::1,a\n::1,::2,a\n9.0.0.0,9.0.0.1,b\n"
        result = run("--group", "who", "--as", "jsonl", "--quiet", stdin=text)
        assert [row["who"] for row in result.objects] == ["b", "a"]
        assert "::9-::1 is reversed" in result.err
        assert "prefix is 'ffff::'" in same("2001:db8::/ffff::\n2001:db8::/32\n").err
        assert run("--within", "10.0.0.0/8, 11.0.0.0/8", stdin="10.0.0.1\n").code == USAGE

    def test_of_json(self):
        """Other names in some objects, and elements over many lines."""
        result = same('{"start": 1, "stop": 2}\n{"begin": 3, "end": 4}\n{"start": 5}\n')
        assert (len(result.lines), result.code) == (2, BAD_LINES)
        long = ",\n".join(f'{{"start": {n * 3},\n\n"stop":\n{n * 3 + 1}}}' for n in range(5000))
        assert len(run("--as", "jsonl", stdin=f"[{long}]").lines) == 5000

    def test_of_csv_and_kinds(self):
        """Quotes over lines that are no quotes; halves of clocks; no text at all."""
        text = 'start,end,name\n1,2,"a\nb"x\n3,4,c\n'
        assert [line.split(":")[1] for line in same(text).err.splitlines()[:2]] == ["2", "3"]
        assert same("start,end\n8:5,9:00\n8:00,9:00\n").lines[1:] == ["08:00,09:00"]
        text = 'start,end,name\n1,2,"a\nb",x,y\n3,4,c\n'
        assert [line.split(":")[1] for line in same(text).err.splitlines()[:2]] == ["2", "3"]
        assert same("start,end\n8:61,9:00\n" + "x,y\n" * 2100 + "1,2\n").lines[1:] == ["1,2"]
        assert same("1 5\n", "--collect", "n=count").lines == ["1 5 1"]
        assert same('1 5 "\n5 9 "\n').lines == ['1 9 "']
        assert same("c\tx\tgene\t1\t9\t.\t+\t.\t.\t\n", "-f", "gff").code == OK
        assert "want some text" in same("start,end\n,a\n", "--keys", "text").err

    def test_of_options(self, monkeypatch, file):
        """Sorted beside groups; nothing to draw; spans that shrink away; a wide terminal."""
        bed = SAMPLES["bed"]
        two = file(bed, "two.bed")
        options = ["-f", "bed", "--group", "strand", "--union", two]
        assert run(*options, "--sorted", stdin=bed) == run(*options, stdin=bed)
        assert run("--picture", "--within", "100:200", "-f", "bed", stdin=bed).out == ""
        assert run("-f", "bed", "--expand=10,-5", stdin="c\t0\t3\n").out == ""
        assert run("-f", "bed", "--by", "name", "--as", "same", stdin="c\t1\t2\nc\t2\t3\n").lines == ["c\t1\t3\t."]
        assert list(sets["union"](iter([]), iter([]), apart(None, touching=True))) == []
        monkeypatch.setenv("COLUMNS", "x")
        monkeypatch.setattr(os, "get_terminal_size", lambda: os.terminal_size((70, 20)))
        wide = run("--picture", stdin="[1, 2]")
        assert max(map(len, wide.lines)) == 70
        monkeypatch.setattr(os, "get_terminal_size", refused)
        assert max(map(len, run("--picture", stdin="[1, 2]").lines)) == 80
        assert run("--sorted", "--within", "100:200", "-f", "bed", stdin=bed).out == ""
        assert run("--expand", "1", "--as", "ranges", "--quiet", stdin="start,end\n::1,::2\n").out == "::-::3\n"
        monkeypatch.setenv("COLUMNS", "90")
        assert max(map(len, run("--picture", stdin="[1, 2]").lines)) == 90


def refused():
    """Stand for a terminal that is none."""
    raise OSError


class TestProgram:
    """Habits."""

    def test_help_fits_two_screens(self):
        """And formats have pages of their own."""
        done = process("--help")
        assert len(done.stdout.splitlines()) <= 100
        assert b"usage: python -m rangelist " in done.stdout
        assert run("help").out.startswith("usage: ")
        for form in SAMPLES:
            assert run("help", form).out.startswith(f"{form}: ")
        assert run("help", "nonsense").code == USAGE

    def test_it_has_a_version_and_a_name(self):
        """Its own."""
        assert run("--version").out == f"rangelist {__version__}\n"
        program = "import sys; sys.argv[0] = '/usr/bin/rangelist'; from rangelist.cli import run; run()"
        done = subprocess.run([sys.executable, "-c", program, "--nonsense"], cwd=ROOT, capture_output=True, check=False)
        assert done.stderr.startswith(b"usage: rangelist ")

    def test_an_interrupt_within_the_imports_is_quiet(self):
        """As later on."""
        program = (
            "import sys, builtins; real = builtins.__import__\n"
            "def slow(name, *rest):\n"
            "    if name == 'rangelist.cli.main': raise KeyboardInterrupt\n"
            "    return real(name, *rest)\n"
            "builtins.__import__ = slow; from rangelist.cli import run; run()"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (130, b"")

    def test_it_can_be_called_without_streams(self, monkeypatch):
        """As a daemon does."""
        monkeypatch.setattr(sys, "stderr", None)
        with contextlib.redirect_stdout(io.StringIO()):
            assert main(["-f", "bed", "/nonexistent"]) == UNREADABLE


class TestEveryOption:
    """Each has an effect beside the others, or is refused by name."""

    @pytest.mark.parametrize(
        "options",
        [
            ["--as", "bed", "--as", "same"],
            ["--within", "1:2", "--within", "2:3"],
            ["--gaps", "--depth"],
            ["--union", "a", "--union", "b"],
            ["-o", ""],
            ["--by", ""],
            ["--group", "strand,"],
            ["--gaps", "--no-touching"],
            ["--slots", "3", "--no-touching"],
            ["--no-touching", "--expand", "2"],
            ["--gaps", "--by", "name"],
            ["--overlapping", "x", "--sorted"],
            ["--not-overlapping", "x", "--numeric"],
            ["--collect", "n=count", "--gaps"],
        ],
    )
    def test_what_has_no_effect_is_refused(self, options):
        """A value that another replaces, an empty one, one that the task does not look at."""
        result = run(*options, stdin=SAMPLES["bed"])

        assert (result.code, result.out) == (USAGE, "")
        assert options[-1] in result.err or options[-2] in result.err or "no effect" in result.err

    def test_what_changes_nothing_may_be_said(self):
        """Twice the same, the default."""
        text = SAMPLES["bed"]
        assert run("--gaps", "--gaps", "--by", "nothing", stdin=text) == run("--gaps", stdin=text)
        assert run("--gaps", "--no-touching", "--expand=-1", stdin="c 1 5\nc 5 9\n").lines[1].split()[1:3] == ["4", "6"]

    def test_natural_order_is_asked_of_sorted_input(self):
        """It cannot be made without memory."""
        text = "chr10\t1\t5\nchr2\t1\t5\n"
        assert run("-f", "bed", "--sorted", "--numeric", stdin=text).code == UNREADABLE
        swapped = "".join(reversed(text.splitlines(keepends=True)))
        assert run("-f", "bed", "--sorted", "--numeric", stdin=swapped) == run("-f", "bed", "--numeric", stdin=text)

    def test_a_pipe_is_read_once(self):
        """By whatever names; a file may be named twice."""
        for names in ("--difference /dev/stdin -", "--within /dev/stdin --gaps -", "/dev/stdin -"):
            command = f"cat {DATA / 'reads.bed'} | {sys.executable} -m rangelist {names}"
            done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
            assert done.returncode == USAGE
            assert b"can be read only once" in done.stderr
        path = DATA / "reads.bed"
        assert run("--as", "same", path, path).out == run("--as", "same", path).out

    def test_groups_that_no_line_has_are_told(self, file):
        """Another file without strands takes nothing away."""
        other = file("c\t1\t9\n", "other.bed")
        result = run("--group", "strand", "--difference", other, "-f", "bed", stdin="c\t1\t5\ta\t0\t+\n")
        assert f"{other}: no strand in the first lines, they are one group" in result.err
        assert "no strand" not in run("--group", "strand", "-f", "bed", stdin="c\t1\t5\ta\t0\t+\n").err

    @pytest.mark.parametrize("text", ["--help", "--version", "help", "help bed"])
    def test_a_lost_text_is_an_error(self, text):
        """As a lost result is."""
        for where in (">&-", "> /dev/full"):
            command = f"{sys.executable} -m rangelist {text} {where}"
            done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
            assert (done.returncode, done.stdout) == (UNREADABLE, b"")
            assert b"cannot write: " in done.stderr


class TestSorted:
    """`--sorted` changes nothing."""

    ROWS = "start,end,who\n1,5,b\n2,9,a\n3,6,b\n20,30,a\n"

    def test_groups_of_the_options_may_take_turns(self):
        """Sorted is the file, or each group."""
        for text in (self.ROWS, "start,end,who\n2,9,a\n20,30,a\n1,5,b\n3,6,b\n"):
            for task in ([], ["--gaps"], ["--cluster"], ["--depth"]):
                options = ["--group", "who", *task]
                assert run(*options, "--sorted", stdin=text) == run(*options, stdin=text)
        assert run("--group", "who", "--sorted", stdin="start,end,who\n2,9,a\n1,3,a\n").code == UNREADABLE

    def test_several_files_of_turns(self, file):
        """In natural order, too."""
        one, two = file(self.ROWS, "one.csv"), file(self.ROWS.replace("b", "10"), "two.csv")
        for order in ([], ["--numeric"]):
            options = ["--group", "who", *order, one, two]
            assert run("--sorted", *options) == run(*options)

    def test_the_later_file_wins(self, file):
        """Also where its lines begin before those of the first."""
        one, two = file("c\t1\t10\ta\t0\t+\nd\t1\t2\n", "one.bed"), file("b\t1\t2\nc\t0\t5\tb\t0\t+\n", "two.bed")
        options = ["--by", "name", "--group", "strand", "--as", "same", one, two]
        result = run("--sorted", *options)
        assert result.lines[1:3] == ["c\t0\t5\tb\t.\t+", "c\t5\t10\ta\t.\t+"]
        assert result == run(*options)

    @pytest.mark.parametrize("task", [["--slots", "4"], ["--gaps", "--expand", "1"], ["--depth", "--by", "name"], ["--gaps"], ["--depth"]])
    def test_groups_without_a_line_are_in_the_window(self, file, task):
        """In memory, held by groups, and streamed."""
        sizes = file("a\t5\nb\t9\nc\t7\nd\t4\n", "sizes")
        for text in ("b\t1\t3\tx\nc\t0\t2\ty\n", "", "a\t0\t1\td\t0\t1\n"):
            options = ["-f", "bed", "--as", "bed", "--within", sizes, *task]
            result = run(*options, stdin=text)
            assert run("--sorted", *options, stdin=text) == result
            if task != ["--depth", "--by", "name"]:
                assert {line[0] for line in result.lines} == set("abcd")
        assert run("--gaps", "--within", "10.0.0.0/31", "--as", "blocks", stdin="::1\n").lines == ["10.0.0.0/31"]
        assert run("--gaps", "--within", "1:5", stdin="").out == ""  # in which format, and which group?
        assert run("--gaps", "--within", "1:5", "--as", "same", "-f", "columns", stdin="").out.split() == ["1", "5"]
