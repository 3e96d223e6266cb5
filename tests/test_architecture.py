"""The folders are the architecture: who may see whom, and what nothing may be called."""

import ast
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

import b24_emulator
import onec_emulator
import sverka
import sverka_emulator_kit
import sverka_scenarios

ROOT = Path(__file__).parents[1]
# Where they are installed: a checkout's folders, or those of a built wheel.
CORE, *_ = SOURCES = [
    Path(package.__file__).parent
    for package in (sverka, sverka_emulator_kit, b24_emulator, onec_emulator, sverka_scenarios)
]

LAYERS = (
    {"cli"},
    {"connection"},
    {"modes"},
    {"preview"},
    {"realtime"},
    {"engine"},
    {"portion"},
    {"sides"},
    {"decide", "wire"},
    {"entities"},
    {"settings", "asks"},
    {"records"},
    {"errors"},
)
"""From the top: each part sees only what stands below it, and itself."""

BESIDE = {
    # Who does it and what we remember: not part of the tower, they see the vocabulary only.
    "drivers": {"asks", "records", "errors", "journal"},
    "journal": {"asks", "records", "errors"},
}
HANDS = {"connection", "cli"}
"""Only these put drivers and journal under the engine."""

PURE = ("decide", "wire", "entities")
OUTSIDE = {"httpx", "sqlite3", "asyncio", "logging", "time", "random"}
EMPTY_MODULES = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
EMPTY_CLASSES = ("Manager", "Helper", "Helpers", "Processor", "Utils", "Handler")


def modules(root):
    return sorted(root.rglob("*.py"))


def imported(path):
    """Full names of the modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(path):
    """The part of the core that a file belongs to: its folder, or its own name."""
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def parts_seen(path):
    names = (name.split(".") for name in imported(path))
    return {name[1] for name in names if name[0] == "sverka" and len(name) > 1}


PARTS = {part(path) for path in modules(CORE)} - {"__init__"}
SEEN = {
    name: {seen for path in modules(CORE) if part(path) == name for seen in parts_seen(path)}
    & PARTS
    for name in PARTS
}


def test_the_contracts_of_import_linter_are_kept():
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 broken" in ended.stdout


def test_every_part_of_the_core_has_its_place():
    assert set().union(*LAYERS, BESIDE) == PARTS


def allowed(name):
    if name in BESIDE:
        return {name} | BESIDE[name]
    level = next(number for number, layer in enumerate(LAYERS) if name in layer)
    below = set().union(*LAYERS[level + 1 :])
    return {name} | below | (set(BESIDE) if name in HANDS else set())


@pytest.mark.parametrize("name", sorted(PARTS))
def test_each_part_of_the_core_sees_only_what_stands_below_it(name):
    assert SEEN[name] <= allowed(name)


def test_the_table_of_imports_is_not_empty():
    assert "decide" in SEEN["portion"]
    assert "errors" in SEEN["settings"]
    assert {"drivers", "journal"} <= SEEN["connection"]


@pytest.mark.parametrize("name", PURE)
def test_decisions_wire_and_declarations_do_no_io_and_take_neither_time_nor_chance(name):
    for path in modules(CORE / name):
        roots = {imported_name.split(".")[0] for imported_name in imported(path)}
        assert not roots & OUTSIDE, path


def test_the_core_knows_neither_flask_nor_the_environment():
    for path in modules(CORE):
        roots = {name.split(".")[0] for name in imported(path)}
        assert not roots & {"flask", "os"}, path


def test_only_drivers_and_the_connection_speak_http_and_only_the_journal_sqlite():
    for path in modules(CORE):
        roots = {name.split(".")[0] for name in imported(path)}
        if part(path) not in {"drivers", "connection"}:
            assert not roots & {"httpx", "time", "random", "asyncio"}, path
        if part(path) != "journal":
            assert "sqlite3" not in roots, path


FILES = {str(path.relative_to(root.parent)): path for root in SOURCES for path in modules(root)}


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_no_module_and_no_class_has_an_empty_name(path):
    names = {path.stem, path.parent.name}
    assert not names & EMPTY_MODULES

    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert not [name for name in classes if name.endswith(EMPTY_CLASSES)]


def test_the_public_names_are_sorted_and_there():
    assert sorted(sverka.__all__) == sverka.__all__
    assert all(hasattr(sverka, name) for name in sverka.__all__)


def test_the_door_of_the_core_holds_imports_and_no_logic():
    kinds = {type(node) for node in ast.parse((CORE / "__init__.py").read_text()).body}

    assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign}


def test_every_public_name_is_in_the_readme_of_the_core():
    readme = ROOT / "core" / "README.md"

    assert readme.exists()
    text = readme.read_text(encoding="utf-8")
    assert not [name for name in sverka.__all__ if f"`{name}`" not in text]


def test_no_top_folder_is_a_package_of_its_own():
    for folder in ("core", "emulators", "emulators/kit", "scenarios", "tests"):
        assert not (ROOT / folder / "__init__.py").exists()


def test_an_emulator_sees_neither_the_core_nor_its_sister():
    packages = {root.name for root in SOURCES}
    may_see = {
        "sverka": {"sverka"},
        "sverka_emulator_kit": {"sverka_emulator_kit"},
        "b24_emulator": {"b24_emulator", "sverka_emulator_kit"},
        "onec_emulator": {"onec_emulator", "sverka_emulator_kit"},
        "sverka_scenarios": packages,
    }
    for root, path in itertools.chain.from_iterable(
        ((root, path) for path in modules(root)) for root in SOURCES
    ):
        roots = {name.split(".")[0] for name in imported(path)} & packages
        assert roots <= may_see[root.name], path
