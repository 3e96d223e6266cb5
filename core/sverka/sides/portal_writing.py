"""Writing cards to the portal: card and requisite of one client ride in one batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sverka.asks import Flow
from sverka.decide.fields import settled
from sverka.decide.own_part import OWN
from sverka.decide.steps import Outcome, Step, pack
from sverka.entities.clients import KIND
from sverka.entities.declared import Entity
from sverka.entities.exchanged import ENTITIES
from sverka.records import ItemChanges, Record, Values, Written, split_key, typed_key
from sverka.settings import Settings
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import Batching
from sverka.sides.portal_requisites import (
    RequisiteCommands,
    card_key,
    kind_of,
    requisite_key,
    shape_of,
)
from sverka.wire import b24_cards
from sverka.wire.b24 import Command, Refusal, Reply, Result
from sverka.wire.b24_cards import Requisites

GONE = "is gone from the portal"


class PortalWriting:
    """Turns steps into batches and their answers into outcomes."""

    def __init__(self, settings: Settings, presets: Requisites, connector: str) -> None:
        self._clients = settings.clients
        self._originator = settings.portal.originator
        # Marks a write as our own, so that the portal does not report it back to us.
        self._mark = {"auth_connector": connector} if connector else {}
        self._requisites = RequisiteCommands(self._clients, presets, self._mark)

    def write(self, calls: Batching, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        commands = {id(step): self._commands(number, step) for number, step in enumerate(steps)}
        groups = pack(steps, lambda step: len(commands[id(step)]), calls.batch)
        batches = [_merged(commands[id(step)] for step in group) for group in groups]
        answers = yield from calls.send_batches(batches, safe=False)
        answer_of = {
            id(step): answer
            for group, answer in zip(groups, answers, strict=True)
            for step in group
        }
        outcomes = [
            self._outcome(number, step, answer_of[id(step)]) for number, step in enumerate(steps)
        ]
        return (yield from self._retired(calls, outcomes))

    def _retired(self, calls: Batching, outcomes: Sequence[Outcome]) -> Flow[list[Outcome]]:
        """Requisites in whose place another one stands are put out of force, and not before."""
        former = {
            f"o{number}": (outcome, outcome.step.target.parts["requisite"])
            for number, outcome in enumerate(outcomes)
            if outcome.step.target and KIND in outcome.went
        }
        commands = {
            key: self._requisites.out_of_force(b24_id) for key, (_, b24_id) in former.items()
        }
        for at in range(0, len(commands), calls.batch):
            batch = dict(list(commands.items())[at : at + calls.batch])
            (replies,) = yield from calls.send_batches([batch], safe=False)
            for key in batch:
                reply = replies if isinstance(replies, Doubt) else replies[key]
                if not isinstance(reply, Result):
                    outcome, b24_id = former.pop(key)
                    told = reply.reason if isinstance(reply, Doubt) else str(reply)
                    why = f"requisite {b24_id} is still in force beside the new one: {told}"
                    outcomes = [
                        replace(one, reason=why) if one is outcome else one for one in outcomes
                    ]
        return list(outcomes)

    def _commands(self, number: int, step: Step) -> dict[str, Command]:
        commands: dict[str, Command] = {}
        if card := self._card(step):
            commands[card_key(number)] = card
        if requisite := self._requisites.main(number, step):
            commands[requisite_key(number)] = requisite
        if step.target and (former := step.target.parts.get("former")):
            commands[f"f{number}"] = self._requisites.out_of_force(former)
        for name, address in self._requisites.addresses(number, step):
            commands[_address_key(number, name)] = address
        if step.target and _changes_by_id(step):
            # A person may have removed the very value: the portal then changes nothing,
            # and says nothing.
            commands[_look_key(number)] = Command(
                f"crm.{shape_of(step, self._clients)}.get", {"id": split_key(step.target.key)[1]}
            )
        return commands

    def _card(self, step: Step) -> Command | None:
        shape = shape_of(step, self._clients)
        fields = b24_cards.encode_card(_entity(step), shape, step.written, step.refs)
        if self._stamps(step):
            fields |= {"ORIGINATOR_ID": self._originator, "ORIGIN_ID": step.external}
        if step.target is None:
            return Command(f"crm.{shape}.add", {"fields": fields, **self._mark})
        if not fields:
            return None
        b24_id = split_key(step.target.key)[1]
        return Command(f"crm.{shape}.update", {"id": b24_id, "fields": fields, **self._mark})

    def _outcome(self, number: int, step: Step, answers: Mapping[str, Reply] | Doubt) -> Outcome:
        if isinstance(answers, Doubt):
            return Outcome(step=step, reason=answers.reason, doubtful=True)
        card = answers.get(card_key(number))
        if isinstance(card, Refusal):
            replies = {name: self._reply_to(name, number, step, answers) for name in step.written}
            went = {} if step.creates else _only(step, replies)
            return Outcome(
                step=step,
                key=step.target.key if step.target else "",
                settled=settled(_left(step, went), went),
                went=frozenset(went),
                reason=f"{card}",
                doubtful=card.throttled,
                again_s=_again_s(card, *replies.values()),
            )
        key = (
            step.target.key if step.target else typed_key(shape_of(step, self._clients), _id(card))
        )
        vanished = _vanished(step, answers.get(_look_key(number)))
        replies = {name: self._reply_to(name, number, step, answers) for name in step.written}
        went = {n: v for n, v in _only(step, replies).items() if n not in vanished}
        reasons = [self._requisite_reason(step, answers.get(requisite_key(number)), went)]
        reasons += [
            f"{name}: {replies[name]}"
            for name in b24_cards.addresses_of(step.written)
            if isinstance(replies[name], Refusal)
        ]
        look = answers.get(_look_key(number))
        unseen = f"was not looked at: {look}" if isinstance(look, Refusal) else GONE
        reasons += [f"{name}: the value to be changed {unseen}" for name in vanished]
        return Outcome(
            step=step,
            key=key,
            settled=settled(_left(step, went), went),
            went=frozenset(went),
            reason="; ".join(reason for reason in reasons if reason),
            doubtful=any(isinstance(r, Refusal) and r.throttled for r in replies.values()),
            again_s=_again_s(*replies.values()),
        )

    def _reply_to(
        self, name: str, number: int, step: Step, answers: Mapping[str, Reply]
    ) -> Reply | None:
        """The answer to the command that carried a field; None if none did."""
        if name in b24_cards.addresses_of(step.written):
            return answers.get(_address_key(number, name))
        if self._requisites.carries(name, step):
            return answers.get(requisite_key(number))
        return answers.get(card_key(number))

    def _requisite_reason(self, step: Step, requisite: Reply | None, went: Written) -> str:
        if isinstance(requisite, Refusal):
            return f"requisites of {step.source.values.get('name')}: {requisite}"
        addresses = b24_cards.addresses_of(step.written)
        left = [
            name
            for name, value in step.written.items()
            if name not in went
            and value
            and (name in addresses or self._requisites.carries(name, step))
        ]
        if left and not self._requisites.preset_id(step):
            return (
                f"requisites of {step.source.values.get('name')}: no preset for "
                f"{kind_of(step)}. Name one in clients.presets and resend."
            )
        return ""

    def _stamps(self, step: Step) -> bool:
        return step.target is None or needs_mark(step.target, step.external)


def needs_mark(target: Record, external: str) -> bool:
    """The portal's record should bear our GUID; another system's mark is left alone."""
    return target.external != external and not target.foreign_origin


def needs_tidying(target: Record) -> bool:
    """Of several requisites ours is to be known again, and one is to be in force."""
    return "unmarked" in target.parts or "former" in target.parts


def _entity(step: Step) -> Entity:
    return ENTITIES[step.entity]


def _merged(groups: Iterable[dict[str, Command]]) -> dict[str, Command]:
    return {key: command for commands in groups for key, command in commands.items()}


def _changes_by_id(step: Step) -> dict[str, ItemChanges]:
    """Fields of which single values are changed by their ids."""
    return {
        name: value
        for name, value in step.written.items()
        if isinstance(value, ItemChanges) and value.changed
    }


def _again_s(*replies: Reply | None) -> float:
    """When methods that are out of time may be called again; 0 if none of these is."""
    return max((reply.until_s for reply in replies if isinstance(reply, Refusal)), default=0.0)


def _vanished(step: Step, look: Reply | None) -> list[str]:
    """Fields of which a value should have been changed and is not there, as far as is known."""
    if isinstance(look, Refusal):
        return list(_changes_by_id(step))
    if look is None:
        return []
    shown = {name: b24_cards.decode_items(name, look.value) for name in _changes_by_id(step)}
    return [
        name
        for name, changes in _changes_by_id(step).items()
        if any(new not in shown[name] for _, new in changes.changed)
    ]


def _only(step: Step, replies: Mapping[str, Reply | None]) -> Written:
    """What of the step really went."""
    return {
        name: value
        for name, value in step.written.items()
        # An empty value needs no requisite: there is nothing to keep.
        if isinstance(replies[name], Result)
        or (replies[name] is None and not value and step.creates)
    }


def _left(step: Step, went: Written) -> Values:
    """What the target shows besides: what hung on a former requisite is not in force any more."""
    if step.target is None:
        return {}
    shown, homes = step.target.values, {**step.target.homes, OWN: "card"}
    return {n: v for n, v in shown.items() if KIND not in went or homes.get(n) == "card"}


def _address_key(number: int, name: str) -> str:
    return f"a{number}{name}"


def _look_key(number: int) -> str:
    return f"v{number}"


def _id(card: Reply | None) -> str:
    assert isinstance(card, Result), "a created card has an id"
    return str(card.value)
