"""Bugs in who is who: matching, doubles, merges, deletions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sverka.asks import Flow
from sverka.decide.filters import kept_home
from sverka.decide.matching import NUMBER, WITHIN, Hits, search_keys
from sverka.entities.accounts import BANK_ACCOUNT
from sverka.portion import Departing, Departure, Portion
from sverka.portion.survivors import Candidate, Survivors
from sverka.records import Record, SearchKeys
from sverka.settings import ClientSettings, Criterion
from sverka.wire.b24_cards import decode_card
from sverka_scenarios.bugs.bug import Bug

carry_out = Departing.carry_out
KNOWING = ("decide.matching", "portion.meeting", "portion.reading", "engine")
"""Modules that ask by what a record is known."""
CHOOSING = ("deciding", "fates")
"""Modules that ask who leaves 1C."""


def _any_hit(self: Hits) -> bool:
    """The first of several hits is as good as a single one."""
    return bool(self.keys)


def _nobody_survives(self: Survivors, *gone: Any) -> Flow[list[Candidate]]:
    """Nobody looks for who goes on instead."""
    return []
    yield


def _looks_at_nobody(self: Portion, *work: Any) -> Flow[None]:
    return
    yield


def _one_by_one(self: Departing, departures: Sequence[Departure]) -> Flow[None]:
    """Each deletion is judged by itself."""
    for departure in departures:
        yield from carry_out(self, [departure])


def _inn_alone(record: Record) -> str:
    """Branches of one firm are the same client."""
    return str(record.values.get("inn", ""))


def _kpp_or_none(record: Record) -> SearchKeys:
    """Who has a KPP is found by the lack of one as well."""
    keys = search_keys(record)
    pairs = keys.found_by.get(Criterion.INN_KPP, ())
    any_kpp = tuple(f"{pair.partition('/')[0]}/" for pair in pairs)
    found_by = {**keys.found_by, Criterion.INN_KPP: tuple(dict.fromkeys((*pairs, *any_kpp)))}
    return replace(keys, found_by=found_by)


def _finds_nothing_odd(number: int) -> Flow[tuple[str, ...]]:
    return ()
    yield


def _by_number(record: Record) -> SearchKeys:
    """Whose account it is does not matter."""
    keys = search_keys(record)
    number = (str(record.values.get("number", "")),)
    is_account = record.entity == BANK_ACCOUNT.name and not record.outside
    return replace(keys, found_by={**keys.found_by, NUMBER: number}) if is_account else keys


def _without_attributes(clients: ClientSettings, record: Record) -> str:
    return kept_home(replace(clients, export_attributes={}), record)


def _without_dates(clients: ClientSettings, record: Record) -> str:
    return kept_home(replace(clients, export_since={}), record)


def _name_alone(record: Record, value: str) -> Mapping[str, tuple[str, ...]]:
    return {WITHIN[record.entity]: (value,)}


def _as_spelled(*card: Any, **more: Any) -> Record:
    """A GUID is compared letter by letter."""
    record = decode_card(*card, **more)
    return replace(record, external=str(card[1].get("ORIGIN_ID") or ""))


BUGS = (
    Bug(
        "takes-the-first",
        "of several candidates the first one is linked",
        "MD-04",
        {"sverka.decide.matching.Hits.sole": property(_any_hit)},
        in_random_lives=False,
    ),
    Bug(
        "inn-alone",
        "INN+KPP compares the INN alone, so a branch is its head office",
        "MD-07",
        {"sverka.decide.matching._inn_kpp": _inn_alone},
        in_random_lives=False,
    ),
    Bug(
        "empty-kpp-is-any",
        "an empty KPP stands for any",
        "MD-10",
        {f"sverka.{place}.search_keys": _kpp_or_none for place in KNOWING},
        in_random_lives=False,
    ),
    Bug(
        "phones-as-text",
        "phones are compared as they are written",
        "MD-08",
        {"sverka.entities.declared.normal_phone": str.strip},
        in_random_lives=False,
    ),
    Bug(
        "any-namesake",
        "a contact person is recognised by his name in whatever company",
        "CR-16",
        {"sverka.decide.matching._within": _name_alone},
        in_random_lives=False,
    ),
    Bug(
        "letter-by-letter",
        "a GUID in capital letters is taken for another one",
        "LF-14",
        {"sverka.wire.b24_cards.decode_card": _as_spelled},
        in_random_lives=False,
    ),
    Bug(
        "takes-merged-for-gone",
        "who was merged on the portal is taken for deleted",
        "CL-11",
        {"sverka.portion.survivors.Survivors.candidates": _nobody_survives},
        in_random_lives=False,
    ),
    Bug(
        "takes-marked-for-gone",
        "who was merged in 1C is taken for deleted there",
        "CL-21",
        {"sverka.portion.survivors.Survivors._by_numbers": _nobody_survives},
        in_random_lives=False,
    ),
    Bug(
        "forgets-bindings",
        "nobody asks where went what belonged to a client who is gone",
        "CL-21",
        {"sverka.portion.survivors.Survivors._by_bindings": _nobody_survives},
        in_random_lives=False,
    ),
    Bug(
        "no-trace-no-merge",
        "a contact whose merge leaves no trace is taken for deleted",
        "CL-22",
        {"sverka.portion.survivors.is_merge_possible": lambda link, reached, children: False},
        in_random_lives=False,
    ),
    Bug(
        "strange-again",
        "who comes back from the recycle bin under a new ID is taken for a stranger",
        "CL-16",
        {"sverka.portion.fates.Fates._know_again": _looks_at_nobody},
        in_random_lives=False,
    ),
    Bug(
        "makes-ghosts",
        "who was deleted after he had been read is made anew on the other side",
        "IL-05",
        {"sverka.portion.portion.Portion._look_again": _looks_at_nobody},
        in_random_lives=False,
    ),
    Bug(
        "deletes-them-all",
        "nobody counts the deletions before they are carried out",
        "CL-15",
        {"sverka.portion.departures.Departing.carry_out": _one_by_one},
        in_random_lives=False,
    ),
    Bug(
        "trusts-the-backup",
        "a base that was restored from a backup is taken for one where people deleted",
        "MD-15",
        {"sverka.sides.infobase_numbers.compared": _finds_nothing_odd},
        in_random_lives=False,
    ),
    Bug(
        "account-by-number",
        "a bank account is recognised by its number, at whatever client",
        "CL-20",
        {f"sverka.{place}.search_keys": _by_number for place in KNOWING},
        in_random_lives=False,
    ),
    Bug(
        "any-attribute",
        "clients leave 1C whatever stands in the property by which they are chosen",
        "CL-19",
        {f"sverka.portion.{place}.kept_home": _without_attributes for place in CHOOSING},
        in_random_lives=False,
    ),
    Bug(
        "any-date",
        "clients leave 1C whatever their date is",
        "CL-19",
        {f"sverka.portion.{place}.kept_home": _without_dates for place in CHOOSING},
        in_random_lives=False,
    ),
)
