"""The page of coverage: what is emulated, and what speaks for it on each axis."""

from collections.abc import Callable
from typing import TypeVar

from sverka_emulator_kit.console.blocks import Block, Facts, Field, Search, Table
from sverka_emulator_kit.console.cells import Beside, Code, Lines, LongName, Mark, Tone, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet
from sverka_emulator_kit.console.paging import paged
from sverka_emulator_kit.coverage import CHOICES, OF_TESTS, Axis, Coverage, Extent, Subject
from sverka_emulator_kit.coverage_text import short
from sverka_emulator_kit.provenance import Known
from sverka_emulator_kit.system import System

S = TypeVar("S", bound=System)
PATH = "coverage"
COLUMNS = ("subject", "extent", *(f"axis_{axis}" for axis in Axis))
TONES: dict[Extent, Tone] = {Extent.FULL: "good", Extent.SHAPE: "warn", Extent.NONE: "bad"}
OPTIONS: dict[str, object] = {
    "": Word("all_subjects"),
    **{axis.value: Beside((Word("has"), Word(f"axis_{axis}"))) for axis in Axis},
    **{f"no-{axis}": Beside((Word("lacks"), Word(f"axis_{axis}"))) for axis in Axis},
    **{f"is-{extent}": Word(f"extent_{extent}") for extent in Extent},
}


def coverage_page(coverage_of: Callable[[S], Coverage]) -> Page[S]:
    """The page over what `coverage_of` says of a system."""
    return Page(PATH, "coverage", lambda look: _shown(look, coverage_of(look.system)))


def _shown(look: Look[S], coverage: Coverage) -> Sheet:
    groups, choice, group = coverage.groups(), look.asked("show"), look.asked("group")
    found = coverage.chosen(choice if choice in CHOICES else "", group, look.asked("q"))
    shown, pager = paged(look, PATH, found)
    several = len(groups) > 1
    kinds = {"": Word("all_subjects"), **{name: Word(f"group_{name}") for name in groups}}
    fields = (
        Field("q", "search", "search", look.asked("q"), hint="coverage_hint"),
        Field("show", "which", "choice", choice, OPTIONS),
        *((Field("group", "kind", "choice", group, kinds),) if several else ()),
    )
    rows = [_row(one, with_group=several) for one in shown]
    blocks: list[Block] = [
        _axes(coverage),
        _extents(coverage),
        Search(PATH, fields),
        Table("subjects", COLUMNS, rows, "no_subjects", len(found)),
        pager,
    ]
    limits = [(Word(key), Word(f"{key}_note")) for key in coverage.limits]
    return Sheet([*blocks, Facts("not_emulated_besides", limits)])


def _axes(coverage: Coverage) -> Table:
    counted = {axis: coverage.count(axis) for axis in Axis}
    rows = [
        [Word(f"axis_{axis}"), Word(f"axis_{axis}_note"), held, len(coverage.subjects) - held]
        for axis, held in counted.items()
    ]
    figures = ("with_evidence", "without_evidence")
    columns = ("axis", "meaning", *figures)
    return Table("axes", columns, rows, note=Word("axes_note"), numbers=figures)


def _extents(coverage: Coverage) -> Facts:
    rows = [
        (Mark(Word(f"extent_{extent}"), TONES[extent]), len(coverage.chosen(f"is-{extent}")))
        for extent in Extent
    ]
    return Facts("extent", rows)


def _row(one: Subject, *, with_group: bool) -> list[object]:
    name = LongName(one.name)
    return [
        Lines((name, Word(f"group_{one.group}"))) if with_group else name,
        Mark(Word(f"extent_{one.extent}"), TONES[one.extent]),
        _source(one),
        *(_modules(one, axis) for axis in OF_TESTS),
    ]


def _source(one: Subject) -> object:
    if one.source is None:
        return Word("no")
    if one.source.how is Known.DOCUMENTED:
        return one.source.where
    return Lines((Mark(Word(f"known_{one.source.how}"), "warn"), one.source.where))


def _modules(one: Subject, axis: Axis) -> object:
    names, drawn = one.evidence(axis), Code if axis is Axis.CLIENT else LongName
    return Lines([drawn(short(name)) for name in names]) if names else Word("no")
