"""Clients on the portal: cards and requisites to records and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.entities.clients import CLIENT, ClientKind
from sverka.entities.persons import CONTACT_PERSON
from sverka.records import Item, ItemChanges, split_key, typed_key
from sverka.settings import (
    COMPANY_PRESET,
    INDIVIDUAL_PRESET,
    PERSON_PRESET,
    PRESETS,
    SHAPES,
    ClientSettings,
    Shape,
)
from sverka.wire.b24_cards import (
    Requisites,
    decode_card,
    encode_card,
    encode_requisite,
    kind_of,
    lives_in_requisite,
)

LOADED = Requisites({COMPANY_PRESET: "1", INDIVIDUAL_PRESET: "2", PERSON_PRESET: "3"})
SETTINGS = ClientSettings()
GUID = "0a1b2c3d-0000-4000-8000-00000000000f"


def decoded(card, requisite=None, addresses=None, *, shape=Shape.COMPANY, settings=SETTINGS):
    return decode_card(
        shape,
        {"ID": "12", **card},
        requisite,
        addresses or {},
        settings=settings,
        presets=LOADED,
        originator="ONE_C",
    )


def requisite(**fields):
    return {"ID": "31", "PRESET_ID": "1", **fields}


words = st.text("абвГД-", min_size=1, max_size=8)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)
digits = st.text("0123456789", max_size=9)
scalars = st.fixed_dictionaries(
    {"name": names, "full_name": names, "person_name": names, "inn": digits, "kpp": digits}
)


@given(values=scalars, kind=st.sampled_from(ClientKind))
def test_what_is_written_is_what_is_read(values, kind):
    shape = SHAPES[kind]
    card = encode_card(CLIENT, shape, values, {})
    details = encode_requisite(kind, values)
    preset = LOADED.preset_id(PRESETS[kind])

    record = decoded(card, requisite(**{**details, "PRESET_ID": preset}), shape=shape)

    for name in values.keys() & CLIENT.carried(shape, kind):
        # The first kind of a template is read: a state body shares its one with legal entities.
        if name in record.values:
            assert record.values[name] == values[name]


@given(values=st.lists(st.text("+7495", min_size=1, max_size=6), unique=True, max_size=3))
def test_added_phones_are_sent_as_work_ones(values):
    rows = encode_card(CLIENT, Shape.COMPANY, {"phones": tuple(map(Item, values))}, {})["PHONE"]

    assert rows == [{"VALUE": value, "VALUE_TYPE": "WORK"} for value in values]


def test_one_update_changes_adds_and_removes_single_values_by_their_ids():
    changes = ItemChanges(
        changed=((Item("1", "MOBILE", "41"), Item("2", "MOBILE", "41")),),
        added=(Item("3"),),
        removed=(Item("4", "WORK", "43"),),
    )

    assert encode_card(CLIENT, Shape.COMPANY, {"phones": changes}, {})["PHONE"] == [
        {"ID": "41", "VALUE": "2"},
        {"ID": "43", "DELETE": "Y"},
        {"VALUE": "3", "VALUE_TYPE": "WORK"},
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Иванов Иван Иванович", ("Иванов", "Иван", "Иванович")),
        ("Иванов Иван", ("Иванов", "Иван", "")),
        ("Иван", ("", "Иван", "")),
        ("Алиев Вагиф Гасан оглы", ("Алиев", "Вагиф", "Гасан оглы")),
        ("", ("", "", "")),
    ],
)
def test_a_full_name_is_parted_into_its_words(name, parts):
    card = encode_card(CLIENT, Shape.CONTACT, {"name": name}, {})

    assert (card["LAST_NAME"], card["NAME"], card["SECOND_NAME"]) == parts
    assert decoded(card, shape=Shape.CONTACT).values["name"] == name


def test_only_given_fields_are_sent():
    assert encode_card(CLIENT, Shape.COMPANY, {}, {}) == {}
    assert encode_card(CLIENT, Shape.COMPANY, {"inn": "1"}, {}) == {}
    assert encode_requisite("legal", {"name": "X"}) == {"RQ_COMPANY_NAME": "X"}
    assert encode_requisite("sole_trader", {"name": "X"}) == {}


def test_a_cleared_field_is_sent_empty():
    assert encode_requisite("legal", {"kpp": ""}) == {"RQ_KPP": ""}


def test_a_sole_trader_has_no_kpp_and_an_ogrnip():
    sent = encode_requisite("sole_trader", {"kpp": "1", "registration_no": "304"})

    assert sent == {"RQ_OGRNIP": "304"}


def test_a_card_without_a_requisite_does_not_carry_its_fields():
    values = decoded({"TITLE": "Ромашка"}).values

    assert values["name"] == "Ромашка"
    assert "inn" not in values


def test_an_empty_requisite_field_is_carried_empty():
    assert decoded({}, requisite(RQ_INN=None)).values["inn"] == ""


def test_values_are_read_in_normal_form():
    card = {
        "TITLE": "  Ромашка   ООО ",
        "PHONE": [{"ID": 41, "VALUE": "8 (495) 123-45-67", "VALUE_TYPE": "WORK"}],
        "EMAIL": [{"ID": "43", "VALUE": " Info@Romashka.Example ", "VALUE_TYPE": "HOME"}],
    }

    record = decoded(card, requisite(RQ_INN="77 0708 3893"))

    assert record.values["name"] == "Ромашка ООО"
    assert record.values["inn"] == "7707083893"
    phone, email = record.values["phones"][0], record.values["emails"][0]
    assert (phone.value, phone.label, phone.key) == ("+74951234567", "WORK", "41")
    assert (email.value, email.label) == ("info@romashka.example", "HOME")


def test_our_mark_is_told_from_that_of_another_system():
    ours = decoded({"ORIGINATOR_ID": "ONE_C", "ORIGIN_ID": GUID.upper()})
    foreign = decoded({"ORIGINATOR_ID": "AMO", "ORIGIN_ID": GUID})
    unmarked = decoded({"ORIGINATOR_ID": None, "ORIGIN_ID": None})

    assert (ours.external, ours.foreign_origin) == (GUID, False)
    assert (foreign.external, foreign.foreign_origin) == ("", True)
    assert (unmarked.external, unmarked.foreign_origin) == ("", False)


def test_an_own_company_is_no_client():
    assert decoded({"IS_MY_COMPANY": "Y"}).outside == "own company"


@pytest.mark.parametrize("company", ["0", None, ""])
def test_an_unbound_contact_is_a_client(company):
    assert not decoded({"COMPANY_ID": company}, shape=Shape.CONTACT).outside


def test_a_bound_contact_is_a_contact_person():
    bound = {"COMPANY_ID": "12", "LAST_NAME": "Котова", "NAME": "Анна", "POST": "директор"}

    person = decoded(bound, shape=Shape.CONTACT)

    assert (person.entity, person.kind, person.outside) == ("person", "", "")
    assert person.values["owner"] == "company:12"
    assert (person.values["name"], person.values["post"]) == ("Котова Анна", "директор")


def test_contact_persons_may_stay_at_home():
    quiet = ClientSettings(contact_persons=False)

    assert decoded({"COMPANY_ID": "12"}, shape=Shape.CONTACT, settings=quiet).outside


def test_a_contact_person_is_written_with_the_company_by_its_key_on_the_portal():
    values = {"name": "Котова Анна", "owner": "client:a1", "post": "директор"}

    card = encode_card(CONTACT_PERSON, Shape.CONTACT, values, {"owner": "company:12"})

    assert card == {
        **{"LAST_NAME": "Котова", "NAME": "Анна", "SECOND_NAME": ""},
        **{"COMPANY_ID": "12", "POST": "директор"},
    }


@pytest.mark.parametrize(
    ("shape", "preset", "kind"),
    [
        (Shape.COMPANY, COMPANY_PRESET, ClientKind.LEGAL),
        (Shape.COMPANY, INDIVIDUAL_PRESET, ClientKind.SOLE_TRADER),
        (Shape.CONTACT, PERSON_PRESET, ClientKind.PERSON),
        (Shape.COMPANY, "", ClientKind.LEGAL),
        (Shape.COMPANY, "#unknown#", ClientKind.LEGAL),
    ],
)
def test_the_template_tells_the_kind(shape, preset, kind):
    assert kind_of(shape, preset, SETTINGS) is kind


def test_a_portal_without_contacts_among_the_shapes_takes_all_for_legal():
    companies = ClientSettings(shapes=dict.fromkeys(SHAPES, Shape.COMPANY))

    assert kind_of(Shape.CONTACT, "", companies) is ClientKind.LEGAL


def test_a_kind_is_told_by_a_mapped_template_only():
    individual = {**requisite(), "PRESET_ID": "2"}

    assert decoded({}, individual).values["kind"] == "sole_trader"
    assert decoded({}, requisite()).values["kind"] == "legal"
    assert "kind" not in decoded({}).values
    assert "kind" not in decoded({}, {**requisite(), "PRESET_ID": "7"}).values
    assert decoded({}, individual, shape=Shape.CONTACT).kind is ClientKind.SOLE_TRADER


def test_the_kind_is_no_field_of_the_requisite():
    assert encode_requisite("legal", {"kind": "legal"}) == {}


def test_the_requisite_of_a_record_is_remembered():
    assert decoded({}, requisite()).parts == {"requisite": "31"}
    assert decoded({}).parts == {}


@given(shape=st.sampled_from(Shape), b24_id=st.integers(1, 10**9))
def test_a_key_is_taken_apart_again(shape, b24_id):
    assert split_key(typed_key(shape, b24_id)) == (shape, str(b24_id))


def test_templates_are_known_by_their_xml_id_both_ways():
    assert (LOADED.preset_id(COMPANY_PRESET), LOADED.xml_id("1")) == ("1", COMPANY_PRESET)
    assert (LOADED.preset_id("#none#"), LOADED.xml_id("99")) == ("", "")


def test_where_a_field_lives_depends_on_the_kind():
    assert lives_in_requisite(CLIENT, "kpp", "legal")
    assert not lives_in_requisite(CLIENT, "kpp", "sole_trader")
    assert not lives_in_requisite(CLIENT, "name", "legal")


def test_a_new_card_does_not_take_over_the_other_sides_types():
    phone = Item("+74951234567", "b35cd05c-74de-4eed-bd63-68ec56c2c91c", "1")
    card = encode_card(CLIENT, Shape.COMPANY, {"phones": (phone,)}, {})
    assert card["PHONE"] == [{"VALUE": "+74951234567", "VALUE_TYPE": "WORK"}]
