"""Bank accounts: what people do to them on both sides, and what each side shows of them.

The judge must not share the code of the judged: nothing here comes from the core.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from b24_emulator.portal import Portal
from onec_emulator import sample as base_sample
from onec_emulator.details import Account
from onec_emulator.infobase import Infobase
from sverka_scenarios.views import CLIENTS, OWNER_TYPE, PARTNER, text

BANKS = "Catalog_Банки"
NO_DATE = "0001-01-01T00:00:00"
CLOSED: Mapping[str, object] = {
    # How each configuration says that an account is closed.
    "Недействителен": True,
    "Закрыт": True,
    "ДатаЗакрытия": "2025-11-01T00:00:00",
}
SHAPES = {code: shape for shape, code in OWNER_TYPE.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """One bank account on one side, in values that compare across sides.

    Attributes:
        owner: The client's key on this side: `company:12`, or the GUID of the card.
        hangs_on: Number of the portal's requisite, `""` for an account of the base.
        mark: 1C GUID that the portal's record bears, `""` if none.
    """

    key: str
    owner: str
    number: str
    bik: str = ""
    correspondent: str = ""
    closed: bool = False
    mark: str = ""
    hangs_on: str = ""


@dataclass(frozen=True, slots=True)
class PortalAccounts:
    portal: Portal
    user: str

    def enter(self, client: str, account: Account) -> str:
        fields = {
            "ENTITY_ID": self._requisite(client),
            "NAME": account.bank.name,
            "RQ_ACC_NUM": account.number,
            "RQ_BIK": account.bank.bik,
            "RQ_BANK_NAME": account.bank.name,
            "RQ_COR_ACC_NUM": account.bank.correspondent,
        }
        return str(self.portal.act("crm.requisite.bankdetail.add", {"fields": fields}, self.user))

    def renumber(self, key: str, number: str) -> None:
        params = {"id": key, "fields": {"RQ_ACC_NUM": number}}
        self.portal.act("crm.requisite.bankdetail.update", params, self.user)

    def correct(self, key: str, correspondent: str) -> None:
        """Type another correspondent account of the bank."""
        params = {"id": key, "fields": {"RQ_COR_ACC_NUM": correspondent}}
        self.portal.act("crm.requisite.bankdetail.update", params, self.user)

    def _requisite(self, client: str) -> str:
        rows = self.portal.records()["requisite"].items()
        return next(key for key, row in rows if self._owner(row) == client)

    def _owner(self, requisite: Mapping[str, object]) -> str:
        shape = SHAPES[text(requisite, "ENTITY_TYPE_ID")]
        return f"{shape}:{text(requisite, 'ENTITY_ID')}"

    def views(self) -> dict[str, AccountView]:
        requisites = self.portal.records().get("requisite", {})
        return {
            key: AccountView(
                key=key,
                owner=self._owner(requisites[text(row, "ENTITY_ID")]),
                number=text(row, "RQ_ACC_NUM"),
                bik=text(row, "RQ_BIK"),
                correspondent=text(row, "RQ_COR_ACC_NUM"),
                closed=row.get("ACTIVE") == "N",
                mark=text(row, "XML_ID").lower(),
                hangs_on=text(row, "ENTITY_ID"),
            )
            for key, row in self.portal.records().get("bankdetail", {}).items()
        }


@dataclass(frozen=True, slots=True)
class BaseAccounts:
    base: Infobase
    user: str

    @property
    def set_name(self) -> str:
        return base_sample.wording_of(self.base).accounts

    @property
    def closes(self) -> bool:
        """Whether this configuration can say that an account is closed."""
        sets = self.base.configuration.sets
        return not sets[self.set_name].fields.keys().isdisjoint(CLOSED)

    def enter(self, client: str, account: Account) -> str:
        rows = self.base.records()[CLIENTS]
        mine = (key for key, row in rows.items() if row.get(PARTNER) == client)
        details = client if client in rows else next(mine)
        return base_sample.enter_account(self.base, details, account, self.user)

    def renumber(self, key: str, number: str) -> None:
        self._update(key, {"НомерСчета": number})

    def hand_over(self, client: str, to: str) -> None:
        """All accounts of a counterparty belong to another one now."""
        for key, row in list(self.base.records().get(self.set_name, {}).items()):
            if text(row, "Owner") == client:
                self._update(key, {"Owner": to})

    def close(self, key: str) -> None:
        row = self.base.records()[self.set_name][key]
        self._update(key, {name: value for name, value in CLOSED.items() if name in row})

    def _update(self, key: str, fields: Mapping[str, object]) -> None:
        params = {"set": self.set_name, "key": key, "fields": dict(fields)}
        self.base.act("update", params, self.user)

    def views(self) -> dict[str, AccountView]:
        records = self.base.records()
        return {
            key: AccountView(
                key=key,
                owner=text(records[CLIENTS][text(row, "Owner")], PARTNER) or text(row, "Owner"),
                number=text(row, "НомерСчета"),
                **self._bank(row),
                closed=any(row.get(name) not in {None, False, NO_DATE} for name in CLOSED),
            )
            for key, row in records.get(self.set_name, {}).items()
            if not row.get("DeletionMark") and text(row, "Owner") in records[CLIENTS]
        }

    def _bank(self, row: Mapping[str, object]) -> dict[str, str]:
        bank = self.base.records().get(BANKS, {}).get(text(row, "Банк_Key"), {})
        return {
            "bik": text(bank, "Code") or text(row, "БИКБанка"),
            "correspondent": text(bank, "КоррСчет") or text(row, "КоррСчетБанка"),
        }


@dataclass(frozen=True, slots=True)
class Money:
    """Bank accounts on both sides, for scenarios and for the laws."""

    portal: PortalAccounts
    base: BaseAccounts
    check: Callable[[bool, str], None]

    def of(self, end: str) -> PortalAccounts | BaseAccounts:
        return self.portal if end == "portal" else self.base

    def shows(self, end: str, owner: str, **closed_by_number: bool) -> None:
        """This client has just these accounts here, each closed or not."""
        views = self.of(end).views().values()
        shown = sorted((view.number, view.closed) for view in views if view.owner == owner)
        wanted = sorted((name.strip("n"), closed) for name, closed in closed_by_number.items())
        self.check(shown == wanted, f"{owner} at the {end} has accounts {shown}, not {wanted}")


def unequal(money: Money, owners: Mapping[str, str]) -> Iterator[str]:
    """What differs between both sides' accounts of clients that both have.

    Args:
        owners: GUIDs of the clients by their keys on the portal.
    """
    portal, base = money.portal.views(), money.base.views()
    marks = Counter(view.mark for view in portal.values() if view.mark)
    yield from (f"{count} bank details bear {mark}" for mark, count in marks.items() if count > 1)
    for views in (portal, base):
        stand = Counter((view.owner, view.number) for view in views.values())
        yield from (f"{who} stands {count} times" for who, count in stand.items() if count > 1)
    twins = {view.mark: view for view in portal.values()}
    for key, view in base.items():
        twin = twins.get(key)
        if twin is None and view.owner in owners.values():
            yield f"account {view.number} of the base is not on the portal"
        elif twin:
            for name in ("number", "bik", "correspondent", "closed"):
                if getattr(twin, name) != getattr(view, name):
                    yield f"{name} of account {view.number}: {twin} and {view}"
            if owners.get(twin.owner) != view.owner:
                yield f"account {view.number} is at {twin.owner}, in the base at {view.owner}"
    for view in portal.values():
        if view.mark not in base and owners.get(view.owner):
            yield f"account {view.number} of the portal is not in the base"
