"""Deleting records from the portal, with all that hangs on them."""

from collections.abc import Sequence

from sverka.asks import Flow
from sverka.records import split_key
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import Batching
from sverka.wire.b24 import Command, Result
from sverka.wire.b24_accounts import DETAIL, FAMILY


def delete(
    calls: Batching, keys: Sequence[str], connector: str, batch_size: int
) -> Flow[dict[str, str]]:
    """Why one was not deleted, by key.

    Args:
        connector: Marks the writes as our own, so that the portal does not report them back.
    """
    mark = {"auth_connector": connector} if connector else {}
    commands = {key: _command(key, mark) for key in keys}
    groups = [keys[at : at + batch_size] for at in range(0, len(keys), batch_size)]
    batches = [{key: commands[key] for key in group} for group in groups]
    answers = yield from calls.send_batches(batches, safe=False)
    failed: dict[str, str] = {}
    for group, answer in zip(groups, answers, strict=True):
        if isinstance(answer, Doubt):
            failed |= dict.fromkeys(group, answer.reason)
        else:
            failed |= {k: f"{answer[k]}" for k in group if not isinstance(answer[k], Result)}
    return failed


def _command(key: str, mark: dict[str, str]) -> Command:
    shape, b24_id = split_key(key)
    family = FAMILY if shape == DETAIL else f"crm.{shape}"
    return Command(f"{family}.delete", {"id": b24_id, **mark})
