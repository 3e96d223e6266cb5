"""A connection end to end, over real sockets, against both emulators. Only real time passes."""

import asyncio
import queue
import threading
import time
from dataclasses import dataclass, field, replace

import httpx
import pytest

from b24_emulator import sample as portal_sample
from b24_emulator.portal import Portal
from onec_emulator import sample as base_sample
from onec_emulator.infobase import Infobase
from sverka import (
    AsyncConnection,
    ClientSettings,
    Connection,
    Criterion,
    InfobaseSettings,
    Pace,
    PortalSettings,
    Settings,
    SettingsError,
    TryLater,
)
from sverka.asks import Save
from sverka.errors import JournalBusy, KeyForeign
from sverka.records import Level
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.people import Kind, Registry
from sverka_emulator_kit.serve import serve
from sverka_emulator_kit.trouble import DropReply, Html, Refuse
from sverka_scenarios.views import base_views, portal_views

pytestmark = pytest.mark.sockets

QUICK = Pace(threshold=1000, drain_per_s=1000.0, calm_s=0.02, tries=4)


@dataclass
class Ends:
    """Both systems behind real doors, with a registry of people who enter clients."""

    portal: Portal
    base: Infobase
    base_url: str
    password: str = "secret"
    registry: Registry = field(default_factory=lambda: Registry(7))

    def settings(self, **portal):
        portal = portal or {
            "key": self.portal.install_app(),
            "oauth_url": f"{self.portal.origin}/oauth/token/",
        }
        return Settings(
            portal=PortalSettings(**portal),
            infobase=InfobaseSettings(
                url=self.base_url + self.base.publication, user="obmen", password=self.password
            ),
            clients=ClientSettings(criteria=(Criterion.EMAIL,)),
            pace=QUICK,
        )

    def connect(self, journal, **portal):
        # No proxy of the environment stands between this process and itself.
        client = httpx.Client(trust_env=False)
        return Connection(self.settings(**portal), journal, client=client)

    def connect_in_loop(self, journal, **given):
        client = httpx.AsyncClient(trust_env=False)
        return AsyncConnection(self.settings(), journal, client=client, **given)

    def names(self):
        views = portal_views(self.portal.records()), base_views(self.base.records())
        return tuple(sorted(view.name for view in found.values()) for found in views)


@pytest.fixture
def ends():
    clock, lock = WallClock(), threading.RLock()
    portal = Portal(clock, seed=1, limits="box", pace=0.01)
    base = Infobase(clock=clock, seed=1, pace=0.01)
    with (
        serve(build_app(portal, lock), clock=clock, lock=lock) as portal_door,
        serve(build_app(base, lock)) as base_door,
    ):
        portal.origin = portal_door.url
        yield Ends(portal, base, base_door.url)


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "exchange.sqlite"


def test_thirty_clients_cross_both_ways_and_a_second_pass_writes_nothing(ends, journal):
    for client in ends.registry.clients(15):
        portal_sample.enter(ends.portal, client)
    for client in ends.registry.clients(15):
        base_sample.enter(ends.base, client)

    with ends.connect(journal) as connection:
        first = connection.full()
        touched = len(ends.portal.ledger.touches), len(ends.base.ledger.touches)
        second = connection.changes()
        third = connection.full()

        assert first.counts["created"] == 30
        assert connection.unsent() == []
        assert connection.counts()["links"] == 30
        assert second.counts.get("created", 0) + second.counts.get("updated", 0) == 0
        assert third.counts.get("created", 0) + third.counts.get("updated", 0) == 0

    assert (len(ends.portal.ledger.touches), len(ends.base.ledger.touches)) == touched
    in_portal, in_base = ends.names()
    assert len(in_portal) == 30
    assert in_portal == in_base


def test_an_edit_after_a_restart_travels_and_the_history_tells_of_it(ends, journal):
    guid = base_sample.enter(ends.base, ends.registry.client(Kind.LEGAL))
    with ends.connect(journal) as connection:
        connection.full()

    key = next(iter(ends.portal.records()["company"]))
    ends.portal.act("crm.company.update", {"id": key, "fields": {"TITLE": "Новое имя"}}, "1")
    with ends.connect(journal) as connection:
        report = connection.changes()
        told = [line.text for line in connection.history(run=report.run)]

    assert ends.base.records()["Catalog_Контрагенты"][guid]["Description"] == "Новое имя"
    assert report.run == 2
    assert any("updated" in text and "name" in text for text in told)


def test_lost_replies_and_pages_of_html_double_nobody(ends, journal):
    for client in ends.registry.clients(4):
        portal_sample.enter(ends.portal, client)
    for client in ends.registry.clients(4):
        base_sample.enter(ends.base, client)

    with ends.connect(journal) as connection:
        connection.full()
        for client in ends.registry.clients(4):
            base_sample.enter(ends.base, client)
        ends.portal.trouble.set(DropReply(), match="batch/crm.company.add")
        ends.base.trouble.set(Html(502), match="GET *")
        ends.portal.trouble.set(Refuse(), match="batch")
        for _ in range(3):
            connection.changes()
        assert connection.unsent() == []

    assert ends.portal.trouble.met["drop_reply"] == 1
    assert ends.base.trouble.met["html"] == 1
    in_portal, in_base = ends.names()
    assert in_portal == in_base
    assert len(in_base) == 12


def test_inside_an_event_loop_two_who_ask_at_once_get_one_exchange_after_the_other(ends, journal):
    for client in ends.registry.clients(5):
        portal_sample.enter(ends.portal, client)

    async def life():
        async with ends.connect_in_loop(journal) as connection:
            foreseen = await connection.preview()
            assert ends.names()[1] == []
            first, second = await asyncio.gather(connection.full(), connection.changes())
            assert connection.unsent() == []
            return foreseen, first, second

    foreseen, first, second = asyncio.run(life())

    assert foreseen.counts["created"] == first.counts["created"] == 5
    assert (first.run, second.run) == (1, 2)
    assert second.counts.get("created", 0) == 0
    in_portal, in_base = ends.names()
    assert in_portal == in_base


def test_inside_an_event_loop_a_cancelled_exchange_is_taken_up_by_the_next(ends, journal):
    for client in ends.registry.clients(12):
        base_sample.enter(ends.base, client)
    left = 3

    async def life():
        exchange = None

        def watch(ask):
            nonlocal left
            if exchange and isinstance(ask, Save):
                left -= 1
                if not left:
                    exchange.cancel()

        async with ends.connect_in_loop(journal, watch=watch) as connection:
            exchange = asyncio.create_task(connection.full())
            with pytest.raises(asyncio.CancelledError):
                await exchange
            exchange = None
            living = asyncio.create_task(connection.realtime())
            async with asyncio.timeout(20):
                while len(ends.names()[0]) < 12 or connection.unsent():
                    await asyncio.sleep(0.02)
            living.cancel()
            with pytest.raises(asyncio.CancelledError):
                await living

    asyncio.run(life())

    in_portal, in_base = ends.names()
    assert in_portal == in_base
    assert len(in_base) == 12


def test_a_side_that_stays_away_is_tried_later_and_nothing_is_lost(ends, journal):
    base_sample.enter(ends.base, ends.registry.client(Kind.LEGAL))
    ends.base.trouble.set(Html(502), times=None)

    with ends.connect(journal) as connection:
        with pytest.raises(TryLater, match="nothing was lost"):
            connection.full()
        ends.base.trouble.clear()
        connection.full()

    assert len(ends.names()[0]) == 1


def test_a_webhook_exchanges_by_reading_everything_and_says_so(ends, journal):
    base_sample.enter(ends.base, ends.registry.client(Kind.LEGAL))

    with ends.connect(journal, webhook=ends.portal.origin + ends.portal.webhook_path) as connection:
        connection.full()
        warnings = [line.text for line in connection.history() if line.level is Level.WARNING]

    assert len(ends.names()[0]) == 1
    assert any("reads everything" in text for text in warnings)


MAIL = "buh@holding.example"


def enter_twins(ends):
    """Two clients of the base that share an e-mail."""
    for twin in ends.registry.clients(2, Kind.LEGAL):
        base_sample.enter(ends.base, replace(twin, emails=(MAIL,)))


def enter_west(ends):
    """A company of the portal with the same e-mail."""
    email = [{"VALUE": MAIL, "VALUE_TYPE": "WORK"}]
    ends.portal.act("crm.company.add", {"fields": {"TITLE": "Запад", "EMAIL": email}}, "1")


def test_a_doubtful_match_waits_for_a_person_and_is_decided_once(ends, journal):
    enter_twins(ends)
    with ends.connect(journal) as connection:
        connection.full()
        enter_west(ends)
        connection.changes()
        (review,) = connection.reviews()
        assert len(review.candidates) == 2
        assert "Запад" not in ends.names()[1]

        connection.decide(review, "new")
        connection.changes()
        connection.full()
        assert connection.counts()["reviews"] == 0

    assert ends.names()[1].count("Запад") == 1
    assert ends.names()[0].count("Запад") == 1


def test_a_company_that_could_be_any_of_two_is_linked_with_neither(ends, journal):
    enter_twins(ends)
    enter_west(ends)

    with ends.connect(journal) as connection:
        connection.full()
        assert connection.counts()["links"] == 0


def test_a_second_connection_to_the_same_journal_is_refused(ends, journal):
    with ends.connect(journal), pytest.raises(JournalBusy):
        ends.connect(journal)

    ends.connect(journal).__exit__(None, None, None)


def test_a_password_that_is_wrong_is_a_matter_of_settings(ends, journal):
    ends.password = "another"

    with (
        ends.connect(journal) as connection,
        pytest.raises(SettingsError, match=r"infobase\.password"),
    ):
        connection.full()


def test_a_foreign_key_is_refused_before_a_journal_is_made(ends, journal):
    with pytest.raises(KeyForeign):
        ends.connect(journal, key="no key at all")

    assert not journal.exists()


def test_realtime_carries_edits_of_both_sides_until_it_is_stopped(ends, journal):
    guid = base_sample.enter(ends.base, ends.registry.client(Kind.LEGAL))
    opened: queue.Queue[Connection] = queue.Queue()

    def live():
        with ends.connect(journal) as connection:
            connection.full()
            opened.put(connection)
            connection.realtime()

    living = threading.Thread(target=live)
    living.start()
    connection = opened.get(timeout=20)
    fields = {"Description": "Из базы ООО"}
    ends.base.act("update", {"set": "Catalog_Контрагенты", "key": guid, "fields": fields}, "Анна")
    assert comes(lambda: ends.names()[0] == ["Из базы ООО"])
    ends.portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": "С портала ООО"}}, "1")
    assert comes(lambda: ends.names()[1] == ["С портала ООО"])
    connection.stop()
    living.join(timeout=20)

    assert not living.is_alive()


def comes(fact, within_s=20.0):
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s and not fact():
        time.sleep(0.05)
    return fact()
