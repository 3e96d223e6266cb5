"""The first exchange of two filled systems over HTTPS, against the known truth of who is who."""

import math
from collections import Counter
from dataclasses import dataclass, replace

import pytest

from sverka_emulator_kit.people import Kind, two_ledgers
from sverka_emulator_kit.system import difference
from sverka_scenarios.views import base_views, differences, entered_values, portal_views

pytestmark = pytest.mark.sockets

SEED = 1
PAGE = BATCH = 50
LISTS = ("company", "contact", "requisite", "address")
"""Lists of the portal that a first exchange must read."""
CLIENTS = """
            [clients]
            criteria = ["inn+kpp", "email", "name"]
"""
REFUSED = {429, 503}
TOKEN = "oauth.token"


@dataclass(frozen=True)
class Size:
    """How many clients are where, and how many times the least requests may be spent.

    The aim is 1.1. Beside the least are the greeting, a look at each portion right before it is
    written, batches that are not full, and on a slow machine clients who were read too long ago
    and are read again.
    """

    portal: int
    base: int
    same: int
    doubtful: int
    ratio_max: float

    @property
    def words(self):
        return (
            *("--companies", str(self.portal), "--onec-companies", str(self.base)),
            *("--same", str(self.same), "--doubtful", str(self.doubtful)),
            *("--seed", str(SEED), "--limits", "50-2-100"),
        )

    @property
    def truth(self):
        return two_ledgers(
            SEED, portal=self.portal, base=self.base, same=self.same, doubtful=self.doubtful
        )


# What is spent once weighs more than the clients among so few.
SMALL = Size(portal=36, base=60, same=15, doubtful=4, ratio_max=8.0)
WHOLE = Size(portal=1_200, base=2_000, same=500, doubtful=40, ratio_max=1.2)


def least_requests(before, after):
    """As few calls as an exchange can do with, by the portal's states: 50 pages or writes each."""
    pages = sum(math.ceil(len(before[name]) / PAGE) for name in LISTS)
    written = {(row["entity"], row["key"]) for row in difference(before, after)}
    return math.ceil(pages / BATCH) + math.ceil(len(written) / BATCH)


class Outcome:
    """Both sides as they are, by the names that people gave: nobody shares one."""

    def __init__(self, site):
        self.portal = self._by_name(portal_views(site.records("portal")))
        self.base = self._by_name(base_views(site.records("infobase")))

    @staticmethod
    def _by_name(views):
        names = Counter(view.name for view in views.values())
        assert not [name for name, count in names.items() if count > 1], "somebody is doubled"
        return {view.name: view for view in views.values()}

    def is_one(self, client):
        """He stands on both sides, linked, with all that was entered of him."""
        portal, base = self.portal[client.name], self.base[client.name]
        assert portal.mark == base.key
        assert differences(portal, base) == []
        entered = entered_values(client)
        assert {name: getattr(base, name) for name in entered} == entered


def as_entered_on_portal(client):
    """A person without a number has no requisites there, so no name in them."""
    bare = client.kind is Kind.PERSON and not client.inn
    return replace(client, person_name="") if bare else client


def judge(outcome, truth):
    """The end is the known truth: no duplicate, none lost, the doubtful ones where they were."""
    shared = {at_portal for at_portal, _ in truth.same}
    asking, *looked_at = zip(*truth.doubtful, strict=True)
    apart_on_portal = {truth.portal[index].name for index in asking}
    apart_in_base = {truth.base[index].name for index in (*looked_at[0], *looked_at[1])}
    together = [client for client in truth.base if client.name not in apart_in_base]
    together += [
        as_entered_on_portal(client)
        for index, client in enumerate(truth.portal)
        if index not in shared and client.name not in apart_on_portal
    ]
    for client in together:
        outcome.is_one(client)
    names = {client.name for client in together}
    assert set(outcome.portal) == names | apart_on_portal
    assert set(outcome.base) == names | apart_in_base
    assert not {name for name in apart_on_portal if outcome.portal[name].mark}


def reviews_of(outcome, truth):
    """What the review list must hold: who, and the candidates; each side asks of its own."""
    wanted = {}
    for asking, *looked_at in truth.doubtful:
        contact = outcome.portal[truth.portal[asking].name].key
        clients = {f"client:{outcome.base[truth.base[index].name].key}" for index in looked_at}
        wanted |= {contact: clients} | {client: {contact} for client in clients}
    return wanted


@pytest.mark.parametrize(
    "size", [SMALL, pytest.param(WHOLE, marks=pytest.mark.acceptance)], ids=["small", "whole"]
)
def test_two_filled_systems_come_together_as_is_true_within_the_limits(installed, size, capsys):
    truth = size.truth
    with installed(*size.words) as site:
        site.configure(CLIENTS)
        before = site.records("portal")

        full = site.types("full")
        calls, after = site.calls("portal"), site.records("portal")

        assert full["exit_code"] == 0
        assert full["journal"]["links"] == size.portal + size.base - size.same - 3 * size.doubtful
        outcome = Outcome(site)
        judge(outcome, truth)
        listed = site.types("reviews", "journal")["reviews"]
        assert {one["key"]: set(one["candidates"]) for one in listed} == reviews_of(outcome, truth)

        written = site.writes()
        for words in ("changes", "full"):
            assert site.types(words)["exit_code"] == 0
        assert site.writes() == written, "a further exchange writes nothing"
        assert not [line["name"] for line in site.calls("portal") if line["status"] in REFUSED]

    requests = sum(line["name"] != TOKEN for line in calls)
    least = least_requests(before, after)
    lasted_s = calls[-1]["at_s"] - calls[0]["at_s"]
    with capsys.disabled():
        print(
            f"\n{size.base} and {size.portal} clients: {requests} requests in {lasted_s:.0f} s, "
            f"least possible {least}, ratio {requests / least:.2f} (aim 1.1)"
        )
    assert requests <= size.ratio_max * least
