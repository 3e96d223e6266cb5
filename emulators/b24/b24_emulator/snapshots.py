"""The whole state of a portal as JSON, out and in; and the rows of a fresh one."""

import functools
import hashlib
import random
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from b24_emulator import online, pull, smart_processes, stages, user_fields
from b24_emulator.access import Access
from b24_emulator.entities import ENTITIES
from b24_emulator.links import Links
from b24_emulator.offline import OfflineQueue
from b24_emulator.online import Online
from b24_emulator.pull import PullServer
from b24_emulator.refusals import SeedUnusable
from b24_emulator.rules.limits import Bucket, OperatingAccount
from b24_emulator.rules.tariffs import Block, Tariff
from b24_emulator.schema import packaged
from b24_emulator.table import Table
from sverka_emulator_kit.state import Shelf, whole

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

TOKENS = ("access_tokens", "refresh_tokens")
STREAMS = ("secrets", "pace", "trouble", "events")


def furnish(table: Table, entity: str) -> None:
    """Enter the rows that `fresh_portal.json` has for one entity."""
    empty = "" if entity == "user" else None
    defaults = {
        name: value for name, value in table.schema.defaults.items() if not isinstance(value, dict)
    }
    for values in packaged("fresh_portal.json")[entity]:
        number = int(values["ID"]) if "ID" in values else table.new_id()
        table.last_id = max(table.last_id, number)
        row = {**dict.fromkeys(table.schema.plain, empty), **defaults, **values}
        table.put(number, {**row, "ID": str(number)})


@functools.cache
def layout() -> str:
    """Which fields the rows have, as a digest."""
    fields = {name: entity.schema.plain for name, entity in ENTITIES.items()}
    return hashlib.sha256(orjson.dumps(fields)).hexdigest()[:12]


def taken(portal: "Portal") -> bytes:
    return orjson.dumps(whole(rest(portal), shelves(portal)), default=dict)


def shelves(portal: "Portal") -> dict[str, Shelf]:
    """Rows, queued records and tokens: what there may be much of."""
    tables = {f"tables/{name}/rows": table.rows for name, table in portal.tables.items()}
    tokens = {f"access/{name}": getattr(portal.access, name) for name in TOKENS}
    return {**tables, "offline/entries": portal.offline.entries, **tokens}


def rest(portal: "Portal") -> dict[str, Any]:  # Any: JSON
    """All else, with empty places for the shelves."""
    return {
        "tables": {
            name: {"last_id": table.last_id, "rows": []} for name, table in portal.tables.items()
        },
        "links": portal.links.dump(),
        "bindings": {name: links.dump() for name, links in portal.bindings.items()},
        "offline": portal.offline.dump(),
        "online": portal.online.dump(),
        "pull": portal.pull.dump(),
        "access": portal.access.dump(),
        "webhook": portal.webhook.secret,
        "tariff": asdict(portal.tariff),
        "block": portal.block,
        "levels": portal.bucket.levels,
        "operating": portal.operating.dump(),
        "last_value_id": portal.last_value_id,
        "chances": {name: getattr(portal.chances, name).getstate() for name in STREAMS},
    }


def put_back(portal: "Portal", snapshot: bytes) -> None:
    """Read the whole snapshot first, so that a spoilt one changes nothing."""
    try:
        parts = _read(orjson.loads(snapshot))
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise SeedUnusable(f"No snapshot of a portal: {error!r}. Take a new one.") from error
    streams, deliveries = parts.pop("chances"), parts.pop("online")
    pull_server = parts.pop("pull")
    for name, part in parts.items():
        setattr(portal, name, part)
    stages.forget(portal)
    for name, stream in streams.items():
        setattr(portal.chances, name, stream)
    online.start(portal, deliveries)
    pull.start(portal, pull_server)


def _read(state: dict[str, Any]) -> dict[str, Any]:  # Any: JSON in, parts of the portal out
    access = Access.loaded(state["access"])
    tables = {
        name: Table.loaded(entity.schema, state["tables"][name])
        for name, entity in ENTITIES.items()
    }
    for entity in smart_processes.all_of(tables):
        tables[entity.name] = Table.loaded(entity.schema, state["tables"][entity.name])
        user_fields.refit(tables, entity)
    user_fields.refit_all(tables)
    return {
        "tables": tables,
        "links": Links.loaded(state["links"]),
        "bindings": {name: Links.loaded(kept) for name, kept in state["bindings"].items()},
        "offline": OfflineQueue.loaded(state["offline"]),
        "online": Online.loaded(state["online"]),
        "pull": PullServer.loaded(state["pull"]),
        "access": access,
        "webhook": access.webhooks[state["webhook"]],
        "tariff": Tariff(**state["tariff"]),
        "block": Block(state["block"]),
        "bucket": Bucket({peer: (level, at) for peer, (level, at) in state["levels"].items()}),
        "operating": OperatingAccount.loaded(state["operating"]),
        "last_value_id": state["last_value_id"],
        "chances": {name: _stream(*state["chances"][name]) for name in STREAMS},
    }


def _stream(version: int, numbers: list[int], gauss: float | None) -> random.Random:
    stream = random.Random()
    stream.setstate((version, tuple(numbers), gauss))
    return stream
