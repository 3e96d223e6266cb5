"""The worked examples B2, B3, B4, B7, B8 and B9 with their data as given: one table for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from onec_emulator.details import Account, Bank
from sverka.records import Level
from sverka.settings import PRESETS
from sverka_emulator_kit.people import Client, Kind
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.builders import Someone
from sverka_scenarios.people import MANAGER
from sverka_scenarios.views import CLIENTS
from sverka_scenarios.world import World, opened

CRITERIA = ("email", "inn+kpp", "name")
KPP = "990101001"
BOTH = ("module", "strict")


def legal(name: str, **fields: Any) -> Someone:
    return Someone(Client(kind=Kind.LEGAL, name=name, **fields))


@dataclass(slots=True)
class Base:
    """The clients that the tables of B2 and B3 name."""

    world: World
    clients: dict[str, Someone]

    def guid(self, name: str) -> str:
        return self.clients[name].keys["base"]

    def name(self, name: str) -> str:
        """What the base calls him now."""
        return self.world.base.views()[self.guid(name)].name


def entered_in(world: World) -> Base:
    clients = {
        "Альфа": legal("Альфа ООО", inn="9901001013", kpp=KPP, emails=("info@alfa.example",)),
        "Бета": legal("Бета ООО", inn="9901001020", kpp=KPP, emails=("office@beta.example",)),
        "Вега": Someone(Client(kind=Kind.SOLE_TRADER, name="ИП Вега И. О.", inn="990100101075")),
        "Гамма": legal("Гамма ООО", inn="9901001038", kpp=KPP),
        "Север": legal("Север ООО", inn="9901001045", kpp=KPP, emails=("buh@holding.example",)),
        "Юг": legal("Юг ООО", inn="9901001060", kpp=KPP, emails=("buh@holding.example",)),
    }
    return Base(world, clients)


def change_card(world: World, who: Someone, **fields: str) -> None:
    _, number = who.keys["portal"].split(":")
    world.portal_system.act("crm.company.update", {"id": number, "fields": fields}, MANAGER)


def recognised_by(world: World, who: Someone) -> list[str]:
    """By which criteria the history says that he was recognised."""
    lines = [line.text for line in world.core.history() if line.key in who.listed_as]
    said = [line.removeprefix("recognised by ") for line in lines if line.startswith("recognised")]
    return [line.partition(":")[0] for line in said]


def warnings(world: World) -> list[str]:
    return [line.text for line in world.core.history() if line.level is Level.WARNING]


ALFA_EMAIL, BETA_EMAIL = ("info@alfa.example",), ("office@beta.example",)
B2 = {
    # arriving company, its ORIGINATOR_ID and whose GUID is in ORIGIN_ID, who it is, by what
    "2: our mark goes before another's e-mail": (
        legal("Кто-то ООО", emails=BETA_EMAIL),
        ("ONE_C", "Альфа"),
        "Альфа",
        ["external ID"],
    ),
    "3: another system's mark says nothing, the e-mail does": (
        legal("Кто-то ООО", emails=(" INFO@Alfa.Example",)),
        ("AMO", "Бета"),
        "Альфа",
        ["email"],
    ),
    "4: empty KPP equals empty KPP": (
        Someone(Client(kind=Kind.SOLE_TRADER, name="Вега", inn="990100101075")),
        None,
        "Вега",
        ["inn+kpp"],
    ),
    "5: empty KPP is not any KPP": (
        legal("Торговый дом", inn="9901001013"),
        None,
        "",
        [],
    ),
    "6: a marked record is no candidate": (
        legal("Гамма-2", inn="9901001038", kpp=KPP),
        None,
        "",
        [],
    ),
}


@pytest.fixture
def four() -> Iterator[Base]:
    """A base with the four clients of B2, of whom Гамма is marked for deletion."""
    with opened(Arrangement(criteria=CRITERIA)) as world:
        yield entered_in(world)


def enter_four(base: Base, *but: str) -> None:
    names = [name for name in ("Альфа", "Бета", "Вега", "Гамма") if name not in but]
    base.world.base.has(*(base.clients[name] for name in names))
    base.world.base.marks(base.clients["Гамма"])


@pytest.mark.parametrize("row", B2)
def test_b2_order_of_criteria(row: str, four: Base):
    given, mark, expected, by = B2[row]
    arriving, world = Someone(given.client), four.world
    enter_four(four)
    world.portal.has(arriving)
    if mark:
        change_card(world, arriving, ORIGINATOR_ID=mark[0], ORIGIN_ID=four.guid(mark[1]))

    world.exchange_everything()

    assert recognised_by(world, arriving) == by
    assert len(world.base.views()) == (3 if expected else 4)
    if expected:
        world.portal.edits(arriving, name="Проверка связи ООО")
        world.exchange()
        assert four.name(expected) == "Проверка связи ООО"
    else:
        assert arriving.name in [view.name for view in world.base.views().values()]


def test_b2_1_the_link_decides_whatever_name_and_email_say(four: Base):
    world, beta = four.world, four.clients["Бета"]
    world.base.has(beta)
    world.exchange_everything()
    enter_four(four, "Бета")
    company = world.portal.key(beta)
    world.portal.people.edit(company, name="Альфа ООО")
    world.portal.people.add(company, "EMAIL", "info@alfa.example")

    world.exchange()

    shown = world.base.views()
    assert four.name("Бета") == "Альфа ООО"
    assert set(shown[four.guid("Бета")].emails) == {"office@beta.example", "info@alfa.example"}
    assert shown[four.guid("Альфа")].emails == {"info@alfa.example": 1}
    assert shown[four.guid("Альфа")].inn == "9901001013"


def test_b2_3_the_other_systems_mark_stays(four: Base):
    world, arriving = four.world, legal("Кто-то ООО", emails=ALFA_EMAIL)
    enter_four(four)
    world.portal.has(arriving)
    change_card(world, arriving, ORIGINATOR_ID="AMO", ORIGIN_ID=four.guid("Бета"))

    world.exchange_everything()

    card = world.portal_system.records()["company"][arriving.keys["portal"].split(":")[1]]
    assert (card["ORIGINATOR_ID"], card["ORIGIN_ID"]) == ("AMO", four.guid("Бета"))


@pytest.mark.parametrize(
    ("row", "names"),
    [("5: empty KPP is not any KPP", "Альфа"), ("6: a marked record is no candidate", "Гамма")],
)
def test_b2_a_new_client_with_a_known_inn_is_warned_of(row: str, names: str, four: Base):
    arriving = Someone(B2[row][0].client)
    enter_four(four)
    four.world.portal.has(arriving)

    four.world.exchange_everything()

    assert any(f"INN also on client:{four.guid(names)}" in line for line in warnings(four.world))


def test_b2_7_an_own_company_is_never_a_client(four: Base):
    world, own = four.world, legal("Своя ООО", inn="9901001013", kpp=KPP)
    enter_four(four)
    world.portal.has(own)
    change_card(world, own, IS_MY_COMPANY="Y")

    world.exchange_everything()

    assert len(world.base.views()) == 3
    assert recognised_by(world, own) == []


HOLDING = ("buh@holding.example",)
B3 = {
    # arriving company, who is linked before, hits; what `module` and `strict` do
    "1: INN+KPP decides where the e-mail cannot": (
        legal("Некто ООО", inn="9901001060", kpp=KPP, emails=HOLDING),
        "",
        ("Север", "Юг"),
        ("Юг", "Юг"),
    ),
    "2: an ambiguous e-mail, and nobody of that name": (
        legal("Запад", emails=HOLDING),
        "",
        ("Север", "Юг"),
        ("new", "review"),
    ),
    "3: a linked client is still a hit": (
        legal("Запад", emails=HOLDING),
        "Север",
        ("Север", "Юг"),
        ("new", "review"),
    ),
    "4: the only hit is taken": (
        legal("Запад", emails=ALFA_EMAIL),
        "Альфа",
        ("Альфа",),
        ("new", "review"),
    ),
}


def holding(world: World, linked: str, hits: tuple[str, ...]) -> Base:
    base = entered_in(world)
    if linked:
        world.base.has(base.clients[linked])
        world.exchange_everything()
    for name in hits:
        if name != linked:
            world.base.has(base.clients[name])
    return base


@pytest.mark.parametrize("policy", BOTH)
@pytest.mark.parametrize("row", B3)
def test_b3_ambiguity(row: str, policy: str):
    given, linked, hits, verdicts = B3[row]
    verdict, arriving = dict(zip(BOTH, verdicts, strict=True))[policy], Someone(given.client)
    with opened(Arrangement(criteria=CRITERIA, policy=policy)) as world:
        base = holding(world, linked, hits)
        world.portal.has(arriving)

        world.exchange_everything()

        names = [view.name for view in world.base.views().values()]
        assert len(names) == len(hits) + (verdict == "new")
        if verdict == "review":
            world.reviewed(arriving, [base.clients[name] for name in hits])
        elif verdict == "new":
            assert arriving.name in names
            assert world.lying_in_group() == 1
        else:
            world.portal.edits(arriving, name="Проверка связи ООО")
            world.exchange()
            assert base.name(verdict) == "Проверка связи ООО"


@pytest.mark.parametrize("policy", BOTH)
@pytest.mark.parametrize("row", [row for row in B3 if not row.startswith("1")])
def test_b3_both_policies_note_the_ambiguity(row: str, policy: str):
    given, linked, hits, _ = B3[row]
    with opened(Arrangement(criteria=CRITERIA, policy=policy)) as world:
        base = holding(world, linked, hits)
        world.portal.has(Someone(given.client))

        world.exchange_everything()

        assert any(all(base.guid(name) in line for name in hits) for line in warnings(world))


@pytest.mark.parametrize("decision", ["Север", "new"])
def test_b3_a_decision_is_made_once(decision: str):
    with opened(Arrangement(criteria=CRITERIA)) as world:
        base = holding(world, "", ("Север", "Юг"))
        arriving = legal("Запад", emails=HOLDING)
        world.portal.has(arriving)
        world.exchange_everything()

        if decision == "new":
            world.operator.decides_new(arriving)
        else:
            world.operator.decides(arriving, base.clients[decision])
        world.exchange()

        assert len(world.base.views()) == (3 if decision == "new" else 2)
        written = world.write_count()
        world.exchange(times=3)
        assert world.write_count() == written
        mine = [review for review in world.core.reviews() if review.key in arriving.listed_as]
        assert [bool(review.decided) for review in mine] == [True]


B7 = {
    # kind of client, shape on the portal, template
    "1": (Kind.LEGAL, "company", 1),
    "2": (Kind.SOLE_TRADER, "company", 2),
    "3": (Kind.PERSON, "contact", 3),
}
OTHER_PORTAL = {1: 11, 2: 14, 3: 9}
"""Numbers of the three templates on another portal."""


@pytest.mark.parametrize("numbers", [{1: 1, 2: 2, 3: 3}, OTHER_PORTAL], ids=["fresh", "other"])
@pytest.mark.parametrize("row", B7)
def test_b7_each_type_takes_its_template_by_its_lasting_name(row: str, numbers: dict[int, int]):
    kind, shape, preset = B7[row]
    with opened(Arrangement()) as world:
        renumber_presets(world, numbers)
        who = world.base.has(world.make.client(kind))

        world.exchange()

        world.portal.shows(who, shape=shape, requisites=1)
        (requisite,) = world.portal_system.records()["requisite"].values()
        assert requisite["PRESET_ID"] == str(numbers[preset])


def renumber_presets(world: World, numbers: dict[int, int]) -> None:
    table = world.portal_system.tables["requisite_preset"]
    rows = {numbers[old]: row for old, row in table.rows.items()}
    for number in list(table.rows):
        table.drop(number)
    for number, row in rows.items():
        table.put(number, {**row, "ID": str(number)})


def test_b7_4_and_5_a_type_without_a_pair_waits_and_goes_to_the_same_company():
    with opened(Arrangement(presets={**PRESETS, "state_body": ""})) as world:
        inspection = Someone(
            Client(kind=Kind.STATE_BODY, name="ИФНС", inn="9901001084", kpp=KPP, full_name="ИФНС")
        )
        others = [world.make.client(kind) for kind, _, _ in B7.values()]
        world.base.has(others[0], inspection, *others[1:])

        world.exchange()

        for who in others:
            world.portal.shows(who, requisites=1)
        world.portal.shows(inspection, shape="company", requisites=0)
        (reason,) = world.unsent()
        assert reason.startswith("requisites of ИФНС: no preset for state_body")

        company = world.portal.key(inspection)
        world.operator.sets(presets=PRESETS)
        world.operator.resends()
        world.exchange()

        world.portal.shows(inspection, key=company, requisites=1, inn="9901001084")
        world.portal.shows_count(4)
        assert world.unsent() == []


def test_b7_8_who_becomes_a_sole_trader_gets_a_new_requisite_and_the_old_one_goes_out_of_force():
    with opened(Arrangement()) as world:
        who = world.base.has(world.make.legal())
        world.exchange()
        company = world.portal.key(who)

        world.base.turns(who, into=world.make.sole_trader().client)
        world.exchange(times=2)

        rows = world.portal_system.records()["requisite"].values()
        shown = [(row["PRESET_ID"], row["ACTIVE"], row["XML_ID"]) for row in rows]
        guid = who.keys["base"]
        assert shown == [("1", "N", guid), ("2", "Y", guid)]
        world.portal.shows(who, key=company)


DELTA = {"inn": "9901001077", "kpp": KPP}


@pytest.mark.parametrize(("policy", "clients"), [("strict", 1), ("module", 2)])
def test_b4_inn_and_kpp_in_realtime(policy: str, clients: int):
    arrangement = Arrangement(policy=policy, criteria=("email", "inn+kpp"))
    with opened(arrangement) as world:
        world.base.has(legal("Дельта ООО", **DELTA))
        # The portal knows him without a word of 1C's: nobody carries that way yet.
        world.changes_settings(to_portal=False)
        world.exchange_everything()
        world.operator.sets(hold_without_requisites_s=600.0)
        world.goes_realtime()
        saved = legal("Дельта")
        world.portal.has_without_requisites(saved)  # 10:00:00
        world.wait(8.0)
        waiting = [entry.reason for entry in world.core.unsent()]
        assert [("no requisites yet" in reason) for reason in waiting] == [True] * (2 - clients)

        world.portal.edits(saved, **DELTA)  # 10:00:08
        world.wait(5.0)

        world.base.shows_count(clients)
        assert {view.inn for view in world.base.views().values()} == {DELTA["inn"]}
        assert not world.unsent()


def test_b4_without_a_requisite_in_ten_minutes_he_is_new():
    with opened(Arrangement(criteria=("email", "inn+kpp"))) as world:
        world.exchange_everything()
        world.operator.sets(hold_without_requisites_s=600.0)
        world.goes_realtime()
        world.portal.has_without_requisites(legal("Дельта"))
        world.wait(590.0)
        world.base.shows_count(0)

        world.wait(20.0)

        world.base.shows_count(1)
        assert world.lying_in_group() == 1


ROMASHKA = legal(
    "Ромашка ООО",
    full_name='ООО "Ромашка"',
    inn="9901001052",
    kpp=KPP,
    registration_no="1029900000019",
    okpo="00012345",
)
REQUISITE = {
    "ENTITY_TYPE_ID": "4",
    "PRESET_ID": "1",
    "RQ_INN": "9901001052",
    "RQ_KPP": KPP,
    "RQ_OGRN": "1029900000019",
    "RQ_OKPO": "00012345",
    "RQ_COMPANY_NAME": "Ромашка ООО",
    "RQ_COMPANY_FULL_NAME": 'ООО "Ромашка"',
}
BOOKKEEPING = {"DATE_MODIFY", "MODIFY_BY_ID", "DataVersion"}
B8 = {
    # who edits what, what a program writes then: verb, entity, fields
    "1: a second exchange writes nothing": ("", {}, []),
    "2: the KPP goes into the requisite alone": (
        "base",
        {"kpp": "990101002"},
        [("update", "requisite", {"RQ_KPP"})],
    ),
    "3: a requisite edited alone arrives": (
        "portal",
        {"okpo": "00054326"},
        [("update", CLIENTS, {"КодПоОКПО"})],
    ),
    "6: an INN with a bad check digit travels": (
        "base",
        {"inn": "9901001053"},
        [("update", "requisite", {"RQ_INN"})],
    ),
}


@pytest.fixture
def romashka() -> Iterator[tuple[World, Someone]]:
    with opened(Arrangement()) as world:
        who = world.base.has(Someone(ROMASHKA.client))
        world.exchange()
        yield world, who


def test_b8_the_first_exchange_makes_company_and_requisite(romashka: tuple[World, Someone]):
    world, who = romashka
    (company,) = world.portal_system.records()["company"].values()
    (requisite,) = world.portal_system.records()["requisite"].values()
    guid = who.keys["base"]
    assert [company[name] for name in ("TITLE", "ORIGINATOR_ID", "ORIGIN_ID")] == [
        "Ромашка ООО",
        "ONE_C",
        guid,
    ]
    assert {name: requisite[name] for name in REQUISITE} == REQUISITE
    assert (requisite["ENTITY_ID"], requisite["XML_ID"]) == (company["ID"], guid)


FIRST = Account("40702810700000000101", Bank("049999001", "БАНК", "30101810900000000001"))
SECOND = Account("40702810400000000102", FIRST.bank)


def test_b8_accounts_hang_on_the_requisite_and_the_second_comes_beside_the_first(
    romashka: tuple[World, Someone],
):
    world, who = romashka
    guid = world.money.base.enter(who.keys["base"], FIRST)
    world.exchange()
    ((key, first),) = world.portal_system.records()["bankdetail"].items()
    (requisite,) = world.portal_system.records()["requisite"]
    wanted = {
        "ENTITY_ID": requisite,
        "XML_ID": guid,
        "RQ_ACC_NUM": FIRST.number,
        "RQ_BIK": "049999001",
        "RQ_COR_ACC_NUM": "30101810900000000001",
    }
    assert {name: first[name] for name in wanted} == wanted
    written = len(world.touches())

    world.exchange()
    assert len(world.touches()) == written  # row 1
    world.money.base.enter(who.keys["base"], SECOND)
    world.exchange()

    details = world.portal_system.records()["bankdetail"]
    assert details[key] == first  # row 5
    assert sorted(row["RQ_ACC_NUM"] for row in details.values()) == [SECOND.number, FIRST.number]


@pytest.mark.parametrize("row", B8)
def test_b8_requisites(row: str, romashka: tuple[World, Someone]):
    side, edited, expected = B8[row]
    world, who = romashka
    written = len(world.touches())
    if side:
        people = {"base": world.base, "portal": world.portal}[side].people
        keys = {"base": who.keys["base"], "portal": world.portal.key(who)}
        people.edit(keys[side], **edited)

    world.exchange(times=2)

    fresh = sorted(world.touches(), key=lambda touch: touch.at_s)[written:]
    assert [(t.verb, t.entity, t.changed() - BOOKKEEPING) for t in fresh] == expected
    world.portal.shows_count(1)
    for end in (world.portal, world.base):
        (view,) = end.views().values()
        assert {name: getattr(view, name) for name in edited} == edited


def test_b8_6_a_bad_check_digit_is_warned_of_once(romashka: tuple[World, Someone]):
    world, who = romashka
    world.base.edits(who, inn="9901001053")

    world.exchange(times=3)

    said = [line for line in warnings(world) if "check digit" in line]
    assert len(said) == 1
    assert "9901001053" in said[0]


B9 = {
    # value before, value after, its type after, whether it keeps its ID
    "41: changed": ("+74951234567", "+74951234568 ext 12", "WORK", True),
    "42: typed by a manager": ("+79031112233", "+79031112233", "MOBILE", True),
    "44: added in 1C": ("", "+78125550011", "WORK", False),
}


@pytest.fixture
def phones() -> Iterator[tuple[World, Someone, dict[str, str]]]:
    """The story of B9 up to its end, and the IDs of the values before the last exchange."""
    client = Client(
        kind=Kind.LEGAL,
        name="Ромашка ООО",
        phones=("8 (495) 123-45-67",),
        emails=("info@romashka.example",),
    )
    with opened(Arrangement()) as world:
        who = world.base.has(Someone(client))
        world.exchange(times=2)
        world.portal.adds_phone(who, "+79031112233", "MOBILE")
        ids = {row["VALUE"]: row["ID"] for row in card(world)["PHONE"]}
        world.base.changes_phone(who, "8 (495) 123-45-67", "8 (495) 123-45-68 доб. 12")
        world.base.people.remove(who.keys["base"], "EMAIL", "info@romashka.example")
        world.base.adds_phone(who, "8 (812) 555-00-11")
        world.exchange()
        yield world, who, ids


def card(world: World) -> Any:
    (company,) = world.portal_system.records()["company"].values()
    return company


@pytest.mark.parametrize("row", B9)
def test_b9_phones(row: str, phones: tuple[World, Someone, dict[str, str]]):
    before, after, kind, keeps_id = B9[row]
    world, _, ids = phones
    (shown,) = [value for value in card(world)["PHONE"] if value["VALUE"] == after]
    assert shown["VALUE_TYPE"] == kind
    assert (shown["ID"] == ids.get(before)) is keeps_id


def test_b9_nothing_else_is_left_and_one_update_did_it(
    phones: tuple[World, Someone, dict[str, str]],
):
    world, who, _ = phones
    assert sorted(row["VALUE"] for row in card(world)["PHONE"]) == sorted(
        after for _, after, _, _ in B9.values()
    )
    assert not card(world).get("EMAIL")
    updates = [touch for touch in world.touches() if touch.verb == "update"]
    assert sorted(touch.entity for touch in updates) == [CLIENTS, "company"]
    world.base.shows_phones(who, *(after for _, after, _, _ in B9.values()))


def test_b9_a_mobile_that_is_changed_in_1c_stays_a_mobile(
    phones: tuple[World, Someone, dict[str, str]],
):
    world, who, ids = phones
    world.base.changes_phone(who, "+79031112233", "8 903 111-22-44")

    world.exchange()

    (shown,) = [value for value in card(world)["PHONE"] if value["VALUE"] == "+79031112244"]
    assert (shown["ID"], shown["VALUE_TYPE"]) == (ids["+79031112233"], "MOBILE")


def test_b9_three_more_exports_write_nothing(phones: tuple[World, Someone, dict[str, str]]):
    world, _, _ = phones
    written = world.write_count()
    world.exchange_everything()
    world.exchange(times=2)
    assert world.write_count() == written


@pytest.mark.parametrize("row", B9)
def test_b9_the_row_in_1c_is_filled_as_its_window_fills_it(
    row: str, phones: tuple[World, Someone, dict[str, str]]
):
    world, who, _ = phones
    _, after, _, _ = B9[row]
    digits = "".join(filter(str.isdigit, after.partition(" ext")[0]))
    lines = world.base_system.records()[CLIENTS][who.keys["base"]]["КонтактнаяИнформация"]
    mine = [line for line in lines if line["НомерТелефона"].startswith(digits)]
    assert [(line["Тип"], line["Вид_Key"]) for line in mine] == [
        ("Телефон", world.base_system.kind_key("ТелефонКонтрагента"))
    ]
