"""Writing further requisites of the portal's clients, each with its addresses in one batch."""

from collections.abc import Iterator, Mapping, Sequence

from sverka.asks import Flow
from sverka.decide.fields import settled
from sverka.decide.steps import Outcome, Step, pack
from sverka.entities.counterparties import COUNTERPARTY
from sverka.records import split_key, typed_key
from sverka.settings import ClientSettings
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import Batching
from sverka.wire.b24 import Command, Json, Refusal, Reply, Result
from sverka.wire.b24_cards import (
    REQUISITE,
    Requisites,
    addresses_of,
    encode_address,
    encode_requisite,
)
from sverka.wire.b24_requisites import owner_fields

STAYS = "a requisite cannot go over to another client"


class PortalRequisites:
    """Turns steps about further counterparties into batches, and answers into outcomes."""

    def __init__(self, settings: ClientSettings, presets: Requisites, connector: str) -> None:
        self._clients = settings
        self._presets = presets
        self._mark = {"auth_connector": connector} if connector else {}

    def write(self, calls: Batching, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        commands = {id(step): self._commands(number, step) for number, step in enumerate(steps)}
        groups = pack(steps, lambda step: len(commands[id(step)]), calls.batch)
        batches = [
            {name: command for step in group for name, command in commands[id(step)].items()}
            for group in groups
        ]
        answers = yield from calls.send_batches(batches, safe=False)
        answer_of = {
            id(step): answer
            for group, answer in zip(groups, answers, strict=True)
            for step in group
        }
        return [
            self._outcome(number, step, answer_of[id(step)]) for number, step in enumerate(steps)
        ]

    def _commands(self, number: int, step: Step) -> dict[str, Command]:
        commands = {f"r{number}": command for command in self._requisite(step)}
        return commands | {f"a{number}{n}": c for n, c in self._addresses(number, step)}

    def _requisite(self, step: Step) -> Iterator[Command]:
        fields = encode_requisite(step.source.kind, step.written, COUNTERPARTY)
        own = {**fields, "XML_ID": step.external}
        if step.target:
            b24_id = split_key(step.target.key)[1]
            yield Command("crm.requisite.update", {"id": b24_id, "fields": own, **self._mark})
        elif preset := self._preset_id(step):
            own |= {
                **owner_fields(step.refs["owner"]),
                "PRESET_ID": preset,
                "NAME": str(step.source.values.get("name") or "1C"),
            }
            yield Command("crm.requisite.add", {"fields": own, **self._mark})

    def _addresses(self, number: int, step: Step) -> Iterator[tuple[str, Command]]:
        parts = step.target.parts if step.target else {}
        owner = split_key(step.target.key)[1] if step.target else f"$result[r{number}]"
        for name, line in addresses_of(step.written).items():
            fields = {**encode_address(name, line), "ENTITY_ID": owner}
            stands = f"address{fields['TYPE_ID']}" in parts
            verb = ("update" if line else "delete") if stands else ("add" if line else "")
            if verb and (step.target or self._preset_id(step)):
                yield name, Command(f"crm.address.{verb}", {"fields": fields, **self._mark})

    def _outcome(self, number: int, step: Step, answers: Mapping[str, Reply] | Doubt) -> Outcome:
        key = step.target.key if step.target else ""
        now = step.target.values if step.target else {}
        if isinstance(answers, Doubt):
            return Outcome(step=step, key=key, settled=now, reason=answers.reason, doubtful=True)
        if step.creates and not self._preset_id(step):
            reason = f"no preset for {step.source.kind}. Name one in clients.presets and resend."
            return Outcome(step=step, reason=reason)
        card = answers.get(f"r{number}")
        replies = {name: answers.get(f"a{number}{name}", card) for name in step.written}
        went = {n: v for n, v in step.written.items() if isinstance(replies[n], Result)}
        refusals = [one for one in (card, *replies.values()) if isinstance(one, Refusal)]
        reasons = [str(refusal) for refusal in refusals]
        if step.target and "owner" in went:
            del went["owner"]
            reasons.append(STAYS)
        made = isinstance(card, Result) and step.creates
        return Outcome(
            step=step,
            key=typed_key(REQUISITE, _value(card)) if made else key,
            settled=settled(now, went),
            went=frozenset(went),
            reason="; ".join(dict.fromkeys(reasons)),
            doubtful=any(refusal.throttled for refusal in refusals),
            again_s=max((refusal.until_s for refusal in refusals), default=0.0),
        )

    def _preset_id(self, step: Step) -> str:
        return self._presets.preset_id(self._clients.presets.get(step.source.kind, ""))


def _value(reply: Reply | None) -> Json:
    assert isinstance(reply, Result), "what was made has an ID"
    return reply.value
