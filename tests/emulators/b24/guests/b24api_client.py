"""Does one deed with b24api, told in JSON, and prints what came of it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from b24api import (
    Bitrix24,
    IdentityCoercion,
    IdentitySpec,
    OffsetSpec,
    ReplaySafety,
    Request,
    ResultSelector,
    RouteKind,
)
from b24api.contracts import Command, TotalTermination
from b24api.errors import B24ApiError


def request(method: str, params: dict[str, Any] | None = None) -> Request:
    return Request(method, params or {}, ReplaySafety.SAFE, route=RouteKind.BARE)


async def call(client: Bitrix24, *asked: Any) -> Any:
    try:
        response = await client.call_response(request(*asked))
    except B24ApiError as error:
        return {"error": type(error).__name__, "text": str(error)}
    return {"result": response.result, "total": response.total, "next": response.next}


async def listed(client: Bitrix24, way: str, key: str, path: list[str], *asked: Any) -> Any:
    options: dict[str, Any] = {
        "selector": ResultSelector(tuple(path)),
        "identity": IdentitySpec(
            item_path=(key,),
            filter_key=key,
            order_key=key,
            coercion=IdentityCoercion.EXACT_INTEGER
            if key == "id"
            else IdentityCoercion.DECIMAL_STRING_INTEGER,
        ),
    }
    if way == "verify_keyset_capability":
        return repr(await client.verify_keyset_capability(request(*asked), **options))
    if way == "iter_list":
        # By default it asks on from the number of rows that came, which is the last page once more.
        options["offset"] = OffsetSpec(total_termination=TotalTermination.EXACT_QUALIFIED)
    stream = getattr(client, way)(request(*asked), **options)
    async with stream:
        rows = [row async for row in stream]
    return {"rows": rows, "state": str(stream.report.state), "report": repr(stream.report)}


async def batch(client: Bitrix24, *asked: Any) -> Any:
    async def commands() -> AsyncIterator[Command[int]]:
        for number, one in enumerate(asked):
            yield Command(request(*one), correlation=number)

    outcomes = []
    async with client.batch_outcomes(commands()) as stream:
        async for outcome in stream:
            said = getattr(outcome, "response", None)
            outcomes.append(
                [
                    type(outcome).__name__,
                    outcome.correlation,
                    said.result if said else str(getattr(outcome, "error", "")),
                ]
            )
    return outcomes


DEEDS = {"call": call, "list": listed, "batch": batch}


async def main() -> None:
    told = json.load(sys.stdin)
    async with Bitrix24.from_webhook(told["webhook"]) as client:
        print(json.dumps(await DEEDS[told["deed"]](client, *told["asked"])))


asyncio.run(main())
