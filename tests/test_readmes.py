"""The READMEs tell the truth: their examples run, and what they name is there."""

import re
from pathlib import Path

import pytest

import sverka

ROOT = Path(__file__).parents[1]
READMES = ("core", "emulators/kit", "emulators/b24", "emulators/onec", "scenarios")
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("folder", READMES)
def test_each_example_runs_as_it_stands(folder: str):
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    examples = EXAMPLE.findall(text)
    assert examples
    for example in examples:
        exec(compile(example, folder, "exec"), {})


@pytest.mark.parametrize("folder", READMES)
def test_each_readme_says_what_it_does_not_do_and_why_it_is_so(folder: str):
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    assert re.search(r"does not do", text, re.IGNORECASE)
    assert "## Why it is so" in text
    assert re.search(r"20\d\d-\d\d-\d\d", text)


def test_the_core_readme_names_every_public_name_and_no_other():
    text = (ROOT / "core" / "README.md").read_text(encoding="utf-8")
    public = text.split("Public names:")[1].split("##")[0]
    assert sorted(re.findall(r"`(\w+)`", public)) == sorted(sverka.__all__)
    assert sorted(sverka.__all__) == sverka.__all__


LEFT_OUT = ("fuzz", "kill", "acceptance", "long", "guests", "browser")
TESTS = f'pytest -n 2 --dist worksteal -m "{" and ".join(f"not {mark}" for mark in LEFT_OUT)}"'


def test_the_windows_lines_are_those_of_the_makefile():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for words in ("--group dev", TESTS):
        assert words in readme
        assert words in makefile
