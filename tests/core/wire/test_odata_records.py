"""Clients in УНФ: catalogue items to records and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.entities.clients import CLIENT, ClientKind
from sverka.entities.configurations import BP30, CONFIGURATIONS, UNF, UNF16, UT11
from sverka.records import Item, ItemChanges
from sverka.wire.odata_records import (
    CONTACT_ROWS,
    EMAIL,
    PHONE,
    Dialect,
    decode_record,
    encode_bonds,
    encode_place,
    new_record,
)

GUID = "0a1b2c3d-0000-4000-8000-00000000000f"
KIND_KEYS = {
    "phones": "phone-kind",
    "emails": "email-kind",
    "legal_address": "legal-kind",
    "actual_address": "actual-kind",
}
IN_UNF, IN_BP = Dialect(UNF.clients, KIND_KEYS), Dialect(BP30.clients, KIND_KEYS)
SCALARS = tuple(f.name for f in CLIENT.fields if not f.multiple and not f.address)


def entity(**properties):
    return {"Ref_Key": GUID, "Покупатель": True, **properties}


def decoded(row, dialect=IN_UNF):
    return decode_record(row, (), dialect)


def phone_row(value, number="1"):
    return {"LineNumber": number, "Тип": PHONE, "Вид_Key": "phone-kind", "Представление": value}


def email_row(value):
    return {"Тип": EMAIL, "Вид_Key": "email-kind", "АдресЭП": value, "Представление": value}


def encoded(values, present=None, *, kind=ClientKind.LEGAL, dialect=IN_UNF):
    card = dialect.layout.card
    return encode_place(card, values, kind=kind, dialect=dialect, present=present)


def items(record, name):
    return [item.value for item in record.values[name]]


phones = st.lists(
    st.integers(1000000, 9999999).map(lambda n: f"+7495{n}"), unique=True, max_size=3
).map(lambda values: tuple(map(Item, values)))
emails = st.lists(
    st.sampled_from(["a@x.example", "b@x.example", "c@x.example"]), unique=True, max_size=3
).map(lambda values: tuple(map(Item, values)))
names = st.lists(st.text("абвГД", min_size=1, max_size=5), min_size=1, max_size=3).map(" ".join)
numbers = st.text("0123456789", max_size=9)


@given(
    name=names,
    inn=numbers,
    kpp=numbers,
    phones=phones,
    emails=emails,
    kind=st.sampled_from(ClientKind),
)
def test_what_is_written_is_what_is_read(name, inn, kpp, phones, emails, kind):
    values = {"name": name, "inn": inn, "kpp": kpp, "phones": phones, "emails": emails}

    record = decoded(entity(**new_record(UNF.clients.card, kind), **encoded(values)))

    assert {key: record.values[key] for key in values} == values
    assert record.kind == kind
    assert not record.outside


@given(before=phones, after=phones, mails=emails)
def test_changed_phones_leave_the_other_rows_alone(before, after, mails):
    rows = [phone_row(item.value) for item in before] + [email_row(item.value) for item in mails]
    present = decoded(entity(**{CONTACT_ROWS: rows}))
    changes = ItemChanges(
        added=tuple(item for item in after if item not in before),
        removed=tuple(item for item in before if item not in after),
    )

    properties = encoded({"phones": changes}, present)
    shown = decoded(entity(**{CONTACT_ROWS: rows, **properties}))

    assert set(shown.values["phones"]) == set(after)
    assert shown.values["emails"] == mails
    if changes:
        sent = properties[CONTACT_ROWS]
        assert [row["LineNumber"] for row in sent] == [str(n) for n in range(1, len(sent) + 1)]


def test_a_changed_phone_stays_in_its_row():
    rows = [phone_row("+74951111111"), phone_row("+74952222222", "2")]
    present = decoded(entity(**{CONTACT_ROWS: rows}))
    changes = ItemChanges(changed=((Item("+74951111111"), Item("+74953333333 ext 12")),))

    sent = encoded({"phones": changes}, present)[CONTACT_ROWS]

    assert [row["Представление"] for row in sent] == ["+74953333333 ext 12", "+74952222222"]
    assert sent[0]["НомерТелефона"] == "74953333333"
    assert sent[0]["Вид_Key"] == "phone-kind"


def test_a_new_email_brings_its_host_and_its_search_copy():
    sent = encoded({"emails": (Item("info@x.example"),)})

    row = sent[CONTACT_ROWS][0]
    assert (row["Тип"], row["Вид_Key"]) == (EMAIL, "email-kind")
    assert (row["АдресЭП"], row["ДоменноеИмяСервера"]) == ("info@x.example", "x.example")
    assert sent["АдресЭПДляПоиска"] == "info@x.example"


def test_unf_16_copies_phones_and_mails_to_properties_of_its_own_names():
    values = {"phones": (Item("+74951111111"),), "emails": (Item("info@x.example"),)}
    sent = encoded(values, dialect=Dialect(UNF16.clients, KIND_KEYS))

    assert (sent["НомерТелефона"], sent["АдресЭП"]) == ("74951111111", "info@x.example")
    assert sent.keys().isdisjoint({"НомерТелефонаДляПоиска", "АдресЭПДляПоиска"})


def test_the_search_copy_is_emptied_with_the_last_phone():
    present = decoded(entity(**{CONTACT_ROWS: [phone_row("+74951111111")]}))

    sent = encoded({"phones": ItemChanges(removed=(Item("+74951111111"),))}, present)

    assert (sent[CONTACT_ROWS], sent["НомерТелефонаДляПоиска"]) == ([], "")


def test_an_update_without_contacts_does_not_touch_their_table():
    assert encoded({"name": "A"}) == {"Description": "A"}
    assert encoded({"name": "A", "phones": ()}) == {"Description": "A"}


def test_a_cleared_field_is_sent_empty():
    assert encoded({"kpp": ""}) == {"КПП": ""}


TURNED = {
    "to a sole trader in УНФ": (
        IN_UNF,
        {"ВидКонтрагента": "ГосударственныйОрган"},
        "sole_trader",
        {
            "ВидКонтрагента": "ИндивидуальныйПредприниматель",
            "ЮридическоеФизическоеЛицо": "ФизическоеЛицо",
        },
    ),
    "to a sole trader in БП, whom his number tells": (
        IN_BP,
        {"ЮридическоеФизическоеЛицо": "ЮридическоеЛицо", "ГосударственныйОрган": True},
        "sole_trader",
        {"ЮридическоеФизическоеЛицо": "ФизическоеЛицо", "ГосударственныйОрган": False},
    ),
    "to a person in БП, who has no such number": (
        IN_BP,
        {"ЮридическоеФизическоеЛицо": "ЮридическоеЛицо"},
        "person",
        {
            "ЮридическоеФизическоеЛицо": "ФизическоеЛицо",
            "ГосударственныйОрган": False,
            "РегистрационныйНомер": "",
            "СвидетельствоСерияНомер": "",
        },
    ),
    "to what he is": (IN_UNF, {"ВидКонтрагента": "ФизическоеЛицо"}, "person", {}),
}


@pytest.mark.parametrize("row", TURNED)
def test_a_present_client_becomes_one_of_another_kind(row):
    dialect, words, kind, written = TURNED[row]
    law = {"ЮридическоеФизическоеЛицо": "ФизическоеЛицо"} if kind == "person" else {}
    present = decoded(entity(**{**law, **words}), dialect)

    assert encoded({"kind": kind}, present, kind=kind, dialect=dialect) == written


def test_kinds_that_the_portal_cannot_tell_apart_are_one_value():
    told = replace(IN_UNF, told_apart={"state_body": "legal"})
    record = decoded(
        entity(ВидКонтрагента="ГосударственныйОрган", ЮридическоеФизическоеЛицо="ЮридическоеЛицо"),
        told,
    )

    assert (record.kind, record.values["kind"]) == ("state_body", "legal")


def test_every_field_is_carried_even_where_1c_shows_none():
    record = decoded(entity())

    assert record.values.keys() == {field.name for field in CLIENT.fields}
    assert record.values["kind"] == ClientKind.LEGAL
    assert all(record.values[name] == "" for name in SCALARS if name != "kind")


def test_a_row_without_a_presentation_is_read_from_its_search_fields():
    rows = [
        {"Тип": PHONE, "НомерТелефона": "84951234567"},
        {"Тип": EMAIL, "АдресЭП": "INFO@x.example", "Представление": ""},
    ]

    record = decoded(entity(**{CONTACT_ROWS: rows}))

    assert items(record, "phones") == ["+74951234567"]
    assert items(record, "emails") == ["info@x.example"]


def test_keys_are_read_in_lower_case():
    assert decoded(entity(Ref_Key=GUID.upper())).key == f"client:{GUID}"


@pytest.mark.parametrize(
    ("properties", "outside"),
    [
        ({"IsFolder": True}, "folder"),
        ({"Predefined": True}, "predefined item"),
        ({"DeletionMark": True}, "marked for deletion"),
        ({"Покупатель": False, "Поставщик": True}, "supplier only"),
        ({"Поставщик": True}, ""),
        ({"Покупатель": False, "Поставщик": True, "ПрочиеОтношения": True}, ""),
        ({"Покупатель": False}, ""),
    ],
)
def test_what_does_not_leave_1c_says_why(properties, outside):
    assert decoded(entity(**properties)).outside == outside


def test_an_unknown_word_for_the_kind_is_a_legal_entity():
    assert decoded(entity(ВидКонтрагента="Иное")).kind == ClientKind.LEGAL


LACKING = {("unf16", "account"): ["closed"]}
"""What a configuration has no property for."""


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_each_configuration_has_words_for_each_kind_and_kinds_for_each_contact(configuration):
    for place in configuration.clients.places:
        assert {known.kind for known in place.kinds} == set(ClientKind)
    for layout in configuration.layouts:
        homes = [name for place in layout.places for name in place.fields]
        homes += LACKING.get((configuration.name, layout.entity.name), [])
        assert sorted(homes) == sorted(field.name for field in layout.entity.fields)
        contacts = {f.name for f in layout.entity.fields if f.multiple or f.address}
        assert layout.contact_kinds.keys() == contacts


PERSON_KEYS = {"phones": "телефон", "emails": "почта"}
OWNER, OTHER = "0a1b0000-0000-0000-0000-000000000001", "0a1b0000-0000-0000-0000-000000000002"
GUID = "0a1b0000-0000-0000-0000-00000000000a"


@pytest.mark.parametrize("configuration", [BP30, UNF16, UT11])
def test_a_contact_person_that_is_written_is_the_one_that_is_read(configuration):
    dialect = Dialect(configuration.persons, PERSON_KEYS)
    place = dialect.layout.card
    values = {
        **{"name": "Котова Анна Львовна", "owner": f"client:{OWNER}", "post": "директор"},
        **{"phones": (Item("+74951234567"),), "emails": (Item("anna@alfa.example"),)},
    }

    row = encode_place(place, values, kind="", dialect=dialect, present=None)
    person = decode_record({"Ref_Key": GUID, **new_record(place, ""), **row}, [], dialect)

    assert (person.key, person.entity) == (f"person:{GUID}", "person")
    assert person.values == values
    assert not person.outside


def test_bp_gets_the_words_of_a_name_one_by_one():
    dialect = Dialect(BP30.persons, PERSON_KEYS)
    name = {"name": "Котова Анна"}

    row = encode_place(BP30.persons.card, name, kind="", dialect=dialect, present=None)

    assert (row["Фамилия"], row["Имя"], row["Отчество"]) == ("Котова", "Анна", "")


def test_who_belongs_to_a_user_of_bp_belongs_to_no_client():
    of_user = {"ОбъектВладелец": OWNER, "ОбъектВладелец_Type": "StandardODATA.Catalog_Пользователи"}

    person = decode_record({"Ref_Key": GUID, **of_user}, [], Dialect(BP30.persons, PERSON_KEYS))

    assert person.outside == "it belongs to no client"


def bond(owner, period, *, ended=False, post=""):
    return {
        **{"Period": period, "Контрагент_Key": owner, "Контакт_Key": GUID, "Должность": post},
        "СвязьНедействительна": ended,
    }


@pytest.mark.parametrize(
    ("bonds", "owner"),
    [
        ([bond(OWNER, "2026-01-01T00:00:00")], f"client:{OWNER}"),
        (
            [bond(OTHER, "2026-01-02T00:00:00"), bond(OWNER, "2026-01-01T00:00:00")],
            f"client:{OTHER}",
        ),
        (
            [
                bond(OWNER, "2026-01-01T00:00:00"),
                bond(OTHER, "2026-01-02T00:00:00"),
                bond(OTHER, "2026-01-03T00:00:00", ended=True),
            ],
            f"client:{OWNER}",
        ),
        ([bond(OWNER, "2026-01-01T00:00:00", ended=True)], ""),
        ([], None),
    ],
)
def test_in_unf_a_contact_person_belongs_by_the_newest_bond_in_force(bonds, owner):
    person = decode_record({"Ref_Key": GUID}, bonds, Dialect(UNF.persons, PERSON_KEYS))

    assert person.values.get("owner") == owner
    assert bool(person.outside) == (not owner)


def test_a_new_bond_is_later_than_the_one_in_force_and_ends_it():
    dialect = Dialect(UNF.persons, PERSON_KEYS)
    first = bond(OWNER, "2026-01-01T12:00:00", post="директор")
    person = decode_record({"Ref_Key": GUID}, [first], dialect)
    new_owner = {"owner": f"client:{OTHER}"}

    rows = encode_bonds(
        UNF.persons.details, new_owner, guid=GUID, dialect=dialect, present=person, moment_s=0.0
    )

    assert rows == [
        bond(OTHER, "2026-01-01T12:00:01", post="директор"),
        bond(OWNER, "2026-01-01T12:00:01", ended=True, post="директор"),
    ]
    assert decode_record({"Ref_Key": GUID}, [first, *rows], dialect).values == {
        **person.values,
        **new_owner,
    }


BP_KINDS = {
    # Worked example B7, rows 6 and 7: БП has no type for a sole trader.
    "a person with a trader's number": (
        {"ИНН": "990100101149", "РегистрационныйНомер": "304990100000010"},
        ClientKind.SOLE_TRADER,
    ),
    "a person with a certificate": (
        {"ИНН": "990100101149", "СвидетельствоСерияНомер": "77 0012345"},
        ClientKind.SOLE_TRADER,
    ),
    "a person may have an INN": ({"ИНН": "990100101149"}, ClientKind.PERSON),
    "a number without an INN": ({"РегистрационныйНомер": "304990100000010"}, ClientKind.PERSON),
}


@pytest.mark.parametrize("case", BP_KINDS)
def test_bp_knows_a_sole_trader_by_his_numbers(case):
    properties, kind = BP_KINDS[case]

    row = entity(ЮридическоеФизическоеЛицо="ФизическоеЛицо", **properties)

    assert decoded(row, IN_BP).kind == kind


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ({"ЮридическоеФизическоеЛицо": "ЮридическоеЛицо"}, ClientKind.LEGAL),
        (
            {"ЮридическоеФизическоеЛицо": "ЮридическоеЛицо", "ГосударственныйОрган": True},
            ClientKind.STATE_BODY,
        ),
    ],
)
def test_bp_knows_firms_and_state_bodies(properties, kind):
    assert decoded(entity(**properties), IN_BP).kind == kind


def test_bp_keeps_a_persons_name_where_a_firm_has_its_full_name():
    row = entity(ЮридическоеФизическоеЛицо="ФизическоеЛицо", НаименованиеПолное="Ким Анна")

    assert decoded(row, IN_BP).values["person_name"] == "Ким Анна"


def test_an_address_takes_the_place_of_its_own_kind_and_leaves_the_others():
    other = {"Тип": "Адрес", "Вид_Key": "post-kind", "Представление": "а/я 7"}
    present = decoded(entity(**{CONTACT_ROWS: [phone_row("+74951111111"), other]}))
    line = "101000 / - / - / Москва / ул. Новая, 5 / -"

    properties = encoded({"legal_address": line}, present)
    after = decoded(entity(**properties))

    assert after.values["legal_address"] == line
    assert after.values["actual_address"] == ""
    assert [row["Вид_Key"] for row in properties[CONTACT_ROWS]] == [
        "phone-kind",
        "post-kind",
        "legal-kind",
    ]


def test_an_emptied_address_takes_its_row_away():
    line = "101000 / - / - / Москва / ул. Новая, 5 / -"
    present = decoded(entity(**encoded({"legal_address": line, "actual_address": line})))

    properties = encoded({"legal_address": ""}, present)

    assert [row["Вид_Key"] for row in properties[CONTACT_ROWS]] == ["actual-kind"]


@pytest.mark.parametrize("title", ["Индивидуальный предприниматель", "ИП"])
def test_bp_keeps_a_traders_title_before_his_name(title):
    numbers = {"ИНН": "990100101149", "РегистрационныйНомер": "304990100000010"}
    row = entity(
        ЮридическоеФизическоеЛицо="ФизическоеЛицо",
        НаименованиеПолное=f"{title} Ким Анна",
        **numbers,
    )
    properties = encoded({"person_name": "Ким Алла"}, kind=ClientKind.SOLE_TRADER, dialect=IN_BP)

    assert decoded(row, IN_BP).values["person_name"] == "Ким Анна"
    assert properties == {"НаименованиеПолное": "Индивидуальный предприниматель Ким Алла"}
