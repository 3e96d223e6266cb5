"""A portal as a plain object: state, clock, ids and chance of its own, all seeded."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from b24_emulator import installation, stages
from b24_emulator.access import Access, Webhook, hexes
from b24_emulator.calls import Caller, Way
from b24_emulator.deeds import DEEDS
from b24_emulator.dispatch import dispatch
from b24_emulator.documents import INVOICE
from b24_emulator.entities import ENTITIES, FRESH, RECORDED
from b24_emulator.links import Links
from b24_emulator.methods.table import METHODS
from b24_emulator.offline import OfflineQueue
from b24_emulator.online import Online
from b24_emulator.path import answer
from b24_emulator.pull import PullServer
from b24_emulator.rules.costs import HTTP_S, SHORTEST_S, Costs
from b24_emulator.rules.limits import LIMITS, Bucket, OperatingAccount
from b24_emulator.rules.switches import Switches
from b24_emulator.rules.tariffs import TARIFFS, Block
from b24_emulator.shapes import Kept
from b24_emulator.snapshot_schema import state_schema
from b24_emulator.snapshots import STREAMS, furnish, layout, put_back, rest, shelves, taken
from b24_emulator.table import Row, Table
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.courier import Courier, nobody
from sverka_emulator_kit.held import Answer, Topics
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.record import CallRecord, Ledger
from sverka_emulator_kit.state import Shelves
from sverka_emulator_kit.trouble import TroubleBox


@dataclass(slots=True)
class Chances:
    """Streams of chance, apart, so that a slower call does not change a token."""

    seed: int
    secrets: random.Random = field(init=False)
    pace: random.Random = field(init=False)
    trouble: random.Random = field(init=False)
    events: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.secrets, self.pace, self.trouble, self.events = (
            random.Random(f"{self.seed}:{name}") for name in STREAMS
        )


class Portal:
    """One Bitrix24. An empty one numbers its records from 1; user 1 is the administrator.

    Attributes:
        origin: Scheme, host and port that its own addresses begin with.
        pace: Multiplies the time of all calls; 1 is 20-60 ms a call and 5-15 ms a command.
        token_life_s: Life of an access token.
        courier: Carries the calls to event handlers; without one they are not told.
        handler_times: How long each handler took last time, in seconds, where somebody measures.
        tariff: What the portal's plan includes.
        block: Why the portal refuses all calls, if it does.
    """

    name = "b24"
    methods = METHODS

    def __init__(
        self,
        clock: VirtualClock | None = None,
        *,
        seed: int = 1,
        limits: str = "50-2-100",
        tariff: str = "professional",
        origin: str = "https://portal.example",
        switches: Switches = Switches(),  # noqa: B008  # a frozen value
        pace: float = 1.0,
    ) -> None:
        self.clock = clock or VirtualClock()
        self.seed = seed
        self.limits = LIMITS[limits]
        self.origin = origin
        self.former_origins: list[str] = []
        self._switches = switches
        self.pace = pace
        self.token_life_s = 3600.0
        self._tariff = tariff
        self.costs = Costs()
        self.courier: Courier = nobody
        self.handler_times: Mapping[str, float] = {}
        self.topics = Topics()
        self.trouble = TroubleBox()
        self.calls = CallRecord()
        self.ledger = Ledger()
        self._begin()

    def _begin(self) -> None:
        if self.former_origins:
            self.origin, self.former_origins = self.former_origins[0], []
        self.tariff = TARIFFS[self._tariff]
        self.block = Block.NONE
        self.switches = self._switches
        self.chances = Chances(self.seed)
        self.tables = {name: Table(entity.schema) for name, entity in ENTITIES.items()}
        self.links = Links()
        self.bindings: dict[str, Links] = {}
        self.offline = OfflineQueue()
        self.online = Online()
        self.bucket = Bucket()
        self.operating = OperatingAccount()
        self.last_value_id = 0
        self.access = Access(member_id=hexes(self.chances.secrets, 16))
        self.pull = PullServer.of(self.access.member_id)
        self.webhook = self.access.add_webhook(Webhook("1", self._secret()))
        self.first_statuses: dict[str, str | None] = {}
        self.stages: dict[str, dict[str, str]] = {}
        for entity in FRESH:
            furnish(self.tables[entity.name], entity.name)
        stages.furnish(self, INVOICE.staging, "1")

    def _secret(self) -> str:
        return hexes(self.chances.secrets, 8)

    @property
    def now_s(self) -> float:
        return self.clock.now_s()

    @property
    def webhook_path(self) -> str:
        """`/rest/1/<secret>/`, of the administrator, with all scopes."""
        return self.webhook.path

    def answer(self, request: Request) -> Answer:
        """Do the whole request path; only the Push & Pull server gives no reply at once."""
        return answer(self, request)

    def act(self, name: str, params: Mapping[str, Any], user: str = "") -> Any:  # Any: JSON
        """Do what a person does in the portal's window, in the words of a REST method.

        No HTTP, no limit, no trouble; events and the ledger see it as `user:<id>`. Names that
        begin with `portal.` are the acts of `deeds.py`.

        Raises:
            PortalRefusal: The portal refuses, with code and text.
        """
        if deed := DEEDS.get(name):
            return deed(self, params)
        user_id = user or "1"
        caller = Caller(f"user:{user_id}", user_id, Way.WINDOW)
        sent = {parameter.lower(): value for parameter, value in params.items()}
        value = dispatch(self, name.lower(), sent, caller).value
        if isinstance(value, list):
            return [one.whole() if isinstance(one, Kept) else one for one in value]
        return value.whole() if isinstance(value, Kept) else value

    def install_app(self) -> str:
        """Install the '1C + CRM' application for the administrator; returns its connection key.

        Done again, it gives a new key of the same application; old keys stay good.
        """
        return installation.install(self)

    def update_app(self) -> int:
        """Install the application's next version: its bindings are gone; returns the version."""
        return installation.update(self)

    def reinstall_app(self) -> str:
        """Remove the application and install it again; returns its new connection key.

        Bindings, queued events and all tokens are gone.
        """
        return installation.reinstall(self)

    def rename(self, origin: str) -> None:
        """Give the portal another address; the one it had redirects to it."""
        self.former_origins.append(self.origin)
        self.origin = origin

    def http_s(self) -> float:
        """Draw how long one HTTP call takes beside its commands."""
        return max(self.chances.pace.uniform(*HTTP_S) * self.pace, SHORTEST_S)

    def command_s(self, name: str) -> float:
        """Draw how long one command of a method takes."""
        return max(self.chances.pace.uniform(*self.costs.of(name)) * self.pace, SHORTEST_S)

    def new_value_id(self) -> int:
        """A number for one value of a multi-field."""
        self.last_value_id += 1
        return self.last_value_id

    def first_status(self, directory: str) -> str | None:
        """STATUS_ID of a directory's first row by SORT, the default of its fields."""
        if directory not in self.first_statuses:
            table = self.tables["status"]
            rows = [table.rows[number] for number in table.with_value("ENTITY_ID", directory)]
            ranked = sorted(rows, key=lambda row: int(row["SORT"]))
            self.first_statuses[directory] = ranked[0]["STATUS_ID"] if ranked else None
        return self.first_statuses[directory]

    def records(self) -> dict[str, dict[str, Row]]:
        """All records as they are stored, by number as a text. Read only."""
        return {
            name: {str(number): row for number, row in self.tables[name].rows.items()}
            for name in RECORDED
        }

    def gauges(self) -> dict[str, object]:
        now_s = self.now_s
        return {
            "webhook_path": self.webhook_path,
            "records": {name: len(self.tables[name].rows) for name in RECORDED},
            "offline_queue": len(self.offline.entries),
            "deliveries": {"waiting": len(self.online.waiting), "sent": len(self.online.sent)},
            "pull": {"channels": len(self.pull.channels), "listeners": self.topics.count()},
            "limits": asdict(self.limits),
            "levels": {
                peer: round(self.bucket.level(self.limits, peer, now_s), 3)
                for peer in self.bucket.levels
            },
            "operating": self.operating.spent(now_s),
            "costs": self.costs.by_method,
            "tariff": asdict(self.tariff),
            "block": self.block,
            "switches": asdict(self.switches),
        }

    def reset(self) -> None:
        """Back to the seed: same secrets, same numbers; what was watched or set is gone."""
        self.costs.set({})
        self.trouble.clear()
        self.trouble.met.clear()
        self.calls.clear()
        self.ledger.clear()
        self._begin()

    def snapshot(self) -> bytes:
        """The state as JSON. What was watched (calls, ledger, trouble) is no part of it."""
        return taken(self)

    def restore(self, snapshot: bytes) -> None:
        """Take the state of a snapshot, of this or of another portal.

        Raises:
            SeedUnusable: The bytes are no snapshot.
        """
        put_back(self, snapshot)

    @property
    def layout(self) -> str:
        return layout()

    def rest(self) -> dict[str, Any]:  # Any: JSON
        return rest(self)

    def state_schema(self) -> dict[str, object]:
        return state_schema()

    def shelves(self) -> Shelves:
        return shelves(self)
