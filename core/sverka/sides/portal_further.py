"""Writing further requisites of the portal's clients, each with its addresses in one batch."""

from collections.abc import Mapping, Sequence

from sverka.asks import Flow
from sverka.decide.fields import settled
from sverka.decide.steps import Outcome, Step, pack
from sverka.records import typed_key
from sverka.settings import ClientSettings
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import Batching
from sverka.sides.portal_requisites import RequisiteCommands, kind_of, requisite_key
from sverka.wire.b24 import Command, Refusal, Reply, Result
from sverka.wire.b24_cards import REQUISITE, Requisites

STAYS = "a requisite cannot go over to another client"


class FurtherRequisites:
    """Turns steps about further counterparties into batches, and answers into outcomes."""

    def __init__(self, settings: ClientSettings, presets: Requisites, connector: str) -> None:
        mark = {"auth_connector": connector} if connector else {}
        self._requisites = RequisiteCommands(settings, presets, mark)

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
        commands: dict[str, Command] = {}
        if main := self._requisites.main(number, step):
            commands[requisite_key(number)] = main
        for name, address in self._requisites.addresses(number, step):
            commands[f"a{number}{name}"] = address
        return commands

    def _outcome(self, number: int, step: Step, answers: Mapping[str, Reply] | Doubt) -> Outcome:
        key = step.target.key if step.target else ""
        now = step.target.values if step.target else {}
        if isinstance(answers, Doubt):
            return Outcome(step=step, key=key, settled=now, reason=answers.reason, doubtful=True)
        if step.creates and not self._requisites.preset_id(step):
            reason = f"no preset for {kind_of(step)}. Name one in clients.presets and resend."
            return Outcome(step=step, reason=reason)
        main = answers.get(requisite_key(number))
        replies = {name: answers.get(f"a{number}{name}", main) for name in step.written}
        went = {n: v for n, v in step.written.items() if isinstance(replies[n], Result)}
        refusals = [one for one in (main, *replies.values()) if isinstance(one, Refusal)]
        reasons = [str(refusal) for refusal in refusals]
        if step.target and "owner" in step.written:
            went.pop("owner", None)
            reasons.append(STAYS)
        made = isinstance(main, Result) and step.creates
        return Outcome(
            step=step,
            key=typed_key(REQUISITE, _id(main)) if made else key,
            settled=settled(now, went),
            went=frozenset(went),
            reason="; ".join(dict.fromkeys(reasons)),
            doubtful=any(refusal.throttled for refusal in refusals),
            again_s=max((refusal.until_s for refusal in refusals), default=0.0),
        )


def _id(reply: Reply | None) -> str:
    assert isinstance(reply, Result), "what was made has an ID"
    return str(reply.value)
