"""The settings file: what it takes, and one clear sentence for each fault."""

import dataclasses
from pathlib import Path

import pytest

from sverka.cli.refusals import WrongUsage
from sverka.cli.settings_file import FileSettings, journal_of, read_settings
from sverka.settings import Criterion, Policy, Shape

RIGHT = """
[portal]
webhook = "https://example.bitrix24.ru/rest/1/secret/"
[infobase]
url = "https://server.example/unf"
user = "obmen"
password = "geheim"
[journal]
file = "exchange.sqlite"
"""


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "sverka.toml"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def nothing(name):
    return ""


def refused(path, environment=nothing):
    with pytest.raises(WrongUsage) as refusal:
        read_settings(path, environment)
    return str(refusal.value)


def test_a_file_becomes_the_settings_of_the_core(written):
    text = RIGHT + (
        '[clients]\ncriteria = ["inn+kpp", "email"]\npolicy = "module"\nupdate_existing = false\n'
        'shapes = {legal = "company", sole_trader = "contact", person = "contact", '
        'state_body = "company"}\n[pace]\nthreshold = 250\ndrain_per_s = 5\n'
    )
    settings = read_settings(written(text), nothing)
    assert settings.portal.webhook == "https://example.bitrix24.ru/rest/1/secret/"
    assert settings.infobase.password == "geheim"
    assert settings.clients.criteria == (Criterion.INN_KPP, Criterion.EMAIL)
    assert settings.clients.policy is Policy.MODULE
    assert settings.clients.shapes["sole_trader"] is Shape.CONTACT
    assert not settings.clients.update_existing
    assert (settings.pace.threshold, settings.pace.drain_per_s) == (250, 5.0)
    assert settings.pace.tries == 5


def test_the_file_has_a_section_for_each_part_of_the_settings_and_each_of_their_keys(written):
    for section in dataclasses.fields(FileSettings):
        line = f"[{section.name}]\nno_such_key = 1\n"
        said = refused(written(line))
        told = next(one for one in said.splitlines() if "no_such_key" in one)
        assert told.endswith(
            f"[{section.name}] has the keys: "
            f"{', '.join(field.name for field in dataclasses.fields(section.type))}."
        )


def test_a_mark_at_the_beginning_and_line_ends_of_windows_do_no_harm(written):
    path = written(RIGHT.replace("\n", "\r\n"), encoding="utf-8-sig")
    assert read_settings(path, nothing).infobase.user == "obmen"


def test_a_value_may_come_from_the_environment(written):
    path = written(RIGHT.replace('"geheim"', '"env:SVERKA_PASSWORD"'))
    settings = read_settings(path, {"SVERKA_PASSWORD": "from outside"}.get)
    assert settings.infobase.password == "from outside"


def test_a_variable_that_is_not_there_is_named_with_its_key(written):
    said = refused(written(RIGHT.replace('"geheim"', '"env:SVERKA_PASSWORD"')))
    assert "sverka.toml: infobase.password" in said
    assert "no variable 'SVERKA_PASSWORD'" in said


def test_the_journal_lies_beside_the_settings_file(written):
    path = written(RIGHT)
    assert journal_of(path, read_settings(path, nothing)) == path.parent / "exchange.sqlite"


def test_a_journal_with_a_whole_path_lies_there(written, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = written(RIGHT.replace("exchange.sqlite", f"{elsewhere.as_posix()}/other.sqlite"))
    assert journal_of(path, read_settings(path, nothing)) == elsewhere / "other.sqlite"


def test_a_journal_in_a_folder_that_is_not_there_is_refused(written):
    path = written(RIGHT.replace("exchange.sqlite", "nowhere/exchange.sqlite"))
    with pytest.raises(WrongUsage, match=r"journal\.file = 'nowhere/exchange\.sqlite'.*folder"):
        journal_of(path, read_settings(path, nothing))


FAULTS = {
    "a key that is nearly right": (
        RIGHT + "[pace]\nportoin = 5\n",
        ["pace.portoin = 5 is unknown", "Did you mean 'portion'?", "threshold, drain_per_s"],
    ),
    "a key that is like none": (
        RIGHT + "[pace]\nzzz = 5\n",
        ["pace.zzz = 5 is unknown. [pace] has the keys: threshold"],
    ),
    "a section that is nearly right": (
        RIGHT + "[client]\npolicy = 'strict'\n",
        [
            "section [client] is unknown",
            "'clients'",
            "portal, infobase, clients, pace, realtime, directions, journal",
        ],
    ),
    "a section inside a section": (
        RIGHT + "[pace.more]\nx = 1\n",
        ["section [pace.more] is unknown", "threshold"],
    ),
    "a key outside every section": (
        "password = 3\n" + RIGHT,
        ["password = 3 is unknown. The file has the sections: portal"],
    ),
    "a text instead of a number": (
        RIGHT + '[pace]\nportion = "5"\n',
        ["pace.portion = '5' cannot be used", "valid integer"],
    ),
    "a fraction instead of a whole number": (
        RIGHT + "[pace]\nlanes = 1.5\n",
        ["pace.lanes = 1.5 cannot be used", "valid integer"],
    ),
    "a text instead of a list": (
        RIGHT + '[clients]\ncriteria = "inn"\n',
        ["clients.criteria = 'inn' cannot be used", "array"],
    ),
    "a choice that is not there": (
        RIGHT + '[clients]\npolicy = "lax"\n',
        ["clients.policy = 'lax' cannot be used", "'strict' or 'module'"],
    ),
    "a choice in a list that is not there": (
        RIGHT + '[clients]\ncriteria = ["inn", "colour"]\n',
        ["clients.criteria.1 = 'colour'", "'inn+kpp'"],
    ),
    "a value instead of a section": (
        "pace = 3\n" + RIGHT,
        ["pace is no section. [pace] has the keys: threshold"],
    ),
    "a date": (RIGHT + "[pace]\nportion = 2026-01-01\n", ["pace.portion = 2026-01-01 is a date"]),
    "a number that is none": (RIGHT + "[pace]\ndrain_per_s = nan\n", ["pace.drain_per_s = nan"]),
    "a value that the core refuses": (
        RIGHT + "[pace]\nbatch = 51\n",
        ["pace.batch = 51 cannot be used. The portal takes 1 to 50"],
    ),
    "two ways to the portal": (
        RIGHT.replace("[infobase]", 'key = "abc"\n[infobase]'),
        ["exactly one of portal.key and portal.webhook"],
    ),
    "a missing section": (
        RIGHT.replace('[journal]\nfile = "exchange.sqlite"\n', ""),
        ["section [journal] is missing. [journal] has the keys: file"],
    ),
    "an empty file": ("", ["section [portal]", "section [infobase]", "section [journal]"]),
    "a missing key": (RIGHT.replace('user = "obmen"\n', ""), ["infobase.user is missing"]),
    "no TOML": (RIGHT + "[pace]\nportion = five\n", ["is no TOML", "line 11"]),
    "two ways of a schedule": (
        RIGHT + '[schedule]\nevery_s = 5\ncron = "* * * * *"\n',
        ["one of schedule.every_s and schedule.cron"],
    ),
    "a schedule in the past": (RIGHT + "[schedule]\nevery_s = -1\n", ["schedule.every_s = -1"]),
    "a cron text with four fields": (
        RIGHT + '[schedule]\ncron = "* * * *"\n',
        ["schedule.cron = '* * * *'", "five fields"],
    ),
    "a cron text of nonsense": (
        RIGHT + '[schedule]\ncron = "61 * * * *"\n',
        ["schedule.cron = '61 * * * *'", "five fields"],
    ),
}


@pytest.mark.parametrize(("text", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_ends_every_command_with_2_and_names_file_key_and_remedy(folder, text, words):
    folder.file.write_text(text, encoding="utf-8")
    done = folder.types("sync full")
    assert done.exit_code == 2
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr
    assert all(line.startswith(str(folder.file)) for line in done.stderr.splitlines())
    assert not folder.journal.exists()


def test_all_faults_of_a_kind_are_told_at_once(written):
    said = refused(written(RIGHT + '[pace]\nbach = 1\nlane = 2\n[client]\npolicy = "x"\n'))
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('password = "geheim"', "password = 4711"),
        ('password = "geheim"', 'pasword = "4711"'),
        ("https://example.bitrix24.ru/rest/1/secret/", "example.bitrix24.ru/rest/1/4711/"),
    ],
)
def test_a_secret_is_not_shown(written, old, new):
    said = refused(written(RIGHT.replace(old, new)))
    assert "pas" in said or "webhook" in said
    assert "4711" not in said


def test_a_file_that_is_not_there_is_named(folder):
    folder.file.unlink()
    done = folder.types("sync full")
    assert done.exit_code == 2
    assert f"{folder.file} cannot be read: No such file" in done.stderr


def test_a_folder_is_no_settings_file(tmp_path):
    assert "cannot be read" in refused(Path(tmp_path))


def test_a_file_in_another_encoding_is_refused(written):
    said = refused(written(RIGHT.replace("geheim", "тайна"), encoding="cp1251"))
    assert "is not UTF-8" in said
