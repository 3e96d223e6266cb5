"""What single users may do: levels by kind of record and act, and whose records a level reaches.

User 1 is the administrator and has all; so has everybody else until `portal.rights` sets what he
has. Source: levels, whom they reach and what an addition makes of its responsible are observed in
the vendor's kernel (crm module: classes/general/crm_perms.php, CheckEnityAccess; crm_deal.php,
Add). That a list follows the same rule as a single record, and requisites, activities and rows
their owner, is inferred.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from b24_emulator import lists, php
from b24_emulator.access import ADMINISTRATOR
from b24_emulator.calls import Call, Caller
from b24_emulator.documents import DOCUMENTS, PRODUCT_ROW, STAGE_HISTORY
from b24_emulator.entities import ACCOUNT, ADDRESS, COMPANY, CONTACT, REQUISITE, USER
from b24_emulator.filters import Predicate
from b24_emulator.items import documents_of, entity_of
from b24_emulator.marginal import RECURRING_DEAL
from b24_emulator.money import OLD_INVOICE, PAID_DELIVERY, PAID_PRODUCT, PAYMENT
from b24_emulator.surroundings import ACTIVITY, COMMENT, DEPARTMENT, REQUISITE_LINK
from b24_emulator.table import Row

if TYPE_CHECKING:
    from b24_emulator.portal import Portal


class Level(StrEnum):
    """Whose records a right reaches, each more than the one before."""

    NONE = "none"
    OWN = "own"
    DEPARTMENT = "department"
    SUBDEPARTMENTS = "subdepartments"
    OPEN = "open"
    ALL = "all"


Levels = dict[str, dict[str, str]]
"""Kind → act → level, as `Access.rights` keeps them for each user."""
VERBS = ("read", "add", "update", "delete", "import")
SETTINGS, CATALOG, OTHERS = "settings", "catalog", "*"
ANYTHING, ADMINISTRATION = "anything", "administration"
"""What is asked of no kind: to read any of them; to be the administrator."""
RESPONSIBLE = {OLD_INVOICE.name: "RESPONSIBLE_ID"}
"""The field with who answers for a record, where it is not ASSIGNED_BY_ID."""
PLAIN = (COMPANY.name, CONTACT.name, *(one.name for one in DOCUMENTS), OLD_INVOICE.name)
"""Kinds with rights of their own, beside the smart processes."""


def set_rights(portal: "Portal", params: Mapping[str, Any]) -> object:  # Any: JSON
    """Set what a user may do, `{"user": 2, "rights": {"company": {"read": "department"}}}`.

    A kind is `company`, `contact`, `deal`, `lead`, `quote`, `smart_invoice`, `invoice`,
    `dynamic_128`, `catalog`, `settings`, or `*` for those not named; a level instead of acts is
    meant for all of them. What is not named is `none`; `"rights": null` gives all back. Returns
    what is set, by user.
    """
    user, wanted = str(params["user"]), params["rights"]
    if user == ADMINISTRATOR:
        raise ValueError(f"User {user} is the administrator and keeps all rights. Name another.")
    if php.integer(user) not in portal.tables[USER.name].rows:
        raise LookupError(f"No user {user!r}. Add him first: user.add.")
    if wanted is None:
        portal.access.rights.pop(user, None)
    else:
        known = (*PLAIN, CATALOG, SETTINGS, OTHERS, *(e.name for e in documents_of(portal)))
        levels = {kind: _acts(known, kind, asked) for kind, asked in wanted.items()}
        portal.access.rights[user] = levels
    return dict(portal.access.rights)


def _acts(known: tuple[str, ...], kind: str, asked: object) -> dict[str, str]:
    if kind not in known:
        names = ", ".join(dict.fromkeys(known))
        raise LookupError(f"No kind of record {kind!r} has rights. There are: {names}.")
    acts = asked if isinstance(asked, dict) else dict.fromkeys(VERBS, asked)
    for verb, level in acts.items():
        if verb not in VERBS:
            raise LookupError(f"No act {verb!r} of {kind}. There are: {', '.join(VERBS)}.")
        if level not in list(Level):
            raise LookupError(f"No level {level!r} of {kind}. There are: {', '.join(Level)}.")
    return {verb: str(level) for verb, level in acts.items()}


@dataclass(slots=True)
class Reach:
    """What one user of one portal reaches; made for one call.

    Attributes:
        levels: None for a user whom nobody has narrowed.
        people: By level, the users whose records it reaches; filled as it is asked.
    """

    portal: "Portal"
    user: str
    levels: Levels | None
    people: dict[str, frozenset[str]] = field(default_factory=dict)

    def level(self, verb: str, kind: str) -> str:
        levels = self.levels or {}
        acts = levels[kind] if kind in levels else levels.get(OTHERS, {})
        return acts.get(verb, Level.NONE)

    def may(self, verb: str, kind: str, row: Row | None = None) -> bool:
        """Whether a right reaches a record; without one, whether there is any such right."""
        if kind == ADMINISTRATION:
            return self.user == ADMINISTRATOR
        if self.levels is None:
            return True
        if kind == ANYTHING:
            kinds = {*PLAIN, *self.levels} - {SETTINGS, CATALOG, OTHERS}
            return any(self.level(verb, one) != Level.NONE for one in kinds)
        if kind in OWNERS:
            return row is None or any(self.may(verb, *o) for o in OWNERS[kind](self.portal, row))
        level = self.level(verb, kind)
        if level in (Level.NONE, Level.ALL) or row is None:
            return level != Level.NONE
        return self._covers(verb, level, kind, row)

    def _covers(self, verb: str, level: str, kind: str, row: Row) -> bool:
        if level == Level.OPEN and row.get("OPENED") == "Y":
            return True
        if verb == "read" and php.integer(self.user) in (row.get("OBSERVERS") or ()):
            return True
        if level not in self.people:
            self.people[level] = self._people(level)
        responsible = row.get(RESPONSIBLE.get(kind, "ASSIGNED_BY_ID"))
        return str(responsible) in self.people[level]

    def _people(self, level: str) -> frozenset[str]:
        """The user himself; of a department, those who work in his; of more, also below it."""
        if level == Level.OWN:
            return frozenset({self.user})
        users = self.portal.tables[USER.name].rows
        wanted = set(users[php.integer(self.user)].get("UF_DEPARTMENT") or ())
        if level != Level.DEPARTMENT:
            departments = self.portal.tables[DEPARTMENT.name]
            fresh = list(wanted)
            while fresh:
                below = departments.with_value("PARENT", str(fresh.pop()))
                fresh += [one for one in below if one not in wanted]
                wanted |= set(below)
        mates = (n for n, row in users.items() if wanted & set(row.get("UF_DEPARTMENT") or ()))
        return frozenset({self.user, *map(str, mates)})


def reach(portal: "Portal", caller: Caller) -> Reach:
    return Reach(portal, caller.user_id, portal.access.rights.get(caller.user_id))


def may_read(portal: "Portal", caller: Caller, kind: str, number: object) -> bool:
    """Whether somebody may read a record, for what is no method's own: a file that it holds."""
    if caller.user_id == ADMINISTRATOR:
        return True
    row = portal.tables[kind].rows.get(php.integer(number))
    return reach(portal, caller).may("read", kind, row)


def find(call: Call, kind: str, ask: lists.Query) -> lists.Page:
    """One page of a table, of what the caller may read; the rest is not counted either."""
    portal = call.portal
    if _is_narrow(call, kind):
        ask = replace(ask, groups=(*ask.groups, _readable(reach(portal, call.caller), kind)))
    return lists.find(portal.tables[kind], ask, portal.limits.page_size)


def listed(call: Call, kind: str) -> lists.Page:
    """The same of what a list method was asked; kept for callers who may read everything."""
    portal = call.portal
    table, page_size = portal.tables[kind], portal.limits.page_size
    if not _is_narrow(call, kind):
        return lists.listed(table, call.params, page_size)
    groups = [_readable(reach(portal, call.caller), kind)]
    return lists.asked_anew(table, call.params, page_size, groups)


def _is_narrow(call: Call, kind: str) -> bool:
    """Whether the caller may not read all of a kind: what he may depends on more than its table."""
    portal, user = call.portal, call.caller.user_id
    if user == ADMINISTRATOR or user not in portal.access.rights:
        return False
    return kind in PLAIN or kind in OWNERS or any(kind == e.name for e in documents_of(portal))


def _readable(own: Reach, kind: str) -> Predicate:
    return lambda row: own.may("read", kind, row)


def entitled(portal: "Portal", kind: str, row: Row, caller: Caller) -> dict[str, str]:
    """What becomes of a new record whose maker may add only his own, or only open ones."""
    user = caller.user_id
    if user == ADMINISTRATOR or user not in portal.access.rights or "ASSIGNED_BY_ID" not in row:
        return {}
    level = reach(portal, caller).level("add", kind)
    if level == Level.OWN:
        return {"ASSIGNED_BY_ID": user}
    is_own = level == Level.OPEN and row["ASSIGNED_BY_ID"] == user and "OPENED" in row
    return {"OPENED": "Y"} if is_own else {}


Owner = tuple[str, Row | None]
"""Kind and row of what a record hangs on."""
Owners = Callable[["Portal", Row], Iterator[Owner]]


def _of_type(type_name: str, number_name: str) -> Owners:
    def owners(portal: "Portal", row: Row) -> Iterator[Owner]:
        type_id = php.integer(_one(row.get(type_name)))
        entity = REQUISITE if type_id == REQUISITE.type_id else entity_of(portal, type_id)
        if entity is not None:
            number = php.integer(_one(row.get(number_name)))
            yield entity.name, portal.tables[entity.name].rows.get(number)

    return owners


def _in(kind: str, name: str) -> Owners:
    def owners(portal: "Portal", row: Row) -> Iterator[Owner]:
        yield kind, portal.tables[kind].rows.get(php.integer(_one(row.get(name))))

    return owners


def _of_code(portal: "Portal", row: Row) -> Iterator[Owner]:
    """A product row's: `D` and a number."""
    code = str(_one(row.get("OWNER_TYPE")))
    number = php.integer(_one(row.get("OWNER_ID")))
    for entity in documents_of(portal):
        if entity.owner_code == code:
            yield entity.name, portal.tables[entity.name].rows.get(number)


def _of_name(portal: "Portal", row: Row) -> Iterator[Owner]:
    """A comment's: `deal` and a number."""
    kind = str(_one(row.get("ENTITY_TYPE"))).lower()
    if kind in portal.tables:
        number = php.integer(_one(row.get("ENTITY_ID")))
        yield kind, portal.tables[kind].rows.get(number)


def _bound(portal: "Portal", row: Row) -> Iterator[Owner]:
    """All that an activity is bound to; a new one only says whose it is."""
    for one in row.get("BINDINGS") or (row,):
        yield from _OF_OWNER(portal, one)


def _one(value: object) -> object:
    """The first of several values that a filter may name."""
    return value[0] if isinstance(value, list) and value else value


_OF_OWNER = _of_type("OWNER_TYPE_ID", "OWNER_ID")
_OF_ENTITY = _of_type("ENTITY_TYPE_ID", "ENTITY_ID")
OWNERS: Mapping[str, Owners] = {
    REQUISITE.name: _OF_ENTITY,
    ACCOUNT.name: _in(REQUISITE.name, "ENTITY_ID"),
    ADDRESS.name: _OF_ENTITY,
    REQUISITE_LINK.name: _OF_ENTITY,
    PRODUCT_ROW.name: _of_code,
    STAGE_HISTORY.name: _OF_OWNER,
    ACTIVITY.name: _bound,
    COMMENT.name: _of_name,
    PAYMENT.name: _OF_OWNER,
    PAID_PRODUCT.name: _in(PAYMENT.name, "PAYMENT_ID"),
    PAID_DELIVERY.name: _in(PAYMENT.name, "PAYMENT_ID"),
    RECURRING_DEAL.name: _in("deal", "DEAL_ID"),
}
"""Kinds without rights of their own, and what decides for them."""
