"""Exports of portals: whatever stands in one fits its schema, and goes elsewhere whole."""

import copy
import json
from pathlib import Path

import pytest

from b24_emulator import sample
from sverka_emulator_kit.exports import ExportRefused, exported, take_in

LIFE = (Path(__file__).parent / "life.txt").read_text("utf-8")


@pytest.fixture
def lived(portal):
    """A portal with a record of each kind."""
    for line in LIFE.splitlines():
        name, _, params = line.partition(" ")
        portal.act(name, json.loads(params))
    sample.fill(portal, 20)
    return portal


def test_an_export_with_a_record_of_each_kind_gives_the_same_portal_elsewhere(lived, portals):
    other = portals(seed=9)
    take_in(other, json.loads(json.dumps(exported(lived))))
    assert json.loads(other.snapshot()) == json.loads(lived.snapshot())
    assert other.records() == lived.records()
    assert other.webhook_path == lived.webhook_path


def spoilt(document, way, value):
    changed = copy.deepcopy(document)
    place = changed["state"]
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("way", "value", "place"),
    [
        (["tables", "company", "rows", 0, "ID"], "one", "$.state.tables.company.rows[0].ID"),
        (["tables", "company", "rows", 1, "TITLE"], 7, "$.state.tables.company.rows[1].TITLE is 7"),
        (["tables", "contact", "last_id"], "3", "$.state.tables.contact.last_id"),
        (["tables", "company", "rows", 1, "PHONE"], [{}], "$.state.tables.company.rows[1].PHONE"),
        (["tables", "invented"], {}, "invented"),
        (["links"], [{}], "$.state.links[0]"),
        (["access"], None, "$.state.access"),
        (["chances"], {}, "hang together"),
    ],
)
def test_a_wrong_value_is_named_by_its_path_and_nothing_is_taken(
    portal, company, way, value, place
):
    company(), company()
    before = portal.snapshot()
    with pytest.raises(ExportRefused) as told:
        take_in(portal, spoilt(exported(portal), way, value))
    assert place in str(told.value)
    assert portal.snapshot() == before
