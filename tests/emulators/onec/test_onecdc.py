"""An outside oracle: onecdc, a real client that nobody patched, over TLS."""

import random
import threading
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import pytest
import requests
from onecdc import ChangeReader, DataReader, MetadataReader

from onec_emulator.infobase import Infobase
from onec_emulator.sales import fill_sales
from onec_emulator.sample import fill, fill_whole, group
from onec_emulator.wording import WORDINGS
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import LocalAuthority, serve

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

SET = "Catalog_Контрагенты"
PART = f"{SET}_КонтактнаяИнформация"
EMPTY = {"00000000-0000-0000-0000-000000000000", ""}
LOGIN = ("obmen", "secret")
KNOWN = ("Catalog_", "Document_", "InformationRegister_", "AccumulationRegister_")
"""Beginnings of the sets that the client reads at all."""
OWN = {"is_deleted_or_empty", "exchange_message_no"}
"""Columns that the client adds by itself."""


@contextmanager
def published(base, monkeypatch):
    """The base behind TLS, and the metadata that the client has read from it."""
    authority, lock = LocalAuthority(), threading.RLock()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    monkeypatch.setenv("NO_PROXY", "localhost")
    door = build_app(base, lock)
    try:
        with serve(door, tls_port=0, authority=authority, clock=base.clock, lock=lock) as served:
            url = served.tls_url + base.service_root
            metadata = MetadataReader(url, LOGIN)
            metadata.get_metadata()
            yield url, metadata
    finally:
        authority.close()


@pytest.fixture
def base():
    base = Infobase(clock=WallClock(), pace=0.01)
    fill(base, 23)
    group(base, "Новые из Битрикс24")
    return base


def as_client_shows(value):
    """A stored value as the client turns it: typed, and nothing for what is empty."""
    if not isinstance(value, str):
        return value
    if value in EMPTY:
        return None
    for kind in (UUID, datetime.fromisoformat):
        try:
            # Digits alone are a code and no date, whatever fromisoformat thinks of them.
            return value if value.isdigit() else kind(value)
        except ValueError:
            continue
    return value


def stored(base):
    """Rows of the base by key, records and lines of their contact information."""
    records = base.records()[SET]
    lines = {
        (UUID(key), int(line["LineNumber"])): {
            name: as_client_shows(value) for name, value in line.items() if name != "LineNumber"
        }
        for key, row in records.items()
        for line in row["КонтактнаяИнформация"]
    }
    rows = {
        UUID(key): {
            name: as_client_shows(value)
            for name, value in row.items()
            if not isinstance(value, list)
        }
        for key, row in records.items()
    }
    return rows, lines


class Copy:
    """What somebody has who keeps all that a reader showed."""

    def __init__(self):
        self.rows, self.lines = {}, {}

    def take(self, reader):
        assert reader.failed_objects == {}
        shown = [_without(row, OWN) for row in reader[SET].to_records_mapped()]
        for row in shown:
            self.rows[row["Ref_Key"]] = row
            self.lines = {key: line for key, line in self.lines.items() if key[0] != row["Ref_Key"]}
        for line in reader[PART].to_records_mapped():
            # For an empty table part the client makes up a line of keys alone.
            if line.get("Тип") is not None:
                key = (line["Ref_Key"], line["LineNumber"])
                self.lines[key] = _without(line, {*OWN, "Ref_Key", "LineNumber"})

    def assert_equals(self, base):
        rows, lines = stored(base)
        assert self.rows == rows
        assert self.lines == lines


def _without(row, names):
    return {name: value for name, value in row.items() if name not in names}


def test_a_full_table_is_read_by_pages(base, monkeypatch):
    copy = Copy()
    with published(base, monkeypatch) as (url, metadata):
        reader = DataReader(url, metadata, LOGIN)
        for skip in range(0, 30, 5):
            if reader.read_object(SET, top=5, skip=skip):
                copy.take(reader)
    copy.assert_equals(base)


@pytest.mark.parametrize("name", WORDINGS)
def test_every_set_of_each_configuration_is_read_whole_and_by_changes(name, monkeypatch):
    base = Infobase(clock=WallClock(), configuration=name, pace=0.01)
    fill_sales(base, fill_whole(base, 6))
    with published(base, monkeypatch) as (url, metadata):
        reader = DataReader(url, metadata, LOGIN)
        published_sets = [each for each in base.configuration.published if each.startswith(KNOWN)]
        keys = {each: list(metadata.get(each).primary_key) for each in published_sets}
        read = {each: reader.read_object(each, key_fields=key) for each, key in keys.items()}
        feed = ChangeReader(url, "ОбменСБитрикс24", base.node_key("B24"), metadata, LOGIN)
        feed.read_changes()
    assert reader.failed_objects == feed.failed_objects == {}
    assert read == {each: len(base.records()[each]) for each in read}
    # What is deleted comes as a tombstone, which the client does not count as an entry.
    records = base.records()
    standing = [key for each, key, _ in base.registered() if key in records[each]]
    assert feed.entries_read == len(standing)


def test_a_feed_of_changes_survives_a_crash_between_reading_and_acknowledging(base, monkeypatch):
    copy = Copy()
    with published(base, monkeypatch) as (url, metadata):

        def reader():
            node = base.node_key("B24")
            return ChangeReader(url, "ОбменСБитрикс24", node, metadata, LOGIN)

        first = reader()
        first.read_changes()
        copy.take(first)
        first.notify_changes_received()

        guids = sorted(base.records()[SET])
        line = {"Тип": "Телефон", "Представление": "+74950000000"}
        base.act("update", {"set": SET, "key": guids[0], "fields": {"Description": "Новое"}})
        base.act(
            "update", {"set": SET, "key": guids[1], "fields": {"КонтактнаяИнформация": [line]}}
        )
        crashed = reader()
        crashed.read_changes()
        assert crashed.entries_read == 2

        base.act("mark", {"set": SET, "key": guids[2]})
        base.act("update", {"set": SET, "key": guids[0], "fields": {"Description": "Новее"}})
        resumed = reader()
        resumed.read_changes()
        assert (resumed.message_no, resumed.entries_read) == (crashed.message_no, 3)
        copy.take(resumed)
        resumed.notify_changes_received()
        copy.assert_equals(base)

        last = reader()
        last.read_changes()
        assert last.entries_read == 0


def test_two_thousand_clients_come_in_full_and_then_by_changes(monkeypatch):
    base = Infobase(clock=WallClock(), pace=0.01)
    guids = fill(base, 2_000)
    full, changed = Copy(), Copy()
    with published(base, monkeypatch) as (url, metadata):
        everything = DataReader(url, metadata, LOGIN)
        assert everything.read_object(SET) == 2_000
        full.take(everything)
        full.assert_equals(base)

        def exchange(*, is_acknowledged=True):
            feed = ChangeReader(url, "ОбменСБитрикс24", base.node_key("B24"), metadata, LOGIN)
            feed.read_changes()
            if is_acknowledged:
                changed.take(feed)
                feed.notify_changes_received()
            return feed.message_no, feed.entries_read

        # The first reader dies with its message; the second is given all of it again.
        # Each client has brought its contract along.
        assert exchange(is_acknowledged=False) == exchange() == (1, 4_000)
        for number in range(2, 5):
            edited = guids[number * 100 : number * 100 + 50]
            for guid in edited:
                inn = {"ИНН": f"77{number:08}", "КонтактнаяИнформация": []}
                base.act("update", {"set": SET, "key": guid, "fields": inn})
            fill(base, 10, seed=number)
            assert exchange() == (number, 70)
        changed.assert_equals(base)
        assert base.registered() == []


def test_ten_days_of_edits_come_whole_though_the_reader_dies_every_third_day(base, monkeypatch):
    copy, numbers, chance = Copy(), [], random.Random(10)
    began = base.clock.now_s()
    with published(base, monkeypatch) as (url, metadata):
        for day in range(10):
            for guid in chance.sample(sorted(base.records()[SET]), 5):
                base.act("update", {"set": SET, "key": guid, "fields": {"ИНН": f"77{day:08}"}})
            base.act("mark", {"set": SET, "key": chance.choice(sorted(base.records()[SET]))})
            fill(base, 2, seed=100 + day)
            base.clock.advance(86_400)
            feed = ChangeReader(url, "ОбменСБитрикс24", base.node_key("B24"), metadata, LOGIN)
            feed.read_changes()
            numbers.append(feed.message_no)
            if day % 3 != 1:
                copy.take(feed)
                feed.notify_changes_received()
    assert base.clock.now_s() - began >= 10 * 86_400
    # A message nobody confirmed is asked for again under its number.
    assert numbers == [1, 2, 2, 3, 4, 4, 5, 6, 6, 7]
    copy.assert_equals(base)
    assert base.registered() == []


def test_the_client_does_not_see_tombstones(base, monkeypatch):
    """A limit of this client, seen here: what is deleted for good it neither reads nor takes off
    the queue."""
    with published(base, monkeypatch) as (url, metadata):
        feed = ChangeReader(url, "ОбменСБитрикс24", base.node_key("B24"), metadata, LOGIN)
        feed.read_changes()
        feed.notify_changes_received()
        guid = sorted(base.records()[SET])[0]
        base.act("delete", {"set": SET, "key": guid})
        feed.read_changes()
    assert feed.entries_read == 0
    assert base.registered() == [(SET, guid, feed.message_no)]


def test_the_client_understands_a_refusal(base, monkeypatch):
    with published(base, monkeypatch) as (url, metadata):
        reader = DataReader(url, metadata, LOGIN)
        with pytest.raises(requests.HTTPError, match="Сущность 'Catalog_Нет' не найдена"):
            reader.read_object("Catalog_Нет")
        stranger = DataReader(url, metadata, ("obmen", "wrong"))
        with pytest.raises(requests.HTTPError, match="401"):
            stranger.read_object(SET)
