"""`sverka journal` as it is typed: what waits, what happened, what a person decides."""

from dataclasses import replace

import pytest

from onec_emulator import sample as base_sample
from sverka.journal import SqliteJournal
from sverka_emulator_kit.people import Kind
from sverka_emulator_kit.trouble import Refuse

pytestmark = pytest.mark.sockets

MAIL = "buh@holding.example"


@pytest.fixture
def refused_client(ends, folder):
    """A client of the portal that 1C did not take. Returns its key."""
    folder.types("sync full")
    added = ends.portal.act("crm.company.add", {"fields": {"TITLE": "Запад"}}, "1")
    ends.base.trouble.set(Refuse(500, "-1", "Поле «ИНН» занято"), match="POST Catalog*", times=None)
    folder.types("sync changes")
    return f"company:{added}"


@pytest.fixture
def twins(ends, folder):
    """A company of the portal that could be any of two clients of the base. Returns its key."""
    folder.has(clients={"criteria": ["email"]})
    for twin in ends.registry.clients(2, Kind.LEGAL):
        base_sample.enter(ends.base, replace(twin, emails=(MAIL,)))
    folder.types("sync full")
    email = [{"VALUE": MAIL, "VALUE_TYPE": "WORK"}]
    fields = {"TITLE": "Запад", "EMAIL": email}
    added = ends.portal.act("crm.company.add", {"fields": fields}, "1")
    folder.types("sync changes")
    return f"company:{added}"


def names(ends):
    return [row["Description"] for row in ends.base.records()["Catalog_Контрагенты"].values()]


def test_unsent_lists_key_side_reason_tries_and_next_try(refused_client, folder):
    (entry,) = folder.tells("journal unsent")["unsent"]
    assert (entry["key"], entry["side"], entry["tries"]) == (refused_client, "portal", 1)
    assert "ИНН" in entry["reason"]
    assert entry["next_at"].endswith("+00:00")
    shown = folder.types("journal unsent")
    assert shown.exit_code == 0
    for word in (refused_client, "Bitrix24", "ИНН", "next exchange"):
        assert word in shown.stdout


def test_a_change_that_was_tried_often_waits_for_a_person_and_says_so(refused_client, folder):
    for _ in range(2):
        folder.types("sync changes")
    (entry,) = folder.tells("journal unsent")["unsent"]
    assert (entry["tries"], entry["next_at"]) == (3, None)
    assert "only by resend" in folder.types("journal unsent").stdout


@pytest.mark.parametrize("by_name", [True, False], ids=["KEY", "--all"])
def test_what_is_resent_goes_with_the_next_exchange(refused_client, ends, folder, by_name):
    for _ in range(2):
        folder.types("sync changes")
    ends.base.trouble.clear()
    assert folder.tells("sync changes")["exit_code"] == 1, "it waits for a person"

    told = folder.tells("journal resend", refused_client if by_name else "--all")
    assert told == {"resent": [refused_client], "exit_code": 0}
    assert folder.tells("sync changes")["exit_code"] == 0
    assert "Запад" in names(ends)
    assert "Nothing is unsent" in folder.types("journal unsent").stdout


def test_a_key_that_is_not_unsent_is_refused_naming_those_that_are(refused_client, folder):
    done = folder.types("journal resend", "company:99")
    assert done.exit_code == 2
    assert f"'company:99' is not there. Unsent are: {refused_client}" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [[], ["company:1", "--all"]], ids=["neither", "both"])
def test_resend_takes_a_key_or_all(refused_client, folder, words):
    done = folder.types("journal resend", *words)
    assert done.exit_code == 2
    assert "or --all" in done.stderr


def test_while_an_exchange_holds_the_journal_one_may_look_but_not_decide(refused_client, folder):
    holder = SqliteJournal(folder.journal)
    assert [entry["key"] for entry in folder.tells("journal unsent")["unsent"]] == [refused_client]
    for words in (
        "journal reviews",
        "journal history",
        f"journal history --record {refused_client}",
    ):
        assert folder.types(words).exit_code == 0
    for words in ("journal resend --all", "journal decide company:1 new"):
        done = folder.types(words)
        assert done.exit_code == 1
        assert "held by another process" in done.stderr
    holder.close()

    assert folder.tells("journal resend", "--all")["resent"] == [refused_client]


def test_resending_all_of_nothing_is_no_failure(ends, folder):
    folder.types("sync full")
    done = folder.types("journal resend", "--all")
    assert (done.exit_code, done.stdout) == (0, "Nothing is unsent.\n")


def test_reviews_list_the_record_with_its_candidates(twins, folder):
    (review,) = folder.tells("journal reviews")["reviews"]
    assert (review["key"], review["side"], review["criterion"]) == (twins, "portal", "email")
    assert len(review["candidates"]) == 2
    assert review["decided"] is None
    shown = folder.types("journal reviews").stdout
    for word in (twins, *review["candidates"], "open"):
        assert word in shown


def test_keys_stand_whole_even_on_a_narrow_terminal(twins, folder):
    candidates = folder.tells("journal reviews")["reviews"][0]["candidates"]
    shown = folder.types("journal reviews", COLUMNS="80").stdout
    for key in (twins, *candidates):
        assert key in shown


def test_an_open_review_is_told_by_the_exchange_but_is_no_failure(twins, folder):
    done = folder.types("sync changes")
    assert done.exit_code == 0
    assert f"1 records wait for your decision: sverka journal reviews --settings {folder.file}" in (
        done.stdout
    )
    assert "Nothing waits" not in done.stdout


def test_a_record_decided_as_new_is_made_once(twins, ends, folder):
    done = folder.types("journal decide", twins, "new")
    assert done.exit_code == 0
    assert f"{twins} is a new one" in done.stdout
    assert folder.tells("sync changes")["counts"]["created"] == 1
    folder.types("sync full")
    assert names(ends).count("Запад") == 1
    assert folder.tells("journal reviews")["reviews"][0]["decided"] == "new"


def test_a_record_decided_as_a_candidate_is_linked_with_it(twins, ends, folder):
    candidate = folder.tells("journal reviews")["reviews"][0]["candidates"][1]
    before = len(names(ends))
    assert folder.tells("journal decide", twins, candidate) == {
        "key": twins,
        "decided": candidate,
        "exit_code": 0,
    }
    folder.types("sync changes")
    assert len(names(ends)) == before


def test_a_decision_may_be_changed_and_is_told_what_it_was(twins, folder):
    folder.types("journal decide", twins, "new")
    candidate = folder.tells("journal reviews")["reviews"][0]["candidates"][0]
    assert "It was new before" in folder.types("journal decide", twins, candidate).stdout


def test_a_candidate_that_is_none_is_refused_naming_the_right_ones(twins, folder):
    candidates = folder.tells("journal reviews")["reviews"][0]["candidates"]
    done = folder.types("journal decide", twins, "somebody")
    assert done.exit_code == 2
    for word in ("CANDIDATE 'somebody'", *candidates, "new"):
        assert word in done.stderr
    assert folder.tells("journal reviews")["reviews"][0]["decided"] is None


def test_a_key_that_is_not_on_the_review_list_is_refused_naming_those_that_are(twins, folder):
    done = folder.types("journal decide", "company:99", "new")
    assert done.exit_code == 2
    assert f"On the review list are: {twins}" in done.stderr


def test_where_nothing_is_to_be_decided_a_key_is_refused_saying_so(ends, folder):
    folder.types("sync full")
    done = folder.types("journal decide", "company:1", "new")
    assert (done.exit_code, "The list is empty" in done.stderr) == (2, True)


def test_an_empty_candidate_is_no_decision(twins, folder):
    assert folder.types("journal decide", twins, "").exit_code == 2


def test_the_history_shows_the_exchanges_then_one_of_them_then_one_record(refused_client, folder):
    runs = folder.tells("journal history")["runs"]
    assert [(run["run"], run["errors"]) for run in runs] == [(1, 0), (2, 1)]
    of_run = folder.tells("journal history", "--run", "2")["history"]
    assert {line["run"] for line in of_run} == {2}
    assert any("exchange of changes begins" in line["text"] for line in of_run)
    of_record = folder.tells("journal history", "--record", refused_client)["history"]
    assert {line["key"] for line in of_record} == {refused_client}
    assert "ИНН" in of_record[-1]["text"]

    assert "errors" in folder.types("journal history").stdout
    shown = folder.types("journal history", "--record", refused_client).stdout
    assert "not created at the infobase" in shown


def test_an_exchange_or_a_record_that_never_was_is_refused_naming_those_that_were(
    refused_client, folder
):
    done = folder.types("journal history", "--run", "7")
    assert (done.exit_code, "There are 1 to 2" in done.stderr) == (2, True)
    done = folder.types("journal history", "--record", "company:99")
    assert (done.exit_code, refused_client in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "words", ["unsent", "reviews", "history", "resend --all", "decide company:1 new"]
)
def test_without_a_journal_each_command_says_how_it_is_made_and_makes_none(folder, words):
    done = folder.types(f"journal {words}")
    assert done.exit_code == 2
    assert f"sverka sync full --settings {folder.file}" in done.stderr
    assert not folder.journal.exists()
