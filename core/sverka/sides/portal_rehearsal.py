"""A portal that takes every write and remembers what it would hold then."""

from collections.abc import Iterator, Mapping, Sequence

from sverka.asks import Flow
from sverka.sides.delivery import Doubt
from sverka.sides.portal_batches import Answers, Batching, Commands
from sverka.wire.b24 import Command, Json, Result

REQUISITES = "crm.requisite.list"
NEW_REQUISITE = "crm.requisite.add"
A_ROW = [{"ID": "new"}]

Owner = tuple[str, str]
"""Type and ID of a card."""


class Agreeing:
    """Says yes to each writing command of a batch; what is only asked for, the portal answers.

    A new record is called by the mark that it would bear: no real one has such an ID. A look at
    what was written stays unanswered.
    """

    def __init__(self, calls: Batching) -> None:
        self._calls = calls
        self._with_requisite: set[Owner] = set()

    @property
    def batch(self) -> int:
        return self._calls.batch

    def send_batches(
        self, batches: Sequence[Commands], *, safe: bool
    ) -> Flow[list[Answers | Doubt]]:
        answers: list[Answers] = [dict(self._agreed(batch)) for batch in batches]
        asked = [
            {key: batch[key] for key in batch.keys() - agreed.keys() if _is_list(batch[key])}
            for batch, agreed in zip(batches, answers, strict=True)
        ]
        told = yield from self._calls.send_batches(asked, safe=True)
        return [
            reply if isinstance(reply, Doubt) else {**reply, **agreed}
            for reply, agreed in zip(told, answers, strict=True)
        ]

    def _agreed(self, batch: Commands) -> Iterator[tuple[str, Result]]:
        for key, command in batch.items():
            fields = command.params.get("fields", {})
            if command.method == NEW_REQUISITE:
                self._with_requisite.add(_owner(fields, batch))
            if command.method == REQUISITES:
                owner = _owner(command.params["filter"], batch)
                if owner in self._with_requisite:
                    yield key, Result(A_ROW)
                elif not owner[1].isdigit():
                    yield key, Result([])
            elif not command.method.endswith((".list", ".get")):
                yield key, Result(_mark(command))


def _is_list(command: Command) -> bool:
    return command.method.endswith(".list")


def _owner(fields: Mapping[str, Json], batch: Commands) -> Owner:
    """Whose requisite it is; a new card of the same batch is named by its command."""
    owner = str(fields["ENTITY_ID"])
    card = batch.get(owner.removeprefix("$result[").removesuffix("]"))
    return str(fields["ENTITY_TYPE_ID"]), _mark(card) if card else owner


def _mark(command: Command) -> str:
    fields = command.params.get("fields", {})
    return str(fields.get("ORIGIN_ID") or fields.get("XML_ID", ""))
