"""Which of several requisites of one card is meant."""

from dataclasses import replace

from sverka.records import Link, Record, Values


def meant(portal: Record, infobase: Record, link: Link | None) -> Record:
    """The card with the requisite that bears the client's INN and KPP, else with the usual one.

    Of a linked pair both sides have agreed on the numbers; before they meet, 1C's count.
    """
    wanted = _numbers(link.portal_base if link else infobase.values)
    same = [r for r in (portal, *portal.rivals) if wanted[0] and _numbers(r.values) == wanted]
    return replace(same[0], rivals=()) if same else portal


def _numbers(values: Values) -> tuple[str, str]:
    return str(values.get("inn", "")), str(values.get("kpp", ""))
