"""One emulated infobase: a plain object without Flask, seeded, on a clock of the caller's."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from onec_emulator import app, people, sessions, snapshots
from onec_emulator.books import Books, RecordUnknown
from onec_emulator.consequences import do_due
from onec_emulator.notices import Notices
from onec_emulator.odata import accounts
from onec_emulator.odata.service import Service
from onec_emulator.schemas import NAMESPACE, RECORDS, Configuration, Row
from onec_emulator.schemas.files import NotBuilt, load
from onec_emulator.services import HttpService, dispatch
from onec_emulator.services.exchange import exchange_service
from onec_emulator.sessions import Sessions
from onec_emulator.start import furnish
from onec_emulator.switches import Switches
from onec_emulator.table import Table
from onec_emulator.totals import Dimensions
from onec_emulator.web_sessions import WebSessions
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.courier import Courier, nobody
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.record import CallRecord, Ledger
from sverka_emulator_kit.state import Shelves
from sverka_emulator_kit.trouble import TroubleBox

MODES = ("server", "file")
PLATFORM = "8.3.27.1000"
"""The release whose guide the emulator follows; the build is made up."""


class Infobase:
    """A 1C infobase: its OData interface, its people, its exchange plan.

    Attributes:
        publication: Path of the publication, `/unf`.
        service_root: Path of the OData service below it.
        platform: Version of 1C:Enterprise, four numbers.
        plan: Set name of the exchange plan with auto-registration of all other sets, `""` in a
            base without one.
        clock: Moments of the base; calls do not move it.
        sessions: Who is in the base: windows, jobs, exclusive mode.
        courier: Carries notices out of the base; without one nobody is told.
        notices: Whom the base tells of writes, and what waits to be told.
    """

    name = "onec"

    def __init__(
        self,
        *,
        clock: VirtualClock,
        seed: int = 1,
        configuration: str = "unf",
        mode: str = "server",
        publication: str | None = None,
        users: Mapping[str, str] | None = None,
        switches: Switches | None = None,
        pace: float = 1.0,
        filling: Callable[["Infobase"], object] | None = None,
        unpublished: Collection[str] = (),
        services: Collection[HttpService] = (),
        web: WebSessions | None = None,
        licences: int | None = None,
        platform: str = PLATFORM,
        settings: Mapping[str, Any] | None = None,  # Any: JSON, as of `act("set_up", …)`
    ) -> None:
        """Make a base as it is after its installation.

        Args:
            configuration: `unf`, `unf16`, `ut11`, `bp30`, `other`, or the path of a `.json` file
                that declares one or changes one of these: a base that nobody supports, or an
                older release.
            publication: Path of the publication, None for the configuration's name.
            switches: Disputed behaviours at the start and after each reset.
            users: Password by login of those who may use OData.
            pace: How many times slower than usual the base answers, above 0.
            filling: What fills the base at its start and after each reset.
            unpublished: Sets that are left out of the OData composition.
            services: HTTP services of one's own, beside `/hs/exchange`.
            web: How the sessions of calls are reused; None for the usual way, without a limit.
            licences: How many sessions may live, windows and calls together; None for any number.
            platform: Version of 1C:Enterprise, `8.3.12.1412`: only `/hs/exchange/version` tells it.
            settings: What people have set up at the start and after each reset, once the base is
                filled.

        Raises:
            DeedUnknown: There is no such setting.
            NotBuilt: The configuration or mode is not emulated; the message names those that are.
            ValueError: The pace is not above zero, there is no such set to leave out, or the
                number of licences or the platform's version is none.
        """
        if mode not in MODES:
            raise NotBuilt(f"Mode {mode!r} is not built. Use one of: {', '.join(MODES)}.")
        if pace <= 0:
            raise ValueError(f"pace is {pace}; calls take time. Give a number above 0.")
        self.clock = clock
        self.seed = seed
        self.configuration = _composed(load(configuration), unpublished)
        self.mode = mode
        self.publication = publication or f"/{self.configuration.name}"
        self.service_root = f"{self.publication}/odata/standard.odata"
        self.plan = self.configuration.plan
        self.users = dict(users) if users is not None else {"obmen": "secret"}
        self._switches = switches or Switches()
        self.pace = pace
        self.trouble = TroubleBox()
        self.calls = CallRecord()
        self.ledger = Ledger()
        self.services = {one.root: one for one in (exchange_service(self.configuration), *services)}
        self._web = web or WebSessions()
        if not re.fullmatch(r"\d+(\.\d+){3}", platform):
            raise ValueError(f"platform is {platform!r}. Give four numbers: {PLATFORM}.")
        self.platform = platform
        self._settings = dict(settings or {})
        self.courier: Courier = nobody
        self.notices = Notices(self.publication, lambda: self.courier)
        self._licences = sessions.checked_licences(licences)
        self._filling = filling
        self.reset()

    def reset(self) -> None:
        """Back to the seed: as it was when it was made."""
        self.trouble.clear()
        self.trouble.met.clear()
        self.calls.clear()
        self.ledger.clear()
        self._books = Books(self.configuration, self._switches, self.clock, self.ledger, self.seed)
        webs = {"": replace(self._web)}
        webs |= {root: replace(one.web or self._web) for root, one in self.services.items()}
        self.sessions = Sessions(
            self.mode,
            self.clock,
            licences=self._licences,
            called=lambda: sum(one.living(self.clock.now_s()) for one in webs.values()),
        )
        self._books.runs_jobs = self.sessions.runs_jobs
        self.notices.begin(self._books)
        self._published = app.Publication(
            service=Service(self._books),
            service_root=self.service_root,
            hs_root=f"{self.publication}/hs",
            hs=partial(dispatch.answer, self, self.services),
            hs_writes=partial(dispatch.writes, self.services),
            sessions=self.sessions,
            webs=webs,
            tokens={app.basic_token(*user): user[0] for user in self.users.items()},
            trouble=self.trouble,
            calls=self.calls,
            pace=self.pace,
        )
        furnish(self._books, self.users)
        if self._filling is not None:
            self._filling(self)
        people.do(self._books, "set_up", self._settings, "")

    def answer(self, request: Request) -> Reply:
        """Do the whole request path for one request."""
        do_due(self._books)
        return app.answer(self._published, request)

    def act(self, name: str, params: Mapping[str, Any], user: str = "") -> Any:  # Any: JSON
        """Do what a person does in 1C's own window; `people.DEEDS` says what there is.

        Params of `create`, `update`, `mark`, `delete`, `post` and `unpost` are `set`, `key` (not
        for create) and `fields`; table parts are replaced whole. Returns the record's key.
        `sessions.DEEDS` are what people do with the base as a whole.
        """
        do_due(self._books)
        if name in sessions.DEEDS:
            done = sessions.DEEDS[name](self.sessions, params, user)
            # A window that was opened carries what has waited for one.
            self.notices.wake()
            return done
        return people.do(self._books, name, params, user)

    def records(self) -> Mapping[str, Mapping[str, Row]]:
        """Set → key → row as stored. Not a copy: read only."""
        do_due(self._books)
        return {name: table.rows for name, table in self._books.tables.items()}

    def kind_key(self, name: str) -> str:
        """Guid of a predefined kind of contact information, `ТелефонКонтрагента`.

        Raises:
            RecordUnknown: The configuration predefines no such kind.
        """
        return self._named("Catalog_ВидыКонтактнойИнформации", "PredefinedDataName", name)

    def property_set_key(self, name: str) -> str:
        """Guid of the set of properties of a catalogue, `Справочник_Контрагенты`.

        Raises:
            RecordUnknown: The configuration makes no such set.
        """
        entity = "Catalog_НаборыДополнительныхРеквизитовИСведений"
        # An older library has predefined items of the platform there.
        own = "ИмяПредопределенногоНабора"
        has_own = own in self.configuration.sets[entity].fields
        return self._named(entity, own if has_own else "PredefinedDataName", name)

    def node_key(self, code: str) -> str:
        """Guid of the exchange plan's node with this code.

        Raises:
            RecordUnknown: The plan has no such node.
        """
        return self._named(self.plan, "Code", code)

    def _named(self, entity: str, field: str, name: str) -> str:
        if entity not in self._books.tables:
            raise RecordUnknown(f"This base has no {entity or 'exchange plan'}: {name!r} is asked.")
        table = self._books.tables[entity]
        for key in table.having(field, name):
            return key
        known = ", ".join(sorted(row[field] for row in table.rows.values()))
        raise RecordUnknown(f"{entity} has no {name!r}. Use one of: {known}.")

    @property
    def books(self) -> Books:
        """The data and every way to change it, for services; a reset makes new ones."""
        return self._books

    @property
    def switches(self) -> Switches:
        """Disputed behaviours as they are now; `act("switches", …)` chooses them."""
        return self._books.switches

    @property
    def tables(self) -> Mapping[str, Table]:
        """Table by set name. Read only."""
        do_due(self._books)
        return self._books.tables

    def movements(self, entity: str, key: str) -> dict[tuple[str, str], list[Row]]:
        """Records that a document has in registers, by set and key."""
        recorder = {"Recorder": key, "Recorder_Type": NAMESPACE + entity}
        found = {}
        for name, table in self.tables.items():
            if table.schema.is_recorded and (of := table.schema.key_of(recorder)) in table.rows:
                found[name, of] = table.rows[of][RECORDS]
        return found

    def balances(self, register: str) -> Mapping[Dimensions, Mapping[str, float]]:
        """Sums of a register's records by dimensions; nothing for one without sums."""
        do_due(self._books)
        return self._books.balances.all_of(register)

    def account_balances(self, register: str) -> list[Row]:
        """Rows of the balance of a register of accounts, as OData shows them.

        Nothing for one that is left out of the OData composition.
        """
        do_due(self._books)
        service = self._published.service
        if register not in service.tables:
            return []
        found = accounts.totals(service, service.tables[register], "Balance", {})
        return [found.rows[key] for key in found.order]

    @property
    def settings(self) -> Mapping[str, object]:
        """What people have set up, see `Books.settings`. Read only."""
        return self._books.settings

    def registered(self, node_code: str = "B24") -> list[tuple[str, str, int | None]]:
        """What waits for a node: set, key, and the number of the message that carried it."""
        do_due(self._books)
        return list(self._books.plan.waiting(self.node_key(node_code)))

    def gauges(self) -> Mapping[str, object]:
        """Settings and levels for the control plane."""
        nodes = self.records().get(self.plan, {}).values()
        return {
            "configuration": self.configuration.name,
            "platform": self.platform,
            "mode": self.mode,
            "clients": dict(self.sessions.clients),
            "jobs": [job.name for job in self.sessions.jobs()],
            "exclusive": self.sessions.locked(),
            "licences": self.sessions.licences,
            "licences_taken": self.sessions.taken(),
            "publication": self.publication,
            "seed": self.seed,
            "untold": self.notices.waiting(),
            "records": {name: len(rows) for name, rows in self.records().items()},
            "registered": {row["Code"]: len(self.registered(row["Code"])) for row in nodes},
        }

    def snapshot(self) -> bytes:
        """The whole state as bytes that `restore` takes; what was recorded is not state."""
        return snapshots.taken(self._books)

    def restore(self, snapshot: bytes) -> None:
        snapshots.put_back(self._books, snapshot)
        self.notices.restart()

    @property
    def layout(self) -> str:
        return snapshots.layout(self._books)

    def rest(self) -> dict[str, Any]:  # Any: JSON
        return snapshots.rest(self._books)

    def state_schema(self) -> dict[str, object]:
        return snapshots.state_schema(self._books)

    def shelves(self) -> Shelves:
        return snapshots.shelves(self._books)


def _composed(configuration: Configuration, unpublished: Collection[str]) -> Configuration:
    if not unpublished:
        return configuration
    if unknown := sorted(set(unpublished) - set(configuration.sets)):
        known = ", ".join(configuration.sets)
        raise ValueError(f"Sets {unknown} cannot be left out. Use some of: {known}.")
    return replace(configuration, unpublished=frozenset(unpublished))
