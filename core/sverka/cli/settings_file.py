"""The settings file: TOML whose sections are the dataclasses of `sverka.settings`, and our own."""

import datetime
import json
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sverka.cli.refusals import WrongUsage
from sverka.cli.schedule import Schedule
from sverka.errors import SettingsError
from sverka.settings import Settings

FROM_ENVIRONMENT = "env:"
Environment = Callable[[str], str]
Toml = dict[str, Any]  # Any: what a TOML document holds


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSettings:
    """Where the journal is.

    Attributes:
        file: Relative to the settings file.
    """

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings(Settings):
    """Everything that a settings file says. A field is a section."""

    journal: JournalSettings
    schedule: Schedule = field(default_factory=Schedule)


def read_settings(path: Path, environment: Environment) -> FileSettings:
    """The settings of a file, values `env:NAME` taken from the environment.

    Args:
        environment: The value of a variable by its name, `""` if it is not set.

    Raises:
        WrongUsage: The file cannot be read, or a key of it cannot be used.
    """
    table = _parsed(path)
    filled, absent = _filled(table, environment)
    faults = [*_unknown(table, FileSettings), *_unusable(table), *absent]
    settings = None if faults else _checked(filled, faults)
    if settings is None:
        raise WrongUsage("\n".join(f"{path}: {fault}" for fault in faults))
    return settings


def journal_of(path: Path, settings: FileSettings) -> Path:
    """Where the journal of a settings file is.

    Raises:
        WrongUsage: Its folder does not exist.
    """
    journal = path.parent / settings.journal.file
    if not journal.parent.is_dir():
        raise WrongUsage(
            f"{path}: journal.file = {settings.journal.file!r} cannot be used. "
            f"Make the folder {journal.parent} or name a file elsewhere."
        )
    return journal


def _parsed(path: Path) -> Toml:
    try:
        # Editors on Windows put a mark before the first line.
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        fault = f"cannot be read: {error.strerror}. Name the settings file with --settings."
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 at byte {error.start}. Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        fault = f"is no TOML: {error}. A text stands in quotes, a section in [brackets]."
    raise WrongUsage(f"{path} {fault}")


def _unknown(table: Toml, kind: type[Any], section: str = "") -> Iterator[str]:
    """Keys that a section does not have, sections included."""
    known = {one.name: one for one in fields(kind)}
    for key, value in table.items():
        if key not in known:
            yield _unknown_key(section, key, value, known)
        elif is_dataclass(one := known[key].type) and isinstance(value, dict):
            yield from _unknown(value, _class(one), key)


def _class(kind: Any) -> type[Any]:  # Any: is_dataclass cannot tell a class from an instance
    assert isinstance(kind, type)
    return kind


def _unknown_key(section: str, key: str, value: object, known: Mapping[str, Field[Any]]) -> str:
    near = get_close_matches(key, known, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    if isinstance(value, dict):
        name = f"{section}.{key}" if section else key
        said = f"section [{name}] is unknown."
    else:
        shown = "…" if near and not known[near[0]].repr else repr(value)
        said = (
            f"{section}.{key} = {shown} is unknown." if section else f"{key} = {shown} is unknown."
        )
    return f"{said}{meant} {_takes(section, known)}"


def _takes(section: str, known: Mapping[str, object]) -> str:
    where, what = (f"[{section}]", "keys") if section else ("The file", "sections")
    return f"{where} has the {what}: {', '.join(known)}."


def _unusable(table: Toml, place: str = "") -> Iterator[str]:
    """TOML knows values that no setting is."""
    for key, value in table.items():
        name = f"{place}.{key}" if place else key
        if isinstance(value, dict):
            yield from _unusable(value, name)
        elif isinstance(value, datetime.date | datetime.time):
            yield f"{name} = {value} is a date. Put it in quotes if a text is meant."
        elif isinstance(value, float) and not math.isfinite(value):
            yield f"{name} = {value} is no number to count with."


def _filled(table: Toml, environment: Environment) -> tuple[Toml, list[str]]:
    """The table with values from the environment, and what the environment lacks."""
    absent: list[str] = []

    def fill(place: str, value: Any) -> Any:  # Any: what a TOML document holds
        if isinstance(value, dict):
            return {key: fill(f"{place}.{key}".lstrip("."), one) for key, one in value.items()}
        if not isinstance(value, str) or not value.startswith(FROM_ENVIRONMENT):
            return value
        name = value.removeprefix(FROM_ENVIRONMENT)
        found = environment(name) if name else ""
        if not found:
            absent.append(
                f"{place} = {value!r}, but the environment has no variable {name!r}. "
                "Set it, or write the value itself."
            )
        return found

    return fill("", table), absent


def _checked(table: Toml, faults: list[str]) -> FileSettings | None:
    """The settings, or None with the reasons added to `faults`."""
    # As JSON, since only there does pydantic's strict mode take texts for enumerations.
    text = json.dumps(table, default=str)
    try:
        return TypeAdapter(FileSettings).validate_json(text, strict=True)
    except ValidationError as error:
        faults += [_tell(one) for one in error.errors(include_url=False)]
    except SettingsError as error:
        faults.append(str(error))
    return None


def _tell(error: ErrorDetails) -> str:
    section, *rest = [str(word) for word in error["loc"]]
    kind = _class(next(one.type for one in fields(FileSettings) if one.name == section))
    known = {one.name: one for one in fields(kind)}
    missing = error["type"] == "missing"
    if not rest:
        said = f"section [{section}] is missing" if missing else f"{section} is no section"
        return f"{said}. {_takes(section, known)}"
    name = ".".join([section, *rest])
    if missing:
        return f"{name} is missing. {_takes(section, known)}"
    secret = rest[0] in known and not known[rest[0]].repr
    shown = "…" if secret else repr(error["input"])
    return f"{name} = {shown} cannot be used. {error['msg']}."
