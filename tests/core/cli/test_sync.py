"""`sverka sync` as it is typed, before both emulators: what it says, and its exit codes."""

import base64
import json
import sqlite3
import threading

import pytest
from typer.testing import CliRunner

from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka.cli import sync
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.people import Kind
from sverka_emulator_kit.serve import serve
from sverka_emulator_kit.trouble import DropReply, Html, Refuse

pytestmark = pytest.mark.sockets


def test_a_full_exchange_is_summed_up_in_a_table_and_ends_with_0(ends, folder):
    ends.fill(2)
    done = folder.types("sync full")
    assert done.exit_code == 0, done.output
    rows = {line.split("│")[1].strip(): line for line in done.stdout.splitlines() if "│" in line}
    assert "4" in rows["created"].split()
    for name in ("updated", "removed", "linked", "unchanged", "unsent", "doubtful", "review"):
        assert name in rows
    assert "4 pairs are kept in step" in done.stdout
    assert "Nothing waits" in done.stdout
    assert done.stderr == ""


def test_changes_after_a_full_exchange_carry_one_edit_and_a_further_one_writes_nothing(
    ends, folder
):
    ends.fill(2)
    folder.types("sync full")
    guid = base_sample.enter(ends.base, ends.registry.client(Kind.LEGAL))
    first = folder.tells("sync changes")
    touched = ends.touches()
    second = folder.tells("sync changes")
    third = folder.tells("sync full")
    assert guid in ends.base.records()["Catalog_Контрагенты"]
    assert (first["counts"]["created"], first["run"], first["scope"]) == (1, 2, "changes")
    assert second["counts"]["created"] == second["counts"]["updated"] == 0
    assert third["counts"]["created"] == third["counts"]["updated"] == 0
    assert third["scope"] == "full"
    assert ends.touches() == touched


def test_json_is_one_object_with_everything_counted(ends, folder):
    ends.fill(1)
    told = folder.tells("sync full")
    counts = ["created", "updated", "removed", "linked", "unchanged", "unsent", "doubtful"]
    assert list(told["counts"]) == [*counts, "review"]
    assert told["counts"]["created"] == 2
    assert told["journal"]["links"] == 2
    assert told["unsent"] == []
    assert ["platform" in warning["text"] for warning in told["warnings"]] == [True]
    assert told["exit_code"] == 0


def test_what_stays_unsent_is_told_with_its_reason_and_ends_with_1(ends, folder):
    ends.fill(1)
    ends.base.trouble.set(Refuse(500, "-1", "Поле «ИНН» занято"), match="POST Catalog*", times=None)
    told = folder.tells("sync full")
    assert told["exit_code"] == 1
    assert "ИНН" in told["unsent"][0]["reason"]
    done = folder.types("sync changes")
    assert done.exit_code == 1
    assert "Did not go" in done.stdout
    assert "ИНН" in done.stdout
    assert f"sverka journal unsent --settings {folder.file}" in done.stdout

    ends.base.trouble.clear()
    assert folder.tells("sync changes")["exit_code"] == 0


def test_a_doubtful_record_that_arrived_after_all_ends_with_0(ends, folder):
    ends.fill(1)
    folder.types("sync full")
    base_sample.enter(ends.base, ends.registry.client(Kind.LEGAL))
    ends.portal.trouble.set(DropReply(), match="batch/crm.company.add")
    told = folder.tells("sync changes")
    assert ends.portal.trouble.met["drop_reply"] == 1
    assert told["counts"]["doubtful"] == 1
    assert told["exit_code"] == 0


def test_warnings_of_the_exchange_are_told(ends, folder):
    folder.has(portal={"key": "", "webhook": ends.portal.origin + ends.portal.webhook_path})
    done = folder.types("sync full")
    assert done.exit_code == 0
    assert "Worth knowing" in done.stdout
    assert "reads everything" in done.stdout


def refusal(folder, code, name):
    """What is said when a full exchange is refused; the object says the same."""
    done = folder.types("sync full", "--json")
    assert done.exit_code == code, done.output
    told = json.loads(done.stdout)
    assert told["exit_code"] == code
    assert told["error"]["name"] == name
    assert told["error"]["text"] == done.stderr.rstrip("\n")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_damaged_key_is_refused_and_no_journal_is_made(ends, folder):
    key = folder.sections["portal"]["key"]
    folder.has(portal={"key": f"{key[:40]}A{key[41:]}"})
    said = refusal(folder, 2, "KeyDamaged")
    assert f"{folder.file}: portal.key" in said
    assert "Copy it again, whole" in said
    assert key not in said
    assert not folder.journal.exists()


def test_a_key_of_something_else_is_refused(ends, folder):
    folder.has(portal={"key": base64.urlsafe_b64encode(b"somebody else's secret").decode()})
    said = refusal(folder, 2, "KeyForeign")
    assert "It is no connection key" in said


def test_a_key_that_was_revoked_is_refused_by_the_portal(ends, folder):
    ends.portal.access.refresh_tokens.clear()
    said = refusal(folder, 2, "AccessRefused")
    assert "invalid_grant" in said
    assert "Issue a new key" in said


def test_an_application_that_was_removed_is_refused_by_the_portal(ends, folder):
    ends.portal.access.applications.clear()
    assert "wrong_client" in refusal(folder, 2, "AccessRefused")


def test_a_wrong_password_is_refused_by_the_base(ends, folder):
    folder.has(infobase={"password": "another"})
    assert "Check infobase.user and infobase.password" in refusal(folder, 2, "AccessRefused")


def test_a_base_of_another_configuration_is_refused_naming_those_that_are_exchanged(ends, folder):
    base = Infobase(clock=ends.base.clock, configuration="other")
    with serve(build_app(base, threading.RLock())) as door:
        folder.has(infobase={"url": door.url + base.publication})
        said = refusal(folder, 2, "SettingsError")
    assert door.url in said
    for title in ("УНФ 3.0", "УНФ 1.6", "БП", "УТ"):
        assert title in said
    assert not [touch for touch in base.ledger.touches if not touch.actor.startswith("user:")]
    assert ends.touches() == (0, 0)


def test_that_the_platform_is_unknown_is_said_once(ends, folder):
    first, second = folder.tells("sync full"), folder.tells("sync full")
    (warning,) = first["warnings"]
    assert "8.3.12" in warning["text"]
    assert warning["side"] == "infobase"
    assert second["warnings"] == []


def test_a_node_that_is_not_there_is_refused_naming_those_that_are(ends, folder):
    folder.has(infobase={"node": "B42"})
    assert "B24" in refusal(folder, 2, "SettingsError")


def test_a_portal_that_answers_html_is_a_matter_of_trying_later(ends, folder):
    ends.portal.trouble.set(Html(200), times=None)
    said = refusal(folder, 1, "Unreachable")
    assert "The portal did not answer" in said
    assert "nothing was lost" in said


def test_a_base_where_nobody_listens_is_a_matter_of_trying_later(ends, folder):
    folder.has(infobase={"url": "http://127.0.0.1:9/unf"})
    said = refusal(folder, 1, "Unreachable")
    assert "The infobase did not answer" in said
    assert "ConnectError" in said


def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(ends, folder):
    folder.journal.write_bytes(b"a letter to a friend" * 50)
    said = refusal(folder, 2, "JournalForeign")
    assert str(folder.journal) in said
    assert "no SQLite file" in said
    assert folder.journal.read_bytes() == b"a letter to a friend" * 50


def test_a_database_of_another_program_is_refused(ends, folder):
    with sqlite3.connect(folder.journal) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    assert "another program made it" in refusal(folder, 2, "JournalForeign")


def test_a_journal_of_a_newer_version_is_refused(ends, folder):
    folder.types("sync full")
    newer = sqlite3.connect(folder.journal)
    newer.execute("PRAGMA user_version=99")
    newer.close()
    said = refusal(folder, 2, "JournalNewer")
    assert "its version is 99" in said
    assert "Update sverka" in said
    assert "Name another file" not in said


def test_a_journal_that_another_process_holds_is_a_matter_of_waiting(ends, folder):
    folder.types("sync full")
    holder = sqlite3.connect(folder.journal, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    said = refusal(folder, 1, "JournalBusy")
    holder.close()
    assert "held by another process" in said
    assert "Wait until that exchange ends" in said


@pytest.mark.parametrize("words", ["sync full", "sync changes", "sync preview", "sync schedule"])
def test_without_settings_each_command_is_wrong_usage(folder, words):
    done = CliRunner().invoke(sync.app, words.split()[1:])
    assert done.exit_code == 2
    assert "--settings" in done.stderr


def test_a_schedule_needs_a_section_that_says_when(folder):
    done = folder.types("sync schedule")
    assert done.exit_code == 2
    assert "every_s = 600" in done.stderr
    assert not folder.journal.exists()
