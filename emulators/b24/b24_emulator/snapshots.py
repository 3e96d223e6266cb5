"""The whole state of a portal as JSON, out and in; and the rows of a fresh one."""

from typing import TYPE_CHECKING

import orjson

from b24_emulator.access import Access
from b24_emulator.entities import ENTITIES
from b24_emulator.links import Links
from b24_emulator.offline import OfflineQueue
from b24_emulator.refusals import SeedUnusable
from b24_emulator.rules.limits import Bucket, OperatingAccount
from b24_emulator.schema import packaged
from b24_emulator.table import Table

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

STREAMS = ("secrets", "pace", "trouble")


def furnish(table: Table, entity: str) -> None:
    """Enter the rows that `fresh_portal.json` has for one entity."""
    empty = "" if entity == "user" else None
    defaults = {
        name: value for name, value in table.schema.defaults.items() if not isinstance(value, dict)
    }
    for values in packaged("fresh_portal.json")[entity]:
        number = table.new_id()
        row = {**dict.fromkeys(table.schema.plain, empty), **defaults, **values}
        table.put(number, {**row, "ID": str(number)})


def taken(portal: "Portal") -> bytes:
    streams = {name: getattr(portal.chances, name).getstate() for name in STREAMS}
    return orjson.dumps(
        {
            "tables": {name: table.dump() for name, table in portal.tables.items()},
            "links": portal.links.dump(),
            "offline": portal.offline.dump(),
            "access": portal.access.dump(),
            "webhook": portal.webhook.secret,
            "levels": portal.bucket.levels,
            "operating": portal.operating.dump(),
            "last_value_id": portal.last_value_id,
            "chances": streams,
        }
    )


def put_back(portal: "Portal", snapshot: bytes) -> None:
    try:
        state = orjson.loads(snapshot)
        tables = {
            name: Table.loaded(entity.schema, state["tables"][name])
            for name, entity in ENTITIES.items()
        }
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise SeedUnusable(f"No snapshot of a portal: {error!r}. Take a new one.") from error
    portal.tables = tables
    portal.links = Links.loaded(state["links"])
    portal.offline = OfflineQueue.loaded(state["offline"])
    portal.access = Access.loaded(state["access"])
    portal.webhook = portal.access.webhooks[state["webhook"]]
    portal.bucket = Bucket({peer: (level, at) for peer, (level, at) in state["levels"].items()})
    portal.operating = OperatingAccount.loaded(state["operating"])
    portal.last_value_id = state["last_value_id"]
    portal.first_statuses = {}
    for name, (version, numbers, gauss) in state["chances"].items():
        getattr(portal.chances, name).setstate((version, tuple(numbers), gauss))
