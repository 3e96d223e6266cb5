"""What people do: they enter and edit clients in the portal's window and in 1C's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b24_emulator import sample as portal_sample
from b24_emulator.portal import Portal
from onec_emulator import sample as base_sample
from onec_emulator import wording as base_wording
from onec_emulator.contact_information import Address
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.people import Client
from sverka_scenarios.views import (
    ADDRESS_KINDS,
    ADDRESSES,
    CLIENTS,
    COMPANY,
    OWNER_TYPE,
    PARTNER,
    phone_digits,
)

CLERK = "Иванова"
MANAGER = "1"
"""A person at the portal, and the administrator whose name the exchange's writes bear."""
API_LOGIN = "obmen"
"""Under this name the exchange writes to the base; a person may work under it, too."""

NO_FOLDER = "00000000-0000-0000-0000-000000000000"

Json = Any  # Any: a JSON value

NAMES: Mapping[str, tuple[str, ...]] = {
    COMPANY: ("TITLE",),
    "contact": ("LAST_NAME", "NAME", "SECOND_NAME"),
}
REQUISITE = {
    "inn": "RQ_INN",
    "kpp": "RQ_KPP",
    "okpo": "RQ_OKPO",
    "full_name": "RQ_COMPANY_FULL_NAME",
}
PROPERTIES = {
    "name": "Description",
    "full_name": "НаименованиеПолное",
    "inn": "ИНН",
    "kpp": "КПП",
    "okpo": "КодПоОКПО",
}
KIND_PROPERTIES = ("НаименованиеПолное", "ИНН", "КПП", "РегистрационныйНомер", "КодПоОКПО", "ФИО")
"""What 1C's people fill in anew when a client becomes one of another kind."""


@dataclass(slots=True)
class PortalPeople:
    """Managers at work in the portal; `user` is the number of the one who does it."""

    portal: Portal
    user: str = MANAGER

    def enter(self, client: Client) -> str:
        return portal_sample.enter(self.portal, client, self.user)

    def enter_name(self, name: str) -> str:
        """Enter a company of which nobody knows more than the name."""
        return f"{COMPANY}:{self._act('crm.company.add', fields={'TITLE': name})}"

    def edit(self, key: str, **fields: str) -> None:
        """Change fields of a client: `name`, `inn`, `kpp`, `okpo`, `full_name`."""
        shape, number = key.split(":")
        if "name" in fields:
            names = NAMES[shape]
            words = fields["name"].split(" ", len(names) - 1)
            card = dict(zip(names, words + [""] * len(names), strict=False))
            self._act(f"crm.{shape}.update", id=number, fields=card)
        numbers = {REQUISITE[name]: value for name, value in fields.items() if name in REQUISITE}
        if numbers:
            self._edit_requisite(shape, number, numbers)

    def _edit_requisite(self, shape: str, number: str, numbers: Mapping[str, str]) -> None:
        for key, row in self.portal.records()["requisite"].items():
            if (row["ENTITY_TYPE_ID"], row["ENTITY_ID"]) == (OWNER_TYPE[shape], number):
                self._act("crm.requisite.update", id=key, fields=dict(numbers))
                return
        owner = {"ENTITY_TYPE_ID": OWNER_TYPE[shape], "ENTITY_ID": number, "PRESET_ID": 1}
        self._act("crm.requisite.add", fields={**owner, "NAME": "реквизиты", **numbers})

    def move(self, key: str, address: Address, field: str = "legal_address") -> None:
        """Enter an address into the requisite, or another one instead of it."""
        shape, number = key.split(":")
        requisite = self._requisite_of(shape, number)
        owner = {"TYPE_ID": ADDRESSES[field], "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite}
        parts = {
            "POSTAL_CODE": address.zip_code,
            "PROVINCE": f"{address.area} {address.area_type}" if address.city else "",
            "CITY": address.city or address.area,
            "ADDRESS_1": f"{address.street} ул, дом № {address.house}",
        }
        stands = any(
            (row["TYPE_ID"], row["ENTITY_ID"]) == (owner["TYPE_ID"], requisite)
            for row in self.portal.records()["address"].values()
        )
        self._act(f"crm.address.{'update' if stands else 'add'}", fields={**owner, **parts})

    def _requisite_of(self, shape: str, number: str) -> str:
        for key, row in self.portal.records()["requisite"].items():
            if (row["ENTITY_TYPE_ID"], row["ENTITY_ID"]) == (OWNER_TYPE[shape], number):
                return key
        owner = {"ENTITY_TYPE_ID": OWNER_TYPE[shape], "ENTITY_ID": number, "PRESET_ID": 1}
        return str(self._act("crm.requisite.add", fields={**owner, "NAME": "реквизиты"}))

    def enter_requisite(self, key: str, client: Client) -> str:
        """Enter one more requisite, that of this client. Returns its number."""
        portal_sample.enter_requisite(self.portal, key, client, self.user)
        return self.requisites_of(key)[-1]

    def requisites_of(self, key: str) -> list[str]:
        """Numbers of the client's requisites, whether in force or not, the oldest first."""
        shape, number = key.split(":")
        owner = (OWNER_TYPE[shape], number)
        rows = self.portal.records()["requisite"].items()
        return [n for n, row in rows if (row["ENTITY_TYPE_ID"], row["ENTITY_ID"]) == owner]

    def edit_requisite(self, requisite: str, fields: Mapping[str, str]) -> None:
        numbers = {REQUISITE[name]: value for name, value in fields.items()}
        self._act("crm.requisite.update", id=requisite, fields=numbers)

    def put_out_of_force(self, requisite: str) -> None:
        self._act("crm.requisite.update", id=requisite, fields={"ACTIVE": "N"})

    def turn(self, key: str, client: Client) -> None:
        """Make him a client of another kind: no template changes, so he gets a new requisite."""
        former = self.requisites_of(key)
        self.enter_requisite(key, client)
        for requisite in former:
            self.put_out_of_force(requisite)

    def add(self, key: str, what: str, value: str, value_type: str = "WORK") -> None:
        """Type one more phone or e-mail: `what` is PHONE or EMAIL."""
        self._set(key, what, [{"VALUE": value, "VALUE_TYPE": value_type}])

    def replace(self, key: str, what: str, old: str, new: str) -> None:
        self._set(key, what, [{"ID": self._value_id(key, what, old), "VALUE": new}])

    def remove(self, key: str, what: str, old: str) -> None:
        self._set(key, what, [{"ID": self._value_id(key, what, old), "DELETE": "Y"}])

    def delete(self, key: str) -> None:
        shape, number = key.split(":")
        self._act(f"crm.{shape}.delete", id=number)

    def merge(self, survivor: str, loser: str) -> None:
        """Merge duplicates: the survivor takes what the other had."""
        shape, number = survivor.split(":")
        ids = [number, loser.split(":")[1]]
        told = self._act(
            "crm.entity.mergebatch",
            params={"entityTypeId": OWNER_TYPE[shape], "entityIds": ids},
        )
        assert told["STATUS"] == "SUCCESS", f"{survivor} and {loser} differ: {told}"

    def bear(self, key: str, system: str, mark: str) -> None:
        """The record carries the mark of some system."""
        shape, number = key.split(":")
        self._act(
            f"crm.{shape}.update",
            id=number,
            fields={"ORIGINATOR_ID": system, "ORIGIN_ID": mark},
        )

    def _set(self, key: str, what: str, rows: list[dict[str, str]]) -> None:
        shape, number = key.split(":")
        self._act(f"crm.{shape}.update", id=number, fields={what: rows})

    def _value_id(self, key: str, what: str, old: str) -> str:
        shape, number = key.split(":")
        for row in self.portal.records()[shape][number].get(what, ()):
            if _alike(row["VALUE"], old):
                return str(row["ID"])
        raise LookupError(f"{key} has no {what} {old!r}")

    def _act(self, method: str, **params: Json) -> Json:
        return self.portal.act(method, params, self.user)


@dataclass(slots=True)
class BasePeople:
    """Clerks at work in 1C; `user` is the name of the one who does it."""

    base: Infobase
    user: str = CLERK

    @property
    def card(self) -> str:
        """The set whose records are the clients; in УТ that of partners."""
        return base_sample.wording_of(self.base).card

    def enter(self, client: Client) -> str:
        guid = base_sample.enter(self.base, client, self.user)
        return str(self.base.records()[CLIENTS][guid].get(PARTNER, guid))

    def put(self, key: str, group: str) -> None:
        """Drag a client into a folder, or to the root."""
        self._write(self.card, key, {"Parent_Key": group or NO_FOLDER})

    def describe(self, key: str, comment: str = "", registered: str = "") -> None:
        """Fill in the comment, and since when he is known: `2026-01-31`."""
        fields = {"Комментарий": comment} if comment else {}
        if registered:
            fields[self.registration_date] = f"{registered}T00:00:00"
        self._write(self.card, key, fields)

    @property
    def registration_date(self) -> str:
        """How this configuration calls the date since when a client is known."""
        return "ДатаСоздания" if self.card == CLIENTS else "ДатаРегистрации"

    def has_details(self, key: str) -> bool:
        """He has a counterparty; between two writes of a program a partner has none yet."""
        rows = self.base.records()[CLIENTS]
        return key in rows or any(row.get(PARTNER) == key for row in rows.values())

    def _details(self, key: str) -> str:
        """His counterparty, where his numbers and addresses are; a new one if he has none."""
        if self.card == CLIENTS:
            return key
        for guid, row in self.base.records()[CLIENTS].items():
            if row[PARTNER] == key:
                return guid
        partner = self.base.records()[self.card][key]
        kind = "ФизЛицо" if partner["ЮрФизЛицо"] == "ЧастноеЛицо" else "ЮрЛицо"
        fields = {"Description": partner["Description"], PARTNER: key, "ЮрФизЛицо": kind}
        return str(self.base.act("create", {"set": CLIENTS, "fields": fields}, self.user))

    def edit(self, key: str, **fields: str) -> None:
        """Change fields of a client: `name`, `inn`, `kpp`, `okpo`, `full_name`."""
        named = {PROPERTIES[name]: value for name, value in fields.items()}
        card = {name: value for name, value in named.items() if name == PROPERTIES["name"]}
        numbers = {name: value for name, value in named.items() if name not in card}
        if self.card == CLIENTS:
            self._write(CLIENTS, key, named)
            return
        if card:
            self._write(self.card, key, card)
        if numbers:
            self._write(CLIENTS, self._details(key), numbers)

    def move(self, key: str, address: Address, field: str = "legal_address") -> None:
        """Enter an address, or another one instead of it."""
        kind = next(name for name, known in ADDRESS_KINDS.items() if known == field)
        base_sample.enter_address(self.base, self._details(key), address, kind, self.user)

    def add(self, key: str, what: str, value: str, value_type: str = "") -> None:
        """Type one more phone or e-mail: `what` is PHONE or EMAIL."""
        self._write_rows(key, [*self._rows(key), self._row(what, value)])

    def replace(self, key: str, what: str, old: str, new: str) -> None:
        fresh = self._row(what, new)
        rows = self._rows(key)
        self._write_rows(key, [fresh if _alike(r["Представление"], old) else r for r in rows])

    def remove(self, key: str, what: str, old: str) -> None:
        rows = self._rows(key)
        self._write_rows(key, [row for row in rows if not _alike(row["Представление"], old)])

    def delete(self, key: str) -> None:
        self.base.act("delete", {"set": self.card, "key": key}, self.user)

    def mark(self, key: str, *, off: bool = False) -> None:
        """Mark a client for deletion, as people do in 1C instead of deleting, or unmark him."""
        self.base.act("mark", {"set": self.card, "key": key, "mark": not off}, self.user)

    def turn(self, key: str, client: Client) -> None:
        """Make him a client of another kind, with the numbers of that kind."""
        rows = base_wording.counterparty(client)
        names = (*base_wording.KIND_FIELDS, *KIND_PROPERTIES)
        blank = {"ГосударственныйОрган": False}
        details = self._details(key)
        present = self.base.records()[CLIENTS][details]
        fields = {n: v for n, v in (blank | rows).items() if n in names and n in present}
        self._write(CLIENTS, details, fields)
        if self.card != CLIENTS:
            word = base_wording.partner(client)["ЮрФизЛицо"]
            self._write(self.card, key, {"ЮрФизЛицо": word})

    def _row(self, what: str, value: str) -> dict[str, str]:
        if what == "EMAIL":
            kind = self.base.kind_key(base_sample.wording_of(self.base).email)
            own = {"Тип": "АдресЭлектроннойПочты", "АдресЭП": value}
        else:
            kind = self.base.kind_key(base_sample.wording_of(self.base).phone)
            own = {"Тип": "Телефон", "НомерТелефона": phone_digits(value)}
        return {**own, "Вид_Key": kind, "Представление": value}

    def _rows(self, key: str) -> list[Json]:
        return list(self.base.records()[self.card][key]["КонтактнаяИнформация"])

    def _write_rows(self, key: str, rows: list[Json]) -> None:
        numbered = [{**row, "LineNumber": str(number)} for number, row in enumerate(rows, 1)]
        self._write(self.card, key, {"КонтактнаяИнформация": numbered})

    def _write(self, set_name: str, key: str, fields: Mapping[str, Json]) -> None:
        self.base.act("update", {"set": set_name, "key": key, "fields": dict(fields)}, self.user)


def _alike(one: str, other: str) -> bool:
    return one == other or (
        phone_digits(one) == phone_digits(other) != "" and "@" not in one + other
    )
