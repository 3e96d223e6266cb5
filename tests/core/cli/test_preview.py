"""`sverka sync preview`: what it shows, and what is left out of sight."""

from io import StringIO

import pytest
from rich.console import Console

from b24_emulator import sample as portal_sample
from onec_emulator import sample as base_sample
from sverka.cli.preview import MEANINGS, sections, show
from sverka.preview import NEW, Deed, FieldChange, Named, Preview, Row
from sverka.records import SideName
from sverka_emulator_kit.people import Kind

PORTAL, INFOBASE = SideName


def row(*deeds, side=PORTAL, other=None, **more):
    return Row(side=side, record=Named("company:1", "Ромашка"), other=other, deeds=deeds, **more)


def shown(*rows, counts=None, warnings=(), **more):
    preview = Preview(counts=counts or {}, rows=rows, warnings=warnings)
    console = Console(file=StringIO(), width=60)
    show(console, preview, **more)
    return console.file.getvalue()


def test_a_changed_field_is_shown_before_and_after():
    change = FieldChange(side=INFOBASE, field="okpo", before="10", after="20")
    text = shown(row(Deed.UPDATED, other=Named("client:g", "Ромашка"), changes=(change,)))
    assert "Ромашка  Bitrix24 company:1 ↔ 1C client:g\n" in text
    assert "1C okpo: 10 → 20" in text


def test_a_field_that_would_be_emptied_or_filled_says_so():
    changes = [
        FieldChange(side=PORTAL, field="okpo", before="10", after=""),
        FieldChange(side=PORTAL, field="inn", before="", after="77"),
    ]
    text = shown(row(Deed.UPDATED, other=Named("client:g"), changes=tuple(changes)))
    assert "Bitrix24 okpo: 10 → (empty)" in text
    assert "Bitrix24 inn: (empty) → 77" in text


def test_a_new_record_is_shown_with_its_values_and_the_mark_it_gets():
    changes = [
        FieldChange(side=INFOBASE, field="name", before="", after="Ромашка"),
        FieldChange(side=INFOBASE, field="inn", before="", after="77"),
        FieldChange(side=PORTAL, field="mark", before="", after=NEW),
    ]
    text = shown(row(Deed.CREATED, Deed.UPDATED, other=Named(NEW), changes=tuple(changes)))
    assert "company:1 → new in 1C" in text
    assert "name: Ромашка; inn: 77\n" in text
    assert "gets its 1C number in Bitrix24" in text


def test_candidates_are_shown_by_name_and_key_with_what_makes_them_alike():
    candidates = (Named("client:a", "Ромашка 1"), Named("client:b", "Ромашка 2"))
    text = shown(row(Deed.REVIEW, by="email", candidates=candidates, reason="could be any"))
    assert "alike by email: Ромашка 1  1C client:a" in text
    assert "alike by email: Ромашка 2  1C client:b" in text


def test_what_links_a_pair_and_what_skips_a_record_is_said():
    linked = row(Deed.LINKED, other=Named("client:g", "Лютик"), by="inn", notes=("by inn: it",))
    skipped = row(Deed.SKIPPED, reason="it is a folder", notes=("of old",))
    text = shown(linked, skipped)
    assert "1C client:g Лютик" in text
    assert text.count("by inn") == 1
    assert "it is a folder" in text
    assert "of old" in text


def test_no_key_is_broken_and_no_bracket_is_taken_for_markup():
    key = "client:" + "0a1b2c3d-" * 8
    text = shown(row(Deed.UPDATED, other=Named(key, "[bold]Лютик[/]")), warnings=("[odd] it",))
    assert f"{key} [bold]Лютик[/]" in text
    assert "[odd] it" in text


def test_a_long_section_is_cut_with_the_number_that_is_left():
    text = shown(*[row(Deed.SKIPPED)] * 5, limit=2)
    assert text.count("company:1") == 2
    assert "skipped: 5" in text
    assert "… and 3 more; --all shows them" in text
    assert shown(*[row(Deed.SKIPPED)] * 5, limit=None).count("company:1") == 5


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed is not Deed.UNCHANGED])
def test_each_deed_has_a_section(deed):
    assert list(sections([row(deed)])) == [deed]


def test_each_deed_has_a_meaning():
    assert set(MEANINGS) == set(Deed)


def test_a_record_stands_in_one_section_only():
    assert list(sections([row(Deed.LINKED, Deed.UPDATED)])) == [Deed.LINKED]
    assert not sections([row(Deed.UNCHANGED)])


def entered(ends):
    """A client in both systems and one in each."""
    both, here, there = (ends.registry.client(Kind.LEGAL) for _ in range(3))
    for client in (both, there):
        portal_sample.enter(ends.portal, client)
    for client in (both, here):
        base_sample.enter(ends.base, client)
    return both, here, there


@pytest.mark.sockets
def test_a_preview_is_printed_writes_nothing_and_ends_with_0(ends, folder):
    folder.has(clients={"criteria": ["inn"]})
    both, here, there = entered(ends)
    touched = ends.touches()
    done = folder.types("sync preview")
    assert done.exit_code == 0, done.output
    assert ends.touches() == touched
    assert "nothing was written" in done.stdout
    for client in (both, here, there):
        assert client.name in done.stdout
    assert f"sverka sync full --settings {folder.file}" in done.stdout
    assert done.stderr == ""


@pytest.mark.sockets
def test_json_has_every_record_and_says_what_the_exchange_then_does(ends, folder):
    folder.has(clients={"criteria": ["inn"]})
    both, here, _ = entered(ends)
    told = folder.tells("sync preview")
    by_name = {told_row["name"]: told_row for told_row in told["rows"]}
    assert by_name[both.name]["by"] == "inn"
    assert by_name[both.name]["deeds"] == ["linked", "updated"]
    assert by_name[here.name]["other"] == {"key": "new", "name": here.name}
    inn = {"side": "portal", "field": "inn", "before": "", "after": here.inn}
    assert inn in by_name[here.name]["changes"]
    assert told["exit_code"] == 0

    counts = folder.tells("sync full")["counts"]
    assert {name: told["counts"][name] for name in counts if name in told["counts"]} == {
        name: count for name, count in counts.items() if name in told["counts"]
    }
    assert folder.tells("sync preview")["counts"]["unchanged"] == 3


@pytest.mark.sockets
def test_a_side_that_is_not_reached_is_a_matter_of_trying_later(ends, folder):
    folder.has(infobase={"url": "http://127.0.0.1:9/unf"})
    told = folder.tells("sync preview")
    assert (told["exit_code"], told["error"]["name"]) == (1, "Unreachable")
