"""What an emulator answers, and what speaks for each part of it.

Evidence stands on axes that are never added up: a method that ten tests refuse is not better
known than one that a real client has called once.
"""

import importlib.resources
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

import orjson

from sverka_emulator_kit.provenance import Known, Provenance

Claims = Mapping[str, Mapping[str, Sequence[str]]]
"""subject → axis → test modules, as paths below `tests/`"""
FILE = "evidence.json"


class Extent(StrEnum):
    """How much of a subject is emulated.

    Attributes:
        SHAPE: Answers and refusals look right and what is sent is kept; nothing follows from it.
    """

    FULL = "full"
    SHAPE = "shape"
    NONE = "none"


class Axis(StrEnum):
    """One kind of evidence."""

    DOCUMENTED = "documented"
    CLIENT = "client"
    SHAPE = "shape"
    REFUSAL = "refusal"


OF_TESTS = (Axis.CLIENT, Axis.SHAPE, Axis.REFUSAL)
"""Axes that tests find evidence on while they run; the other comes of the provenance."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that callers use: a method, a set, a function, an option.

    Attributes:
        group: Key of the word for what it is.
        source: How we know how the real system does it, None for what is not emulated.
        tests: Test modules by axis.
    """

    name: str
    group: str
    extent: Extent
    source: Provenance | None = None
    tests: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def evidence(self, axis: Axis) -> Sequence[str]:
        """What speaks for it on one axis: a page, or the names of test modules."""
        if axis is Axis.DOCUMENTED:
            source = self.source
            return (source.where,) if source and source.how is Known.DOCUMENTED else ()
        return self.tests.get(axis, ())


@dataclass(frozen=True, slots=True)
class Coverage:
    """All subjects of one emulator.

    Attributes:
        limits: Keys of words: what else is not emulated; `…_note` says how far.
    """

    subjects: Sequence[Subject]
    limits: Sequence[str] = ()

    def groups(self) -> list[str]:
        return list(dict.fromkeys(one.group for one in self.subjects))

    def count(self, axis: Axis) -> int:
        """How many subjects have evidence on one axis."""
        return sum(bool(one.evidence(axis)) for one in self.subjects)

    def chosen(self, choice: str = "", group: str = "", sought: str = "") -> list[Subject]:
        """The subjects that fit.

        Args:
            choice: One of `CHOICES`.
            sought: Any part of a name, of a page, or of a test module.
        """
        fits = CHOICES[choice]
        return [
            one
            for one in self.subjects
            if fits(one) and group in ("", one.group) and _holds(one, sought.casefold())
        ]


def _has(axis: Axis) -> Callable[[Subject], bool]:
    return lambda one: bool(one.evidence(axis))


def _lacks(axis: Axis) -> Callable[[Subject], bool]:
    return lambda one: not one.evidence(axis)


def _is(extent: Extent) -> Callable[[Subject], bool]:
    return lambda one: one.extent is extent


CHOICES: Mapping[str, Callable[[Subject], bool]] = {
    "": lambda one: True,
    **{axis.value: _has(axis) for axis in Axis},
    **{f"no-{axis}": _lacks(axis) for axis in Axis},
    **{f"is-{extent}": _is(extent) for extent in Extent},
}


def _holds(one: Subject, sought: str) -> bool:
    texts = (one.name, *(text for axis in Axis for text in one.evidence(axis)))
    return not sought or any(sought in text.casefold() for text in texts)


@cache
def claims_of(package: str) -> Claims:
    """What tests have found out about an emulator, as its package ships it."""
    found: Claims = orjson.loads((importlib.resources.files(package) / FILE).read_bytes())
    return found


def written(claims: Claims) -> bytes:
    """Claims as their file holds them: sorted, a line for each subject."""
    lines = [
        f"{orjson.dumps(subject).decode()}: "
        + orjson.dumps({axis: sorted(axes[axis]) for axis in sorted(axes)}).decode()
        for subject, axes in sorted(claims.items())
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
