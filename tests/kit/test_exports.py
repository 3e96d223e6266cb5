"""Export and import: the same state elsewhere, and nothing of a document that does not fit."""

import pytest

from sverka_emulator_kit.door import build_app


@pytest.fixture
def client(notes):
    return build_app(notes).test_client()


def test_an_export_imported_elsewhere_gives_the_same_state(client, make_notes):
    client.post("/a", data="one")
    document = client.get("/_emulator/export").json
    other = make_notes()
    answer = build_app(other).test_client().post("/_emulator/import", json=document)
    assert answer.json == {"imported": True}
    assert other.shelf == {"/a": {"text": "one"}}


def test_the_schema_is_published(client):
    schema = client.get("/_emulator/schema").json
    assert schema["$schema"].endswith("draft-07/schema#")
    assert schema["properties"]["system"] == {"const": "notes"}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"version": 2}, "$.version"),
        ({"system": "b24"}, "$.system"),
        ({"layout": "two"}, "$.layout"),
        ({"more": 1}, "more"),
        ({"state": {}}, "notes"),
        ({"state": {"notes": {"/a": {"text": 7}}}}, "$.state.notes./a.text is 7"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_whole_and_the_place_is_named(
    client, notes, changes, place
):
    client.post("/a", data="one")
    document = client.get("/_emulator/export").json
    answer = client.post("/_emulator/import", json={**document, **changes})
    assert answer.status_code == 400
    assert place in answer.json["error"]
    assert notes.shelf == {"/a": {"text": "one"}}


def test_what_fits_and_cannot_be_taken_changes_nothing(client, notes, monkeypatch):
    client.post("/a", data="one")
    document = client.get("/_emulator/export").json
    client.post("/a", data="two")
    restore, tried = notes.restore, []

    def fail_once(snapshot):
        restore(b'{"notes": {}}' if not tried else snapshot)
        if not tried:
            tried.append(snapshot)
            raise LookupError("a part is missing")

    monkeypatch.setattr(notes, "restore", fail_once)
    answer = client.post("/_emulator/import", json=document)
    assert "does not hang together: a part is missing" in answer.json["error"]
    assert notes.shelf == {"/a": {"text": "two"}}
