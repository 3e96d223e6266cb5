"""What a run with `--evidence DIR` has left: written into the packages, or held against them.

`python tests/support/evidence.py write DIR` puts what the run's test modules have shown into the
files of evidence. `check DIR` ends with 1 if a file claims what its test module did not show.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from b24_emulator import coverage as b24
from onec_emulator import coverage as onec
from sverka_emulator_kit.coverage import FILE, Claims, claims_of, written

REMEDY = "Write the files of evidence anew: make evidence."
TESTS = Path(__file__).parents[1]
Claim = tuple[str, str, str]
"""subject, axis, module"""
SUBJECTS = {
    b24.PACKAGE: lambda: {one.name for one in b24.coverage().subjects},
    onec.PACKAGE: onec.subjects,
}


@dataclass
class Run:
    """What modules have shown.

    Attributes:
        whole: Modules of which every test that ran has passed: the others are not judged.
    """

    whole: set[str] = field(default_factory=set)
    shown: dict[str, set[Claim]] = field(default_factory=lambda: {one: set() for one in SUBJECTS})


def read(folder: Path) -> Run:
    """All files of a run together; a worker of xdist leaves one each."""
    run, broken = Run(), set()
    for path in sorted(folder.glob("*.json")):
        for module, told in json.loads(path.read_text("utf-8")).items():
            (run.whole if told["passed"] else broken).add(module)
            for package, subject, axis in told["found"]:
                run.shown[package].add((subject, axis, module))
    run.whole -= broken
    return run


def claims(found: Claims) -> Iterator[Claim]:
    for subject, axes in found.items():
        for axis, modules in axes.items():
            yield from ((subject, axis, module) for module in modules)


def gone(package: str, held: Claims) -> list[str]:
    """Claims about subjects, or by modules, that are not there any more."""
    known = SUBJECTS[package]()
    return [
        f"{package}: {subject} is said to have {axis} by {module}, but there is no such {what}. "
        + REMEDY
        for subject, axis, module in claims(held)
        for what, is_there in (
            ("subject", subject in known),
            ("test module", (TESTS / module).is_file()),
        )
        if not is_there
    ]


def unproven(package: str, held: Claims, run: Run) -> list[str]:
    """Claims that modules of the run were to prove and did not."""
    return [
        f"{package}: {subject} is said to have {axis} by {module}, which did not show it. {REMEDY}"
        for subject, axis, module in claims(held)
        if module in run.whole and (subject, axis, module) not in run.shown[package]
    ]


def merged(package: str, held: Claims, run: Run) -> Claims:
    """What modules of the run have shown, and what the others are said to have."""
    kept = {one for one in claims(held) if one[2] not in run.whole}
    known, found = SUBJECTS[package](), {}
    for subject, axis, module in sorted(kept | run.shown[package]):
        if subject in known and (TESTS / module).is_file():
            found.setdefault(subject, {}).setdefault(axis, []).append(module)
    return found


def main(words: Iterable[str]) -> int:
    match list(words):
        case ["write", folder]:
            run = read(Path(folder))
            for package in SUBJECTS:
                path = Path(sys.modules[package].__file__).parent / FILE
                path.write_bytes(written(merged(package, claims_of(package), run)))
            return 0
        case ["check", folder]:
            run = read(Path(folder))
            wrong = [
                line
                for package in SUBJECTS
                for line in (
                    *gone(package, claims_of(package)),
                    *unproven(package, claims_of(package), run),
                )
            ]
            print(*wrong, *([] if run.whole else [f"{folder} holds no run."]), sep="\n")
            return 1 if wrong or not run.whole else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
