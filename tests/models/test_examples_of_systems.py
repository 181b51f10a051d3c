"""The examples do what they say, and the pictures in docs/systems.md are what the library draws."""

import importlib.util
import re
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from rangelist.models.vma import AddressSpace

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "systems.md"


def example(name):
    """Load an example as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed(name, capsys):
    """Run an example; return what it prints."""
    example(name).main()
    return capsys.readouterr().out


def test_the_whiteboard_in_the_documentation_is_what_the_library_draws(capsys):
    """So that it cannot rot: run `python examples/whiteboard.py` and paste."""
    text = PAGE.read_text(encoding="utf-8")
    shown = text.split("<!-- python examples/whiteboard.py -->\n```text\n")[1].split("```\n")[0]
    assert shown == printed("whiteboard", capsys)


# What the kernel's rules say of the previous, the middle and the next area: (start, stop), or None
# where it is deleted.  In three of them the kernel keeps M for another part: KERNEL.
FATES = {
    "none": {"P": (0, 8), "N": (16, 24)},
    "1 left": {"P": (0, 12), "N": (16, 24)},
    "2 right": {"P": (0, 8), "N": (12, 24)},
    "3 both": {"P": (0, 24), "N": None},
    "4 interior": {"P": (0, 8), "M": (8, 12), "N": (20, 28)},
    "5 in place": {"P": (0, 8), "M": (8, 20), "N": (20, 28)},
    "6 low edge": {"P": (0, 8), "M": (12, 20), "N": (20, 28)},
    "6 high edge": {"P": (0, 8), "M": (8, 16), "N": (20, 28)},
    "7 left part": {"P": (0, 12), "M": (12, 20), "N": (20, 28)},
    "8 left full": {"P": (0, 20), "M": None, "N": (20, 28)},
    "9 right part": {"P": (0, 8), "M": (8, 16), "N": (16, 28)},
    "10 right full": {"P": (0, 8), "M": None, "N": (8, 28)},
    "11 both": {"P": (0, 28), "M": None, "N": None},
    "both, N pinned": {"P": (0, 20), "M": None, "N": (20, 28)},
    "both, M pinned": {"P": (0, 8), "M": (8, 20), "N": (20, 28)},
}


# The part of M that changes where nothing merges, and what is the kernel's M then.
KERNEL = {"4 interior": (12, 16), "6 low edge": (8, 12), "6 high edge": (16, 20)}


@pytest.mark.parametrize("case", KERNEL)
def test_the_survivors_that_differ_are_those_of_the_table(case):
    """The model of memory areas keeps the kernel's object, the whiteboard the other part."""
    _, kernels, librarys = next(
        line.strip("| ").split("|") for line in PAGE.read_text().splitlines() if f"| {case} |" in line
    )
    start, stop = KERNEL[case]
    space = AddressSpace()
    space.map(12, "rw", at=100 + 8, how="fixed")
    middle = space.at(108)
    space.protect(100 + start, 100 + stop, "r")
    assert (middle.start - 100, middle.stop - 100) == (start, stop)
    assert kernels.strip() == f"[{start}, {stop})"
    assert librarys.strip().startswith("[{}, {})".format(*FATES[case]["M"]))


def test_every_merge_case_ends_as_the_kernel_says(capsys):
    """Who survives, with which borders, in all cases."""
    seen = {}
    for line in printed("whiteboard", capsys).splitlines():
        if ";" in line:
            title = line.split(":")[0]
            seen[title] = {
                name: (int(start), int(stop)) if start else None
                for name, start, stop in re.findall(r"([PMN]) is (?:gone|\[(\d+), (\d+)\))", line)
            }
    assert seen == FATES


def test_the_calendar_lets_the_more_binding_entry_win_and_finds_free_time(capsys):
    """Overlaps become one block of the stronger kind, with all titles."""
    lines = printed("calendar_free_busy", capsys).splitlines()
    assert lines[0] == "09:00-11:30  busy       stand-up, review, call, writing"
    assert "free: 12:00-13:00" in lines
    assert lines[-2:] == ["60 minutes: 12:00", "90 minutes: not today"]


def test_script_runs_cover_the_text_and_spaces_belong_to_a_neighbour(capsys):
    """Every letter is in a run of its own script."""
    assert "23-26  HAN        '東京)'" in printed("unicode_scripts", capsys)
    module = example("unicode_scripts")
    for text in ("", "  ", "a б", "(α) b, 漢字!", "...x..."):
        runs = module.script_runs(text)
        assert runs.covers(0, len(text))
        for i, character in enumerate(text):
            assert module.script_of(character) in ("", runs[i])


def test_a_table_of_scripts_agrees_with_every_code_point():
    """As few ranges as there can be, and none of them wrong."""
    module = example("unicode_scripts")
    table = module.script_table(0x600)
    for point in range(0x600):
        script = module.script_of(chr(point))
        assert table.get(point, "") == script


@pytest.mark.parametrize("default", ["deny", "allow"])
def test_fewer_firewall_rules_decide_alike(default):
    """At every border of every rule, and beside it; no two of them overlap."""
    module = example("firewall_cidr")
    rules = list(module.parsed(module.RULES))
    short = module.minimised(rules, default)
    borders = {int(edge) for _, network in rules for edge in (network[0], network[-1])}
    for point in {p for b in borders for p in (b - 1, b, b + 1) if 0 <= p < 2**32}:
        address = IPv4Address(point)
        last = [action for action, network in rules if address in network][-1]
        said = [action for action, network in short if address in network]
        assert said == ([] if last == default else [last])


def test_the_firewall_example_needs_fewer_than_half_of_its_rules(capsys):
    """It prints what is left."""
    lines = printed("firewall_cidr", capsys).splitlines()
    assert lines[0].startswith("12 rules say what 5 say")
    assert "allow 10.0.0.0/8" in lines
