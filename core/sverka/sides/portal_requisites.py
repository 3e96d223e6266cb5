"""Commands about a requisite and what hangs on it: a client's own, or a further counterparty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sverka.decide.steps import Step
from sverka.entities.clients import KIND
from sverka.entities.counterparties import COUNTERPARTY
from sverka.entities.exchanged import ENTITIES
from sverka.records import split_key
from sverka.settings import ClientSettings, Shape
from sverka.wire import b24_cards
from sverka.wire.b24 import Command, Json
from sverka.wire.b24_cards import ENTITY_TYPES, Requisites
from sverka.wire.b24_requisites import owner_fields


@dataclass(frozen=True, slots=True)
class RequisiteCommands:
    """Says what a step means for a requisite."""

    _clients: ClientSettings
    _presets: Requisites
    _mark: Mapping[str, Json]

    def main(self, number: int, step: Step) -> Command | None:
        """Add or update the requisite; None if nothing of the step lives there."""
        fields = b24_cards.encode_requisite(kind_of(step), step.written, ENTITIES[step.entity])
        parts = _hanging(step)
        if not any(self.carries(name, step) for name in step.written):
            # A mirror alone is worth no new requisite.
            fields = fields if parts else {}
        if requisite_id := parts.get("requisite"):
            if parts.get("address_only") and any(fields.values()):
                fields |= {"ADDRESS_ONLY": "N"}
            if parts.get("unmarked") or _needs_mark_of_its_own(step):
                fields |= {"XML_ID": step.external}
            params = {"id": requisite_id, "fields": fields, **self._mark}
            return Command("crm.requisite.update", params) if fields else None
        return self._new_requisite(number, step, fields)

    def _new_requisite(self, number: int, step: Step, fields: dict[str, Json]) -> Command | None:
        preset = self.preset_id(step)
        is_empty = not any(fields.values())
        with_address = any(b24_cards.addresses_of(step.written).values())
        stands = is_further(step) or (step.target is not None and KIND in step.written)
        if not preset or (is_empty and not with_address and not stands):
            return None
        owner = {
            **self._owner(number, step),
            "PRESET_ID": preset,
            "NAME": str(step.source.values.get("name") or "1C"),
            "XML_ID": step.external,
            # An address hangs on a requisite, even where there is nothing else to keep.
            "ADDRESS_ONLY": "Y" if is_empty and with_address else "N",
        }
        mirrors = b24_cards.encode_requisite(kind_of(step), {"name": owner["NAME"]})
        return Command(
            "crm.requisite.add", {"fields": {**owner, **mirrors, **fields}, **self._mark}
        )

    def _owner(self, number: int, step: Step) -> dict[str, Json]:
        if is_further(step):
            return owner_fields(step.refs["owner"])
        card = split_key(step.target.key)[1] if step.target else f"$result[{card_key(number)}]"
        return {"ENTITY_TYPE_ID": ENTITY_TYPES[shape_of(step, self._clients)], "ENTITY_ID": card}

    def addresses(self, number: int, step: Step) -> Iterator[tuple[str, Command]]:
        """Commands by field name. A new requisite is named by its own command."""
        parts = _hanging(step)
        new = f"$result[{requisite_key(number)}]" if self.main(number, step) else ""
        owner = parts.get("requisite", new)
        for name, line in b24_cards.addresses_of(step.written).items():
            fields = {**b24_cards.encode_address(name, line), "ENTITY_ID": owner}
            stands = f"address{fields['TYPE_ID']}" in parts
            verb = ("update" if line else "delete") if stands else ("add" if line else "")
            if verb and owner:
                yield name, Command(f"crm.address.{verb}", {"fields": fields, **self._mark})

    def out_of_force(self, b24_id: str) -> Command:
        """Another one stands in its place."""
        params = {"id": b24_id, "fields": {"ACTIVE": "N"}, **self._mark}
        return Command("crm.requisite.update", params)

    def carries(self, name: str, step: Step) -> bool:
        """Whether a field of the step lives in the requisite itself."""
        return b24_cards.lives_in_requisite(ENTITIES[step.entity], name, kind_of(step))

    def preset_id(self, step: Step) -> str:
        """The template that the client's requisite has, or would have; `""` if there is none."""
        return self._presets.preset_id(self._clients.presets.get(kind_of(step), ""))


def shape_of(step: Step, clients: ClientSettings) -> Shape:
    """What the client is on the portal, or becomes there."""
    if step.target:
        return Shape(split_key(step.target.key)[0])
    return Shape(clients.shape_of(step.entity, step.source.kind))


def kind_of(step: Step) -> str:
    """Of which kind the requisite is: the present one's template cannot be changed."""
    stays = step.target and KIND in step.target.values and KIND not in step.written
    return step.target.kind if step.target and stays else step.source.kind


def is_further(step: Step) -> bool:
    """The requisite is a record by itself, and its client another one."""
    return step.entity == COUNTERPARTY.name


def _needs_mark_of_its_own(step: Step) -> bool:
    return is_further(step) and step.target is not None and step.target.external != step.external


def _hanging(step: Step) -> Mapping[str, str]:
    """Parts of the target that what is written goes into: none if it gets a new requisite."""
    return {} if step.target is None or KIND in step.written else step.target.parts


def card_key(number: int) -> str:
    return f"c{number}"


def requisite_key(number: int) -> str:
    return f"r{number}"
