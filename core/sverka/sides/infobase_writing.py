"""Writing clients to the infobase: the card first, then the details that hang on it."""

from collections.abc import Mapping, Sequence

from sverka.asks import Flow, Request
from sverka.decide.steps import Outcome, Step
from sverka.entities.clients import CLIENT
from sverka.entities.configurations import Place
from sverka.records import Value, typed_key
from sverka.sides.delivery import Doubt
from sverka.sides.infobase_calls import Answer, InfobaseCalls
from sverka.wire import odata, odata_clients
from sverka.wire.odata import OdataError
from sverka.wire.odata_clients import Dialect

Answers = dict[Place, Answer]


class InfobaseWriting:
    """Turns steps into calls and their answers into outcomes."""

    def __init__(self, calls: InfobaseCalls, dialect: Dialect, group: str) -> None:
        self._calls = calls
        self._dialect = dialect
        self._group = group

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        answers: dict[int, Answers] = {id(step): {} for step in steps}
        for place in self._dialect.configuration.places:
            open_steps = [step for step in steps if all(map(_is_good, answers[id(step)].values()))]
            wanted = [(step, self._request(place, step)) for step in open_steps]
            sent = [(step, request) for step, request in wanted if request]
            replies = yield from self._calls.send([request for _, request in sent])
            for (step, _), reply in zip(sent, replies, strict=True):
                answers[id(step)][place] = reply
        return [self._outcome(step, answers[id(step)]) for step in steps]

    def _request(self, place: Place, step: Step) -> Request | None:
        kind = step.target.kind if step.target else step.source.kind
        properties = odata_clients.encode_place(
            place, step.written, kind=kind, dialect=self._dialect, present=step.target
        )
        present = step.target.parts.get(place.set_name) if step.target else None
        if present:
            path = odata.entity_path(place.set_name, present)
            return self._calls.write("PATCH", path, properties) if properties else None
        new = odata_clients.new_record(place, kind)
        if not place.owner:
            group = {"Parent_Key": self._group} if self._group else {}
            own = {"Ref_Key": step.external, **new, **group}
        elif any(properties.values()):
            name = step.written.get("name") or step.source.values.get("name", "")
            own = {place.owner: step.external, "Description": name, **new}
        else:
            return None
        return self._calls.write("POST", place.set_name, {**own, **properties})

    def _outcome(self, step: Step, answers: Answers) -> Outcome:
        key = step.target.key if step.target else ""
        went: set[str] = set()
        shown: dict[str, Value] = {}
        failures: list[OdataError | Doubt] = []
        for place in self._dialect.configuration.places:
            answer = answers.get(place)
            if isinstance(answer, OdataError | Doubt):
                failures.append(answer)
            elif not failures:
                went |= step.written.keys() & place.fields
                shown |= self._shown(place, step, answer)
                if not place.owner:
                    key = key or typed_key(CLIENT.name, step.external)
        if step.target:
            # What 1C shows beside our values may be a person's newer edit.
            shown = {**step.target.values, **{name: shown[name] for name in went & shown.keys()}}
        return Outcome(
            step=step,
            key=key,
            settled=shown,
            went=frozenset(went),
            reason="; ".join(_reason(failure) for failure in failures),
            doubtful=any(_doubtful(step, failure) for failure in failures),
        )

    def _shown(self, place: Place, step: Step, answer: Answer | None) -> Mapping[str, Value]:
        """What 1C made of our values."""
        if answer is None or isinstance(answer, OdataError | Doubt):
            return {}
        kind = step.target.kind if step.target else step.source.kind
        return odata_clients.decode_place(place, answer, kind, self._dialect)


def _is_good(answer: Answer) -> bool:
    return not isinstance(answer, OdataError | Doubt)


def _reason(failure: OdataError | Doubt) -> str:
    return failure.reason if isinstance(failure, Doubt) else str(failure)


def _doubtful(step: Step, failure: OdataError | Doubt) -> bool:
    # A record that exists already: an earlier try of ours arrived after all.
    return isinstance(failure, Doubt) or (
        failure.passing or (step.creates and failure.code == odata.KEY_EXISTS)
    )
