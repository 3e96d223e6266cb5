"""Writing to the infobase: the card first, then the details that hang on it."""

from collections.abc import Mapping, Sequence
from itertools import chain

from sverka.asks import Flow, Request, now
from sverka.decide.own_part import OWN
from sverka.decide.steps import Outcome, Step
from sverka.entities.clients import CLIENT, KIND
from sverka.entities.layouts import Place
from sverka.records import Value, typed_key
from sverka.sides.delivery import Doubt
from sverka.sides.infobase_calls import Answer, InfobaseCalls
from sverka.sides.infobase_joins import Named
from sverka.wire import odata, odata_records
from sverka.wire.odata import Json, OdataError
from sverka.wire.odata_records import Dialect

Answers = dict[Place, list[Answer]]


class InfobaseWriting:
    """Turns steps about one entity into calls and their answers into outcomes."""

    def __init__(self, calls: InfobaseCalls, dialect: Dialect, group: str) -> None:
        self._calls = calls
        self._dialect = dialect
        self._places = dialect.layout.places
        self._group = group
        self._named = Named(calls, dialect.layout.joins)

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        card = self._dialect.layout.card
        if self._dialect.layout.joins:
            yield from self._named.find([self._properties(card, step) for step in steps])
        answers: dict[int, Answers] = {id(step): self._refused(card, step) for step in steps}
        moment_s = yield from now()
        for place in self._places:
            waiting = [
                (step, self._requests(place, step, moment_s))
                for step in steps
                if _all_good(answers[id(step)])
            ]
            # A bond is ended once the one that follows it is there: else nobody would be bound.
            while waiting := [
                (step, requests)
                for step, requests in waiting
                if requests and _all_good(answers[id(step)])
            ]:
                replies = yield from self._calls.send([requests.pop(0) for _, requests in waiting])
                for (step, _), reply in zip(waiting, replies, strict=True):
                    answers[id(step)].setdefault(place, []).append(reply)
        return [self._outcome(step, answers[id(step)]) for step in steps]

    def _refused(self, card: Place, step: Step) -> Answers:
        """What needs no asking: it names a record that is not there."""
        missing = self._named.missing(self._properties(card, step))
        return {card: [OdataError(0, "", missing)]} if missing else {}

    def _properties(self, place: Place, step: Step) -> dict[str, Json]:
        return odata_records.encode_place(
            place,
            step.written,
            kind=_kind(place, step),
            dialect=self._dialect,
            present=step.target,
        )

    def _requests(self, place: Place, step: Step, moment_s: float) -> list[Request]:
        if place.ended:
            rows = odata_records.encode_bonds(
                place,
                step.written,
                guid=step.external,
                dialect=self._dialect,
                present=step.target,
                moment_s=moment_s,
            )
            return [self._calls.write("POST", place.set_name, row) for row in rows]
        properties, _ = self._named.put_into(self._properties(place, step))
        present = step.target.parts.get(place.set_name) if step.target else None
        if present:
            path = odata.entity_path(place.set_name, present)
            return [self._calls.write("PATCH", path, properties)] if properties else []
        new = odata_records.new_record(place, step.source.kind)
        if not place.owner:
            own = {"Ref_Key": step.external, **self._called(step), **new, **self._in_group()}
        elif any(properties.values()):
            name = step.written.get("name") or step.source.values.get("name", "")
            own = {place.owner: step.external, "Description": name, **new}
        else:
            return []
        return [self._calls.write("POST", place.set_name, {**own, **properties})]

    def _called(self, step: Step) -> dict[str, str]:
        words = [str(step.written.get(name) or "") for name in self._dialect.layout.called]
        return {"Description": ", ".join(filter(None, words))} if words else {}

    def _in_group(self) -> dict[str, str]:
        """Where a new client is put; other records have no such folder."""
        is_client = self._dialect.entity is CLIENT
        return {"Parent_Key": self._group} if self._group and is_client else {}

    def _outcome(self, step: Step, answers: Answers) -> Outcome:
        key = step.target.key if step.target else ""
        went: set[str] = set()
        shown: dict[str, Value] = {}
        failures: list[OdataError | Doubt] = []
        for place in self._places:
            mine = answers.get(place, [])
            failures += [answer for answer in mine if isinstance(answer, OdataError | Doubt)]
            if not failures:
                went |= step.written.keys() & place.fields
                shown |= self._shown(place, step, mine)
                if not place.owner:
                    key = key or typed_key(step.entity, step.external)
        if step.target:
            # What 1C shows beside our values may be a person's newer edit.
            shown = {**step.target.values, **{name: shown[name] for name in went & shown.keys()}}
        shown |= self._own_part(step, answers)
        return Outcome(
            step=step,
            key=key,
            settled=shown,
            went=frozenset(went),
            reason="; ".join(_reason(failure) for failure in failures),
            doubtful=any(_doubtful(step, failure) for failure in failures),
        )

    def _own_part(self, step: Step, answers: Answers) -> dict[str, Value]:
        """The first counterparty of a partner is his own."""
        details, parts = self._dialect.layout.details, self._dialect.parts
        if not (details and parts) or (step.target and details.set_name in step.target.parts):
            return {}
        made = next(iter(answers.get(details, [])), None)
        own = isinstance(made, Mapping) and str(made["Ref_Key"]).lower()
        return {OWN: typed_key(parts, own)} if own else {}

    def _shown(self, place: Place, step: Step, answers: Sequence[Answer]) -> Mapping[str, Value]:
        """What 1C made of our values: of several rows the first is in force."""
        if not answers or isinstance(answers[0], OdataError | Doubt):
            return {}
        _, seen = self._named.put_into(self._properties(place, step))
        row = {**answers[0], **seen}
        kind = odata_records.kind_of({place: row}) if KIND in step.written else _kind(place, step)
        return odata_records.decode_place(place, row, kind, self._dialect)


def _kind(place: Place, step: Step) -> str:
    """What is made anew in this set is what the source is, and so is who becomes one."""
    if isinstance(new := step.written.get(KIND), str):
        return new
    present = step.target and place.set_name in step.target.parts
    return step.target.kind if step.target and present else step.source.kind


def _all_good(answers: Answers) -> bool:
    return not any(isinstance(one, OdataError | Doubt) for one in chain(*answers.values()))


def _reason(failure: OdataError | Doubt) -> str:
    return failure.reason if isinstance(failure, Doubt) else str(failure)


def _doubtful(step: Step, failure: OdataError | Doubt) -> bool:
    # A record that exists already: an earlier try of ours arrived after all.
    return isinstance(failure, Doubt) or (
        failure.passing or (step.creates and failure.code == odata.KEY_EXISTS)
    )
