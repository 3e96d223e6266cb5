"""Bank details of the portal: they hang on a requisite, and through it belong to a client."""

from collections.abc import Iterator, Mapping, Sequence

from sverka.asks import Flow
from sverka.decide.fields import settled
from sverka.decide.steps import Outcome, Step
from sverka.records import Record, split_key, typed_key
from sverka.settings import Shape
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import Batching
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.portal_lists import Row, rows_of, rows_or_refusal
from sverka.sides.portal_removing import delete
from sverka.sides.side import Unread
from sverka.wire.b24 import Command, Refusal, Reply, Result
from sverka.wire.b24_accounts import DETAIL, FAMILY, decode_account, encode_account
from sverka.wire.b24_cards import ENTITY_TYPES

PAIR = 2
"""Commands a new detail takes: the requisite is asked for, and the detail hung on it."""
OWN_FIRST = {"ACTIVE": "DESC", "XML_ID": "DESC", "ID": "ASC"}
"""One in force before others, and a marked one before those without a mark: the client's own."""
OLDEST_FIRST = {"ACTIVE": "DESC", "ID": "ASC"}
"""Where a client may have several requisites, all of them may be marked."""


def decoded(details: Sequence[Row], requisites: Sequence[Row]) -> Iterator[Record]:
    by_id = {str(row["ID"]): row for row in requisites}
    for row in details:
        requisite = by_id.get(str(row["ENTITY_ID"]))
        if requisite and (record := decode_account(row, requisite)):
            yield record


class PortalAccounts:
    """Reads and writes the bank details of one portal."""

    def __init__(self, calls: PortalCalls, connector: str, *, several: bool) -> None:
        self._calls = calls
        self._order = OLDEST_FIRST if several else OWN_FIRST
        self._connector = connector
        self._mark = {"auth_connector": connector} if connector else {}

    def read(self, ids: Sequence[str]) -> Flow[dict[str, Record | Unread]]:
        details = yield from rows_or_refusal(self._calls, f"{FAMILY}.list", {"@ID": list(ids)})
        if isinstance(details, Refusal):
            return _unread(ids, f"{FAMILY}.list", details)
        owners = list(dict.fromkeys(str(row["ENTITY_ID"]) for row in details))
        requisites = yield from rows_or_refusal(self._calls, "crm.requisite.list", {"@ID": owners})
        if isinstance(requisites, Refusal):
            return _unread(ids, "crm.requisite.list", requisites)
        return {record.key: record for record in decoded(details, requisites)}

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        rows = yield from rows_of(self._calls, f"{FAMILY}.list", {"@XML_ID": list(externals)})
        return {str(row["XML_ID"]).lower(): typed_key(DETAIL, row["ID"]) for row in rows}

    def write(self, calls: Batching, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        """A detail cannot go over to another requisite: a new one is hung there, the old one goes.

        After a doubt the new one may hang there already; its mark tells.
        """
        moves = [step for step in steps if _moves(step)]
        hung = (yield from self.find([step.external for step in moves])) if moves else {}
        done = [_moved(step, key) for step in moves if (key := hung.get(step.external, _old(step)))]
        outcomes = {id(one.step): one for one in done if one.key != _old(one.step)}
        left = [step for step in steps if id(step) not in outcomes]
        outcomes |= {id(one.step): one for one in (yield from self._write(calls, left))}
        gone = [_old(step) for step in moves if outcomes[id(step)].key not in {"", _old(step)}]
        if gone:
            yield from delete(calls, gone, self._connector, calls.batch)
        return [outcomes[id(step)] for step in steps]

    def _write(self, calls: Batching, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        size = max(calls.batch // PAIR, 1)
        groups = [steps[at : at + size] for at in range(0, len(steps), size)]
        batches = [self._commands(group) for group in groups]
        answers = yield from calls.send_batches(batches, safe=False)
        return [
            _outcome(number, step, answer)
            for group, answer in zip(groups, answers, strict=True)
            for number, step in enumerate(group)
        ]

    def _commands(self, steps: Sequence[Step]) -> dict[str, Command]:
        commands: dict[str, Command] = {}
        for number, step in enumerate(steps):
            now = step.target.values if step.target and _moves(step) else {}
            values = {**now, **step.written}
            fields = {**encode_account(values), "XML_ID": step.external}
            if step.target and not _moves(step):
                params = {"id": split_key(step.target.key)[1], "fields": fields, **self._mark}
                commands[f"d{number}"] = Command(f"{FAMILY}.update", params)
                continue
            shape, owner = split_key(step.refs["owner"])
            of_owner = {"ENTITY_TYPE_ID": ENTITY_TYPES[Shape(shape)], "ENTITY_ID": owner}
            commands[f"r{number}"] = Command(
                "crm.requisite.list", {"filter": of_owner, "order": self._order, "start": -1}
            )
            fields |= {
                "ENTITY_ID": f"$result[r{number}][0][ID]",
                "NAME": str(values.get("bank") or values["number"]),
            }
            commands[f"d{number}"] = Command(f"{FAMILY}.add", {"fields": fields, **self._mark})
        return commands


def _unread(ids: Sequence[str], method: str, refusal: Refusal) -> dict[str, Record | Unread]:
    unread = Unread(f"{method}: {refusal}", refusal.until_s)
    return {typed_key(DETAIL, b24_id): unread for b24_id in ids}


def _outcome(number: int, step: Step, answers: Mapping[str, Reply] | Doubt) -> Outcome:
    key = step.target.key if step.target else ""
    now = step.target.values if step.target else {}
    if isinstance(answers, Doubt):
        return Outcome(step=step, key=key, settled=now, reason=answers.reason, doubtful=True)
    reply, asked = answers.get(f"d{number}"), answers.get(f"r{number}")
    if isinstance(asked, Result) and not asked.value:
        return Outcome(step=step, reason="its client has no requisite on the portal to hang it on")
    if not isinstance(reply, Result):
        doubtful = isinstance(reply, Refusal) and reply.throttled
        again_s = reply.until_s if isinstance(reply, Refusal) else 0.0
        reason = f"{reply}"
        return Outcome(
            step=step, key=key, settled=now, reason=reason, doubtful=doubtful, again_s=again_s
        )
    made = step.creates or _moves(step)
    return _moved(step, typed_key(DETAIL, reply.value) if made else key)


def _moves(step: Step) -> bool:
    """It is to hang on another client's requisite."""
    return step.target is not None and "owner" in step.written


def _old(step: Step) -> str:
    return step.target.key if step.target else ""


def _moved(step: Step, key: str) -> Outcome:
    """All went, and stands under this key."""
    now = step.target.values if step.target else {}
    settled_now = settled(now, step.written)
    return Outcome(step=step, key=key, settled=settled_now, went=frozenset(step.written))
