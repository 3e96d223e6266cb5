"""Coverage as text: a table for a terminal, or JSON for a program."""

from pathlib import PurePosixPath

import orjson

from sverka_emulator_kit.console.page import Words
from sverka_emulator_kit.console.words import WORDS, translated
from sverka_emulator_kit.coverage import CHOICES, OF_TESTS, Axis, Coverage, Subject

GAP = "  "


class ChoiceUnknown(ValueError):
    """Subjects were to be chosen by what is no axis and no extent."""


def told(
    coverage: Coverage, words: Words, choice: str = "", sought: str = "", *, as_json: bool = False
) -> str:
    """What the command prints; each axis is counted by itself.

    Raises:
        ChoiceUnknown: `choice` is none of `coverage.CHOICES`.
    """
    if choice not in CHOICES:
        known = ", ".join(filter(None, CHOICES))
        raise ChoiceUnknown(f"{choice!r} is unknown. Use one of: {known}.")
    subjects = coverage.chosen(choice, sought=sought)
    if as_json:
        return orjson.dumps([_facts(one) for one in subjects]).decode()
    spoken = {**WORDS, **words}
    limits = [
        f"{translated(spoken, key, 'en')}: {translated(spoken, f'{key}_note', 'en')}"
        for key in coverage.limits
    ]
    counts = [f"{axis:12} {coverage.count(axis)} of {len(coverage.subjects)}" for axis in Axis]
    return "\n".join([*_table(subjects), "", *counts, "", "Not emulated besides:", *limits])


def short(module: str) -> str:
    """`emulators/b24/test_client_b24pysdk.py` is `b24pysdk`."""
    return PurePosixPath(module).stem.removeprefix("test_").removeprefix("client_")


def _facts(one: Subject) -> dict[str, object]:
    return {
        "name": one.name,
        "group": one.group,
        "extent": one.extent,
        "source": None if one.source is None else {one.source.how.value: one.source.where},
        **{axis.value: one.evidence(axis) for axis in OF_TESTS},
    }


def _table(subjects: list[Subject]) -> list[str]:
    head = ("name", "group", "extent", *Axis)
    rows = [head, *map(_row, subjects)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(head))]
    return [
        GAP.join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(one: Subject) -> tuple[str, ...]:
    tests = (",".join(map(short, one.evidence(axis))) or "-" for axis in OF_TESTS)
    known = one.source.how.value if one.source else "-"
    return (one.name, one.group, one.extent.value, known, *tests)
