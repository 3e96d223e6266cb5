"""All that is exchanged, by name: what a record's `entity` means."""

from collections.abc import Mapping

from sverka.entities.accounts import BANK_ACCOUNT
from sverka.entities.clients import CLIENT
from sverka.entities.counterparties import COUNTERPARTY
from sverka.entities.declared import Entity
from sverka.entities.persons import CONTACT_PERSON

ENTITIES: Mapping[str, Entity] = {
    entity.name: entity for entity in (CLIENT, COUNTERPARTY, CONTACT_PERSON, BANK_ACCOUNT)
}
