"""Nothing is dropped in silence, and nothing is taken for something else: laws over all formats."""

import bz2
import gzip
import lzma

import pytest
from core.sizes import by_size
from hypothesis import given, settings
from hypothesis import strategies as st

from rangelist.formats import FORMATS, UnreadableError, UsageError, Want, format_named
from rangelist.formats.addresses import Addresses, blocks, window
from rangelist.formats.kinds import KINDS
from tests.formats.samples import READONLY, SAMPLES
from tests.formats.test_formats import Input, given_input, rows, written

__all__ = ["given_input"]  # a fixture

EXAMPLES = by_size(10, 25, 2_000)

# No format can read any of these; some would be headers, quotes or another format.
BAD = [
    *("?", "-", "x y z", "{", "[", "[1]", '{"start":', '"', "(", "]", "10.0.0.300", "zz-10 : x"),
    *("zz-20 r-xp 0 0:0 0", "110000 ; X", "c1:9-5", "\x1b[31m", "chr1 x 5", "a b c d e f g h i j"),
    *("start,end", "end\tstart", "c1\tx\tgene\t5\t1\t.\t+\t.\t.", "1.2.3.4 1.2.3.5 1.2.3.6", "NaN"),
]
PAIR = ["3400;<CJK Ideograph, First>;Lo;0", "4DBF;<CJK Ideograph, Last>;Lo;0"]
ODD = ["\xa0", "\x0c", "\x1b[31m", "\u2028", "\ufeff", "\x85", "'", "\\", "\\t", "#", "\udcff", "é"]

TEMPLATES = {
    "bed": "c1\t0\t10\ta{}b\n",
    "bedgraph": "c1\t0\t10\ta{}b\n",
    "interval_list": "c1\t1\t10\t+\ta{}b\n",
    "maps": "00001000-00002000 ---p 00000000 00:00 0".ljust(73) + "a{}b\n",
    "iomem": "00000000-0000000f : a{}b\n",
    "addresses": "10.0.0.0/31 a{}b\n",
    "csv": "start,end,value\n1,5,a{}b\n",
    "tsv": "start\tend\tvalue\n1\t5\ta{}b\n",
    "columns": "1\t5\ta{}b\n",
}


def told(source, form):
    """Read, and return the rows and what is said on how that was done."""
    return source.read(form), source.form.told()


class TestOneBadLine:
    """A bad line, wherever it stands."""

    # In front these are names of columns, which some of the lines or all have.
    HEADERS = (("codepoints", "start,end"), *(("columns", bad) for bad in BAD if bad.split()[1:]))

    @pytest.mark.parametrize("guessed", [False, True])
    @pytest.mark.parametrize("form", SAMPLES)
    def test_it_changes_no_other_line(self, tmp_path, form, guessed):
        """Also where the format, the columns and the kind of keys are told by the lines."""
        lines = SAMPLES[form].splitlines()
        first = {"vcf": 2, "csv": 1, "tsv": 1, "bedgraph": 1}.get(form, 0)
        wanted = Input(tmp_path, SAMPLES[form]).read(form)
        for bad in BAD:
            for at in {first, first + 1, len(lines)}:
                if form == "codepoints" and at == 2:
                    continue  # between the halves of a pair
                source = Input(tmp_path, "\n".join([*lines[:at], bad, *lines[at:]]) + "\n")
                if not guessed:
                    assert source.read(form) == wanted, (bad, at)
                    where = 4 if (form, bad, at) == ("jsonl", "[", 0) else at + 1  # without an end
                    assert [number for number, _ in source.complaints] == [where], bad
                elif at == len(lines) or (form, bad) not in self.HEADERS:
                    assert source.guess() == form, (bad, at)

    def test_a_sequence_ends_where_features_begin_again(self, given_input):
        """Two files of GFF with sequences may be put together."""
        text = SAMPLES["gff"] + "##FASTA\n>c1\nACGT\n" + SAMPLES["gff"]
        source = given_input(text + ">c1\tx\nACGT\nno sequence\n")

        assert len(source.read("gff")) == 4
        assert [number for number, _ in source.complaints] == [12]

    def test_an_array_of_json_may_be_followed_by_lines(self, given_input):
        """It is not known before that the first line was wrong."""
        source = given_input("[[1, 2]]\n[3, 4]\n[5]\n")

        assert [row[1:3] for row in source.read("jsonl")] == [(1, 2), (3, 4)]
        assert [number for number, _ in source.complaints] == [3]

    @pytest.mark.parametrize("text", ["[]\n", "[ ]", "[\n]\n"])
    def test_an_empty_array_is_nothing(self, given_input, text):
        """No record, no complaint."""
        source = given_input(text)
        assert source.read("jsonl") == []
        assert not source.complaints


class TestText:
    """Fields that are not ours come out as they were."""

    @pytest.mark.parametrize("odd", ODD)
    @pytest.mark.parametrize("form", TEMPLATES)
    def test_odd_characters_stay(self, given_input, form, odd):
        """Byte for byte; only what begins a comment is no part of a note."""
        text = TEMPLATES[form].format(odd)
        (by,) = format_named(form).value or ("value",)
        source = given_input(text.encode("utf-8", "surrogateescape"), by=(by,))

        ((group, start, stop, value),) = source.read(form)
        lines = [source.form.begin(source.form.chosen), *source.form.lines(group, [(start, stop, value)], (by,))]

        if not (form == "addresses" and odd == "#"):
            assert "\n".join(filter(None, lines)) + "\n" == text

    def test_empty_and_missing_cells_are_not_the_same(self, given_input):
        """Both are written as they were."""
        source = given_input("c\t1\t5\t\nc\t5\t9\t.\n", by=("name",))

        found = source.read("bed")

        assert [row[3] for row in found] == ["", "."]
        assert written(source.form, "c", *(row[1:] for row in found)) == "c\t1\t5\t\nc\t5\t9\t."

    def test_quoted_keys_of_json_stay_quoted(self, given_input):
        """A time of day is no number of seconds."""
        for first, last in (("09:00", "10:30"), ("0x10", "0x20"), ("10.0.0.1", "10.0.0.9")):
            text = f'{{"start": "{first}", "stop": "{last}"}}'
            source = given_input(text)
            ((group, *piece),) = source.read("jsonl")
            assert written(source.form, group, piece) == text


class TestColumns:
    """Which column means what."""

    @pytest.mark.parametrize("name", ["chr", "# chr", "#  Chrom", " chrom ", '"chrom"', "Contig\xa0"])
    @pytest.mark.parametrize("form", ["csv", "tsv"])
    def test_a_group_is_found_whatever_is_around_its_name(self, given_input, form, name):
        """As other programs write headers."""
        text = f"{name}\tstart\tend\na\t1\t5\nb\t2\t9\n"
        if form == "csv":
            text = text.replace("\t", ",")

        assert [row[0] for row in given_input(text).read(form)] == ["a", "b"]

    @pytest.mark.parametrize("name", ["sample", "reference_name", "Chrom_", "strand", "end"])
    def test_fields_of_json_that_nothing_uses_are_told(self, given_input, name):
        """As columns of a table are; a column of one's own is not."""
        text = f'{{"start": 1, "stop": 5, "{name}": "a"}}\n{{"start": 2, "stop": 9, "{name}": "b"}}\n'

        assert told(given_input(text), "jsonl")[1].endswith(f"unused={name}")
        assert told(given_input(text, groups=(name,)), "jsonl")[1] == ""
        assert told(given_input('{"start": 1, "stop": 5, "text": "1-5"}\n'), "jsonl")[1] == ""

    @pytest.mark.parametrize("other", ["Chromosome", "contig", "seqid"])
    def test_a_group_by_another_name_makes_a_line_bad(self, given_input, other):
        """It would belong to no group."""
        source = given_input(f'{{"chr": "a", "start": 1, "stop": 5}}\n{{"{other}": "b", "start": 2, "stop": 9}}\n')

        assert len(source.read("jsonl")) == 1
        assert f"{other!r} makes groups, the first lines have 'chr'" in source.complaints[0][1]

    @pytest.mark.parametrize("text", ['{"start": 1, "stop": 2, "start": 3}', '{"start": 1, "stop": 2, "x": {"a": 1, "a": 2}}'])
    def test_a_field_that_stands_twice_makes_a_line_bad(self, given_input, text):
        """One of both would be ignored."""
        source = given_input(text)
        assert source.read("jsonl") == []
        assert "stands in an object twice" in source.complaints[0][1]

    def test_a_value_may_be_missing_from_plain_columns(self, given_input):
        """Whichever line has one first; more than one makes a line bad."""
        source = given_input("1 5\n5 9 x\n9 12\n12 15 x y\n")

        assert [row[3] for row in source.read("columns")] == ["", "x", ""]
        assert [number for number, _ in source.complaints] == [4]
        assert written(source.form, "", (1, 5, ""), (5, 9, "x")) == "1 5\n5 9 x"

    def test_plain_columns_have_one_value(self, given_input):
        """More could not be read again."""
        source = given_input("1 5 a\n5 9 a\n")
        source.read("columns")
        source.form.admit(["value"])
        source = given_input("10.0.0.1 10.0.0.9 a\n", groups=("3",))
        source.read("columns")
        source.form.admit([])
        assert written(source.form, ("IPv4", "a"), (1, 3, None), fields=[]) == "0.0.0.1 0.0.0.2 a"
        source = given_input("1 5 a\n5 9 a\n")
        source.read("columns")
        with pytest.raises(UsageError, match="has no place for 'n'"):
            source.form.admit(["value", "n"])

    def test_a_line_that_is_taken_for_names_is_told(self, given_input):
        """It may have been a bad line."""
        options = {"columns": ("2", "3"), "kind": KINDS["int"]}
        assert "start=a stop=b" in told(given_input("x a b\nx 1 5\n", **options), "columns")[1]
        assert told(given_input("x 0 1\nx 1 5\n", **options), "columns")[1] == ""

    def test_most_lines_tell_what_divides_columns(self, given_input):
        """Not the first."""
        assert len(given_input("9,5\n1 5 a\n5 9 a\n").read("columns")) == 2
        assert len(given_input("start,end\n1 5 a\n5 9 a\n").read("columns")) == 2
        assert len(given_input("# c\n" * 3000 + "1 5 a\n").read("columns")) == 1


class TestNumbers:
    """Text that is a number, and text that only `int` and `float` take for one."""

    @pytest.mark.parametrize("text", ["1_0", "١", "１", " 1", "1 ", "0x1", "1e", ".", "+", "-", "", "inf", "nan", "1e999", "1\n", "½", "1,0"])
    def test_what_is_no_number(self, text):
        """For none of the kinds of numbers."""
        for kind in ("int", "number"):
            with pytest.raises(ValueError):
                KINDS[kind].parse(text)

    @pytest.mark.parametrize("text", ["24:01", "24:00:01", "12:60", "12:00:60", "1:2", "100:00", "9:00 AM", "9:00:00.5"])
    def test_what_is_no_time_of_day(self, text):
        """A day ends with 24:00."""
        assert KINDS["clock"].parse("24:00") == 86400
        with pytest.raises(ValueError):
            KINDS["clock"].parse(text)

    def test_a_sign_loses_no_digit(self):
        """Whole numbers stay whole."""
        for kind in ("int", "number"):
            assert KINDS[kind].parse("+9007199254740993") == 9007199254740993

    @pytest.mark.parametrize("kind", ["time", "zoned"])
    def test_nanoseconds_are_refused(self, kind):
        """They would be lost, and two times could become one."""
        zone = "+01:00" if kind == "zoned" else ""
        assert KINDS[kind].parse(f"2024-01-05T09:00:00.123456000{zone}").microsecond == 123456
        with pytest.raises(ValueError):
            KINDS[kind].parse(f"2024-01-05T09:00:00.123456789{zone}")


class TestAddresses:
    """Text behind addresses."""

    @pytest.mark.parametrize(
        "line",
        [
            "10.0.0.1 through 10.0.0.9", "10.0.0.1 – 10.0.0.9", "10.0.0.0 /8", "10.0.0.0 netmask 255.255.255.0",
            "10.0.0.0/24 via 10.1.1.1", "10.0.0.0/24 and 10.1.0.0/24", "10.0.0.0/8 !10.1.0.0/16",
            "10.0.0.0/8 except 10.1.0.0/16", "10.0.0.1 // 10.0.0.5", "::1 and ::2", "2001:db8::/32 not 2001:db8:1::/48",
            "10.0.0.0/24 (10.1.0.0/24)", "10.0.0.0/24 x=10.1.1.1", '10.0.0.0/24,"a, 10.1.1.1"',
        ],
    )  # fmt: skip
    def test_a_note_holds_no_address(self, given_input, line):
        """It had a meaning for the one who wrote it; as a comment it has none."""
        source = given_input(f"{line}\n")
        assert source.read("addresses") == []
        assert "stands behind a note" in source.complaints[0][1]
        first, _, rest = line.partition(" " if " " in line else ",")
        assert given_input(f"{first} # {rest}\n").read("addresses")

    @pytest.mark.parametrize("note", ["office", "AS13335", "12.5 km", "v1.2.3", "a:b", "host-10.1.1.1", "std::string", "/home/x", "5"])
    def test_other_notes_are_notes(self, given_input, note):
        """Whatever they look like."""
        source = given_input(f"10.0.0.1 {note}\n", by=("note",))
        assert source.read("addresses") == [("IPv4", 10 << 24 | 1, 10 << 24 | 2, note)]

    @given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)), min_size=1, max_size=9), st.booleans())
    @settings(max_examples=EXAMPLES)
    def test_blocks_are_read_at_once_as_one_by_one(self, tmp_path_factory, networks, prefixed):
        """And written so that they are the same."""
        spans = [(at >> 32 - n << 32 - n, (at >> 32 - n << 32 - n) + (1 << 32 - n)) for at, n in networks]
        lines = [blocks("IPv4", *span)[0] for span in spans]
        text = "\n".join(line if prefixed else line.removesuffix("/32") for line in lines)
        form = Addresses(Want())

        quick = form.quick(text, 0)
        slow = Input(tmp_path_factory.getbasetemp(), f"{text}\n# slow\n").read("addresses")

        assert rows(quick) == slow
        assert [row[1:3] for row in slow] == spans

    def test_a_window_is_one_block_or_range(self):
        """Without a note."""
        assert window("10.0.0.0/31") == {"IPv4": (10 << 24, (10 << 24) + 2)}
        for text in ("10.0.0.0/31 x", "10.0.0.0/31 10.0.1.0/31"):
            with pytest.raises(ValueError, match="want a block or first-last"):
                window(text)


class TestShapes:
    """Lines of one shape."""

    @pytest.mark.parametrize("between", ["", "# comment", "   "])
    @pytest.mark.parametrize(("old", "new"), [("", ""), (", ", ","), ("First", "FIRST"), ("Last", "last")])
    def test_a_pair_is_a_range(self, given_input, between, old, new):
        """Comments may stand between its lines."""
        text = "\n".join([PAIR[0], between, PAIR[1]]).replace(old, new) if old else "\n".join(PAIR)
        source = given_input(text)
        assert source.read("codepoints") == [("", 0x3400, 0x4DC0, "<CJK Ideograph>;Lo;0")]
        assert not source.complaints

    @pytest.mark.parametrize(
        ("lines", "bad"),
        [
            ([PAIR[0], "0041;A", PAIR[1]], [1, 3]),
            ([PAIR[0], PAIR[0], PAIR[1]], [1]),
            ([PAIR[0], PAIR[1].replace("Lo", "Mn")], [1, 2]),
            ([PAIR[0], PAIR[1].replace("Ideograph", "other")], [1, 2]),
            ([PAIR[1], PAIR[0]], [1, 2]),
            ([PAIR[0]], [1]),
            ([PAIR[0].replace("3400", "zz"), PAIR[1]], [2]),
            ([PAIR[0].replace("3400", "5000"), PAIR[1]], [2]),
        ],
    )
    def test_half_a_pair_is_a_bad_line(self, given_input, lines, bad):
        """It is no code point of its own."""
        source = given_input("\n".join(lines) + "\n0061;a\n")
        found = source.read("codepoints")
        assert ("", 0x61, 0x62, "a") in found
        assert [number for number, _ in source.complaints] == bad

    def test_a_pair_is_one_record_where_whole_lines_are_wanted(self, given_input):
        """Both lines, or none."""
        source = given_input("\n".join([*PAIR, "0041;A"]) + "\n", lines=True)
        assert [row[3] for row in source.read("codepoints")] == ["\n".join(PAIR), "0041;A"]

    def test_decimal_code_points_are_told(self, given_input):
        """They could be anything with semicolons."""
        source = given_input("0010;0020;alice\n")
        assert source.guess() == "codepoints"
        source.read("codepoints")
        assert source.form.told() == ""  # asked for
        form = format_named("codepoints")(Want())
        form.certain = False
        with source.source() as lines:
            form.begin_reading(lines)
        assert "hexadecimal" in form.told()

    @pytest.mark.parametrize("line", ["c1:1-5,c1:10-20", "1:1-5,1:10-20", "c1:1-5;c2:1-5", "c1:", "c1:-", "c1:1-5 c1:7-9"])
    def test_several_regions_on_a_line_are_refused(self, given_input, line):
        """The first is no name of the second."""
        source = given_input(line, end=100)
        assert source.read("regions") == []
        assert "want one chrom:first-last" in source.complaints[0][1]

    def test_resources_that_are_hidden_are_refused(self, given_input):
        """Only root is shown their addresses."""
        with pytest.raises(UnreadableError, match="want it read by root"):
            given_input("00000000-00000000 : a\n  00000000-00000000 : b\n").read("iomem")


class TestTables:
    """Tables of the genome."""

    @pytest.mark.parametrize(
        ("text", "said"), [("c 1 30\nc 2 31\n", True), ("1 5 9\n1 1 2\n", True), ("c 1 30\nc 4 31\n", False)]
    )
    def test_what_may_be_no_bed_is_told(self, given_input, text, said):
        """Positions one by one with steady depths, or numbers only."""
        form = format_named("bed")(Want())
        form.certain = False
        with given_input(text).source() as lines:
            form.begin_reading(lines)
        assert bool(form.told()) is said

    @given(
        st.sampled_from(["bed", "bedgraph", "gff", "interval_list"]),
        st.lists(
            st.tuples(
                st.sampled_from(["c1", "c2", "2", " ", "#c", "track", "\x0c"]),
                st.integers(-1, 30).map(str) | st.sampled_from(["", " 3", "1_0", "٣", "9" * 301]),
                st.integers(0, 40).map(str) | st.sampled_from(["", "4 ", "+7", "x"]),
                st.sampled_from(["+", "-", ".", "", "a b"]),
            ),
            min_size=1,
            max_size=6,
        ),
        st.sampled_from([None, ("nothing",), ("4",), ("1", "4")]),
        st.sampled_from([(), ("4",)]),
    )
    @settings(max_examples=EXAMPLES * 8)
    def test_many_lines_at_once_are_read_as_one_by_one(self, tmp_path_factory, name, lines, by, groups):
        """Or not at once."""
        few = {
            "bed": "{}\t{}\t{}\t{}", "bedgraph": "{}\t{}\t{}\t{}",
            "gff": "{}\tx\tgene\t{}\t{}\t.\t{}\t.\tID=a", "interval_list": "{}\t{}\t{}\t{}\tn",
        }[name]  # fmt: skip
        text = "\n".join(few.format(*line) for line in lines)
        source = Input(tmp_path_factory.getbasetemp(), text, by=by, groups=groups)
        form = format_named(name)(source.want)

        quick = form.quick(text, 0)
        slow = source.read(name) if quick is None else Input(
            tmp_path_factory.getbasetemp(), f"{text}\n# é\n", by=by, groups=groups
        ).read(name)  # fmt: skip

        assert quick is None or rows(quick) == slow
        assert quick is None or quick.groups.count(quick.groups[0]) == len(slow) or not quick.uniform

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("chr1\t5\t30\t22\nchr1\t6\t31\t22\nchr1\t7\t31\t20\nchr1\t20\t31\t20\n", "samtools depth"),
            ("1\t50\t352\t60\t61\n2\t90\t452\t60\t61\n", "a .fai index"),
            ("chr1\t249250621\t52\t60\t61\n", "a .fai index"),
            ("variableStep chrom=chr1 span=5\n1 2\n6 30\n", "wiggle"),
            ("track type=wiggle_0\nfixedStep chrom=c start=1 step=1\n1\n2\n", "wiggle"),
            ("chain 4900 chrY 58368225 + 25985403 25985638 chr5 1 - 43257292 43257528 1\n9 1 0\n10 0 5\n", "a chain file"),
        ],
    )
    def test_more_tables_are_refused_by_name(self, given_input, text, name):
        """Whose numbers could be those of BED."""
        with pytest.raises(UnreadableError, match=f"looks like {name}, which is not read"):
            given_input(text).guess()

    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("@HD\tVN:1.6\n@SQ\tSN:1\tLN:100\n", "interval_list"),
            ("@SQ\tSN:1\tLN:100\n1\t9\t5\n1\t1\t5\t+\ta\n", "interval_list"),
            ("##gff-version 3\n", "gff"),
            ("##fileformat=VCFv4.2\n#CHROM\tPOS\n", "vcf"),
            ("track name=x\n", "bed"),
            ("browser position c:1-5\ntrack name=x\nc\t1\t5\n", "bed"),
            ("browser hide all\ntrack type=bedGraph\nc\t1\t5\t2\nc 9 5\n", "bedgraph"),
            ("chr1\t5\t30\nchr1\t5\t31\nchr1\t6\t31\nchr1\t7\t40\n", "bed"),
            ("chrom\tstart\tend\nc\t1\t5\tx\nc\t6\t9\ty\n", "bed"),
            ("start,end\n10.0.0.0/8\n11.0.0.0/8\n", "addresses"),
            ('{\n"start": 1,\n"stop": 2}\n', "jsonl"),
        ],
    )
    def test_headers_tell_the_format(self, given_input, text, form):
        """If the lines go with them."""
        assert given_input(text).guess() == form

    @pytest.mark.parametrize("form", sorted({*FORMATS} - {"jsonl", "maps", "iomem", "vcf"}))
    def test_comments_of_any_length_may_stand_above(self, given_input, form):
        """The format is told by the lines behind them."""
        mark = {"interval_list": "@CO\t", "gff": "##"}.get(form, "#")
        source = given_input(f"{mark}{'x' * 300}\n" * 1000 + SAMPLES[form])

        assert source.guess() == form
        assert source.read(form) == given_input(SAMPLES[form], name="short").read(form)


class TestBytes:
    """What is no text."""

    TEXT = b"chr1\t1\t5\n"

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"\x28\xb5\x2f\xfdx", "zstd"), (b"PK\3\4", "unzip"), ("c\t1\t5\n".encode("utf-16"), "UTF-16"),
            (b"BAM\1", "bamtobed"), (gzip.compress(b"BAM\1\0", mtime=0), "bamtobed"), (b"CRAM", "samtools"),
            (gzip.compress(b"BCF\2\2", mtime=0), "bcftools"), (b"\x04\x22\x4d\x18", "lz4cat"), (b"\x1f\x9d\x90", "zcat"),
            (lzma.compress(TEXT, format=lzma.FORMAT_ALONE), "lzcat"), (gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "twice"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("form", ["bed", "csv", ""])
    def test_it_is_refused_by_name(self, given_input, data, why, form):
        """Also where the format is given."""
        source = given_input(data)
        with pytest.raises(UnreadableError, match=why):
            source.read(form) if form else source.guess()

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
    def test_compressed_pieces_may_be_put_together(self, given_input, pack):
        """And a piece that is cut off is no end."""
        assert len(given_input(pack(self.TEXT) + pack(self.TEXT)).read("bed")) == 2
        with pytest.raises(UnreadableError):
            given_input(pack(self.TEXT * 99)[:-6]).read("bed")


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in READONLY])
class TestFixedPoint:
    """What is written is read as the same, and written so again."""

    @given(data=st.data())
    @settings(max_examples=EXAMPLES)
    def test_mistakes_do_not_matter(self, tmp_path_factory, name, data):
        """One byte of a sample is another."""
        text = SAMPLES[name].encode()
        at = data.draw(st.integers(0, len(text) - 1))
        piece = data.draw(st.sampled_from([b"", b"\t", b" ", b'"', b"\n", b"\xa0", b"9", b"-", b"#", b",", b"a", b"\x0c"]))
        source = Input(tmp_path_factory.getbasetemp(), text[:at] + piece + text[at + 1 :])
        try:
            found = source.read(name)
        except (UnreadableError, UsageError):
            return
        form = source.form
        top = form.begin(form.chosen)
        lines = [line for group, *piece in found for line in form.lines(group, [piece], form.chosen)]
        again = Input(tmp_path_factory.getbasetemp(), ("\n".join([*filter(None, [top]), *lines]) + "\n").encode("utf-8", "surrogateescape"))
        if found:
            assert cover(again.read(name)) == cover(found)
            assert not again.complaints


def cover(found):
    """Join what touches: one span may be written as several blocks."""
    joined = []
    for group, start, stop, value in found:
        if joined and joined[-1][0] == group and joined[-1][2] == start and joined[-1][3] == value:
            start = joined.pop()[1]
        joined.append((group, start, stop, value))
    return joined
