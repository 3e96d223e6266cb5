"""What this portal answers of the documents' methods, and what tests have found out about them.

`methods/names.txt` lists the methods that an exchange with an ERP touches, as the documents spell
them; `evidence.json` is written by the tests themselves.
"""

import importlib.resources
from functools import cache

from b24_emulator.methods.table import METHODS
from sverka_emulator_kit.coverage import Coverage, Extent, Subject, claims_of

PACKAGE = "b24_emulator"
GROUP = "method"
PARTS = {"# Part A": Extent.FULL, "# Part B": Extent.SHAPE}
LIMITS = (
    "lack_methods",
    "lack_consequences",
    "lack_files",
    "lack_locations",
    "lack_user_fields",
    "lack_stocks",
    "lack_robots",
    "lack_confirmation",
    "lack_rights",
    "lack_rest_v3",
    "lack_pull",
)
"""Keys of words: what else is not emulated."""


@cache
def listed() -> dict[str, Extent]:
    """Names of the documents' methods, each with how much of it the emulator is to do."""
    text = (importlib.resources.files(PACKAGE) / "methods" / "names.txt").read_text("utf-8")
    found, extent = {}, Extent.FULL
    for line in text.splitlines():
        if line.startswith("#"):
            extent = PARTS.get(line[: len("# Part A")], extent)
        elif line:
            found[line] = extent
    return found


@cache
def coverage() -> Coverage:
    """Every method of the list, and those that are answered besides."""
    names = {name.lower() for name in listed()}
    beside = {name: Extent.FULL for name in METHODS if name not in names}
    subjects = [_subject(name, extent) for name, extent in sorted((listed() | beside).items())]
    return Coverage(subjects, LIMITS)


@cache
def spelt() -> dict[str, str]:
    """A method's name in lower case → as the documents spell it."""
    return {one.name.lower(): one.name for one in coverage().subjects}


def _subject(name: str, extent: Extent) -> Subject:
    row = METHODS.get(name.lower())
    if row is None:
        return Subject(name, GROUP, Extent.NONE)
    return Subject(name, GROUP, extent, row.source, claims_of(PACKAGE).get(name, {}))
