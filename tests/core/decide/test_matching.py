"""Who is who: the rows of the worked examples B2 and B3, and what stands behind them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.decide.matching import (
    EXTERNAL,
    Hits,
    Matched,
    New,
    Unclear,
    hits_of,
    likes,
    match,
    search_keys,
)
from sverka.records import Item, Record, Review, SideName
from sverka.settings import Criterion, Policy

CRITERIA = (EXTERNAL, Criterion.EMAIL, Criterion.INN_KPP, Criterion.NAME)
BOTH = (Policy.STRICT, Policy.MODULE)


def base_client(key, **values):
    emails = tuple(Item(value) for value in values.pop("emails", ()))
    return Record(side=SideName.INFOBASE, key=key, values={**values, "emails": emails})


def arriving(external="", **values):
    emails = tuple(Item(value) for value in values.pop("emails", ()))
    return Record(
        side=SideName.PORTAL,
        key="company:110",
        values={**values, "emails": emails},
        external=external,
    )


ALFA = base_client(
    "alfa", name="Альфа ООО", inn="9901001013", kpp="990101001", emails=["info@alfa.example"]
)
BETA = base_client(
    "beta", name="Бета ООО", inn="9901001020", kpp="990101001", emails=["office@beta.example"]
)
VEGA = base_client("vega", name="ИП Вега И. О.", inn="990100101075", kpp="")
NORTH = base_client(
    "north", name="Север", inn="9901001045", kpp="990101001", emails=["buh@holding.example"]
)
SOUTH = base_client(
    "south", name="Юг", inn="9901001060", kpp="990101001", emails=["buh@holding.example"]
)


def known(*records):
    """Keys by criterion and value, as the journal knows them after a survey."""
    found = {EXTERNAL: {record.key: (record.key,) for record in records}}
    for record in records:
        for by, values in search_keys(record).found_by.items():
            for value in values:
                keys = found.setdefault(by, {}).get(value, ())
                found[by][value] = (*keys, record.key)
    return found


def matched(record, *candidates, taken=(), policy=Policy.STRICT, review=None):
    hits = hits_of(search_keys(record).found_by, known(*candidates), CRITERIA)
    return match(hits, taken=frozenset(taken), policy=policy, review=review)


@pytest.mark.parametrize("policy", BOTH)
def test_b2_2_our_mark_goes_before_the_email_of_another(policy):
    company = arriving("alfa", emails=["office@beta.example"])

    assert matched(company, ALFA, BETA, policy=policy) == Matched("alfa", EXTERNAL)


@pytest.mark.parametrize("policy", BOTH)
def test_b2_3_a_record_of_another_system_is_recognised_by_email(policy):
    company = arriving(emails=["info@alfa.example"])

    assert matched(company, ALFA, BETA, policy=policy) == Matched("alfa", Criterion.EMAIL)


def test_b2_4_an_empty_kpp_equals_an_empty_kpp():
    company = arriving(inn="990100101075", kpp="")

    assert matched(company, ALFA, VEGA) == Matched("vega", Criterion.INN_KPP)


def test_b2_5_an_empty_kpp_is_not_any_kpp():
    company = arriving(inn="9901001013", kpp="", name="Торговый дом")

    assert matched(company, ALFA) == New()


def test_b2_6_a_record_marked_for_deletion_is_no_candidate():
    gamma = Record(
        side=SideName.INFOBASE,
        key="gamma",
        values={"name": "Гамма ООО", "inn": "9901001038", "kpp": "990101001"},
        outside="marked for deletion",
        marked=True,
    )
    nameless = replace(gamma, key="nameless", values={"name": "Гамма ООО"})
    company = arriving(name="Гамма ООО", inn="9901001038", kpp="990101001")

    assert matched(company, gamma, nameless) == New()
    found = known(gamma, nameless)
    assert likes(search_keys(company).found_by, found) == ["gamma, marked for deletion"]


@pytest.mark.parametrize("policy", BOTH)
def test_b3_1_an_ambiguous_email_lets_the_next_criterion_decide(policy):
    company = arriving(emails=["buh@holding.example"], inn="9901001060", kpp="990101001")

    assert matched(company, NORTH, SOUTH, policy=policy) == Matched("south", Criterion.INN_KPP)


def test_b3_2_an_ambiguous_email_alone_is_for_a_person():
    company = arriving(emails=["buh@holding.example"], name="Запад")

    assert matched(company, NORTH, SOUTH) == Unclear(Criterion.EMAIL, ("north", "south"))


def test_b3_2_the_module_makes_a_new_client_of_it_and_says_so():
    company = arriving(emails=["buh@holding.example"], name="Запад")

    verdict = matched(company, NORTH, SOUTH, policy=Policy.MODULE)

    assert verdict == New("email also on north, south")


def test_b3_3_a_linked_client_is_still_a_hit():
    company = arriving(emails=["buh@holding.example"], name="Запад")

    verdict = matched(company, NORTH, SOUTH, taken=["north"])

    assert verdict == Unclear(Criterion.EMAIL, ("north", "south"))


def test_b3_4_one_hit_that_is_taken_looks_like_a_double():
    company = arriving(emails=["info@alfa.example"])

    assert matched(company, ALFA, taken=["alfa"]) == Unclear(Criterion.EMAIL, ("alfa",))


def test_b3_4_the_module_makes_a_new_client_of_it():
    company = arriving(emails=["info@alfa.example"])

    assert isinstance(matched(company, ALFA, taken=["alfa"], policy=Policy.MODULE), New)


@pytest.mark.parametrize("policy", BOTH)
@pytest.mark.parametrize(
    ("decided", "verdict"),
    [
        ("north", Matched("north", "decision")),
        ("new", New()),
    ],
)
def test_a_decision_is_made_once(policy, decided, verdict):
    company = arriving(emails=["buh@holding.example"])
    review = Review(
        side=SideName.PORTAL,
        key="company:110",
        criterion="email",
        candidates=("north", "south"),
        decided=decided,
    )

    assert matched(company, NORTH, SOUTH, policy=policy, review=review) == verdict


def test_an_open_review_decides_nothing():
    company = arriving(emails=["buh@holding.example"])
    review = Review(
        side=SideName.PORTAL, key="company:110", criterion="email", candidates=("north", "south")
    )

    assert isinstance(matched(company, NORTH, SOUTH, review=review), Unclear)


def test_nothing_found_is_a_new_client_under_both_policies():
    assert match([], taken=frozenset(), policy=Policy.STRICT, review=None) == New()
    assert match([Hits("name", ())], taken=frozenset(), policy=Policy.MODULE, review=None) == New()


def test_by_default_only_the_external_id_is_looked_at():
    twin = arriving(name="Альфа ООО", inn="9901001013", kpp="990101001")

    assert not any(hit.keys for hit in hits_of(search_keys(twin).found_by, known(ALFA), [EXTERNAL]))


def test_names_are_compared_without_case_and_double_blanks():
    keys = search_keys(arriving(name="  АЛЬФА   ооо "))

    assert keys.found_by[Criterion.NAME] == ("альфа ооо",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('ООО "Ромашка"', "Ромашка ООО"),
        ("ООО «Ромашка и Ко»", "РОМАШКА И КО  ООО"),
        ("ИП Вега И. О.", "Вега И. О. ИП"),
    ],
)
def test_names_are_compared_without_quotes_wherever_the_legal_form_stands(one, other):
    keys = [search_keys(arriving(name=name)).found_by[Criterion.NAME] for name in (one, other)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ромашка ООО", "Ромашка АО"), ("Ромашка ООО", "Ромашка"), ("Анна Лев", "Лев Анна")],
)
def test_another_form_or_another_order_of_words_is_another_name(one, other):
    keys = [search_keys(arriving(name=name)).found_by[Criterion.NAME] for name in (one, other)]
    assert keys[0] != keys[1]


def test_a_client_without_inn_is_not_found_by_the_lack_of_it():
    keys = search_keys(arriving(inn="", kpp="990101001"))

    assert keys.found_by[Criterion.INN] == ()
    assert keys.found_by[Criterion.INN_KPP] == ()


def test_a_candidate_with_two_equal_emails_is_one_hit():
    company = arriving(emails=["a@x.example", "b@x.example"])
    found = {Criterion.EMAIL: {"a@x.example": ("alfa",), "b@x.example": ("alfa",)}}

    assert hits_of(search_keys(company).found_by, found, [Criterion.EMAIL]) == [
        Hits(Criterion.EMAIL, ("alfa",))
    ]


def test_a_hit_that_others_of_its_own_side_could_claim_links_nobody():
    rivalled = Hits("email", ("company:1",), rivals=True)

    verdict = match([rivalled], taken=frozenset(), policy=Policy.STRICT, review=None)

    assert verdict == Unclear("email", ("company:1",))


def test_a_rivalled_hit_lets_the_next_criterion_decide():
    hits = [Hits("email", ("company:1",), rivals=True), Hits("inn+kpp", ("company:2",))]

    verdict = match(hits, taken=frozenset(), policy=Policy.STRICT, review=None)

    assert verdict == Matched("company:2", "inn+kpp")


hits = st.lists(
    st.builds(
        Hits,
        st.sampled_from(["email", "inn+kpp", "name"]),
        st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_size=4,
)


@given(hits=hits, taken=st.frozensets(st.sampled_from("abc")), policy=st.sampled_from(Policy))
def test_a_taken_client_is_never_linked_and_the_module_never_asks(hits, taken, policy):
    verdict = match(hits, taken=taken, policy=policy, review=None)

    assert not (isinstance(verdict, Matched) and verdict.key in taken)
    assert not (policy is Policy.MODULE and isinstance(verdict, Unclear))
    if policy is Policy.STRICT and any(hit.keys for hit in hits):
        assert not isinstance(verdict, New)


def test_a_mark_pairs_only_what_is_alike():
    found = {EXTERNAL: {"guid": ("company:1", "requisite:2")}}
    sought = {EXTERNAL: ("guid",)}
    assert hits_of(sought, found, [EXTERNAL])[0].keys == ("company:1",)
    assert hits_of(sought, found, [EXTERNAL], entity="counterparty")[0].keys == ("requisite:2",)


def test_a_client_with_several_counterparties_is_found_by_the_numbers_of_each():
    other = Record(side=SideName.PORTAL, key="company:1", values={"inn": "2", "kpp": ""})
    client = Record(
        side=SideName.PORTAL,
        key="company:1",
        values={"inn": "1", "kpp": ""},
        rivals=(other,),
    )
    assert search_keys(client).found_by[Criterion.INN_KPP] == ("1/", "2/")
