"""User fields: made by callers, from then on columns of companies, contacts or requisites."""

import pytest

from b24_emulator.portal import Portal

SELECTS = ("*", "UF_*")
CLASSES = [{"VALUE": "А", "XML_ID": "class-a", "SORT": 20}, {"VALUE": "Б", "SORT": 10}]


@pytest.fixture
def field(portal):
    """Makes a user field in the portal's window and returns its number."""

    def make(name="KLASS", kind="string", family="crm.company", **fields):
        sent = {"FIELD_NAME": name, "USER_TYPE_ID": kind, **fields}
        return portal.act(f"{family}.userfield.add", {"fields": sent})

    return make


def got(hook, number, family="crm.company"):
    return hook.result(f"{family}.userfield.get", {"id": number})


def value_of(hook, number, name="UF_CRM_KLASS"):
    return hook.result("crm.company.get", {"id": number})[name]


def test_a_new_field_has_its_defaults_and_a_label_in_every_language(hook, field):
    row = got(hook, field("klass", LABEL="Класс", LIST_COLUMN_LABEL={"en": "Class"}))
    assert (row["ENTITY_ID"], row["FIELD_NAME"]) == ("CRM_COMPANY", "UF_CRM_KLASS")
    assert (row["SORT"], row["MULTIPLE"], row["SHOW_FILTER"]) == ("100", "N", "N")
    assert (row["SETTINGS"]["ROWS"], row["SETTINGS"]["DEFAULT_VALUE"]) == (1, "")
    assert row["EDIT_FORM_LABEL"]["ru"] == row["EDIT_FORM_LABEL"]["en"] == "Класс"
    column = row["LIST_COLUMN_LABEL"]
    assert (column["ru"], column["en"]) == ("Класс", "Class")


@pytest.mark.parametrize("sent", ["KLASS", "UF_KLASS", "UF_CRM_KLASS", "uf_crm_klass"])
def test_the_code_gets_the_portals_prefix_once(hook, field, sent):
    assert got(hook, field(sent))["FIELD_NAME"] == "UF_CRM_KLASS"


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"USER_TYPE_ID": "string"}, "", "The 'FIELD_NAME' field is not found."),
        ({"FIELD_NAME": "X"}, "", "The 'USER_TYPE_ID' field is not found."),
        (
            {"FIELD_NAME": "X", "USER_TYPE_ID": "tree"},
            "ERROR_CORE",
            "Invalid custom type specified.",
        ),
        (
            {"FIELD_NAME": "X" * 44, "USER_TYPE_ID": "string"},
            "ERROR_CORE",
            "Field name is too long (more than 50 characters).",
        ),
        (
            {"FIELD_NAME": "КЛАСС", "USER_TYPE_ID": "string"},
            "ERROR_CORE",
            "Field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _.",
        ),
        (
            {"FIELD_NAME": "KLASS", "USER_TYPE_ID": "string"},
            "ERROR_CORE",
            "The field UF_CRM_KLASS for the CRM_COMPANY object already exists.",
        ),
        (
            {
                "FIELD_NAME": "X",
                "USER_TYPE_ID": "enumeration",
                "LIST": [{"VALUE": "А", "XML_ID": "a"}, {"VALUE": "Б", "XML_ID": "a"}],
            },
            "ERROR_CORE",
            "List item with XML_ID=a already exists.",
        ),
    ],
)
def test_a_field_that_cannot_be_made_is_refused(hook, field, fields, code, text):
    field()
    refused = hook.refusal("crm.company.userfield.add", {"fields": fields})
    assert refused == (400, code, text)
    assert hook.listed("crm.company.userfield.list") == ["1"]


def test_one_code_may_stand_at_companies_and_at_contacts(hook, field):
    assert [field(), field(family="crm.contact")] == [1, 2]
    assert hook.listed("crm.contact.userfield.list") == ["2"]


def test_requisites_have_four_types_only(hook, field):
    assert field(kind="datetime", family="crm.requisite") == 1
    sent = {"FIELD_NAME": "X", "USER_TYPE_ID": "enumeration"}
    refused = hook.refusal("crm.requisite.userfield.add", {"fields": sent})
    assert refused[1:] == ("ERROR_CORE", "Invalid custom type specified.")


def test_a_field_is_a_column_of_old_rows_and_new_ones(hook, company, field):
    company()
    field()
    company(UF_CRM_KLASS="А")
    rows = hook.result("crm.company.list")
    assert [row["UF_CRM_KLASS"] for row in rows] == ["", "А"]
    assert [value_of(hook, number) for number in (1, 2)] == ["", "А"]
    hook.result("crm.company.update", {"id": 1, "fields": {"UF_CRM_KLASS": "Б"}})
    assert value_of(hook, 1) == "Б"
    assert "UF_CRM_KLASS" not in hook.result("crm.contact.fields")


def test_a_deleted_field_takes_its_values_along(hook, company, field):
    number = field()
    company(UF_CRM_KLASS="А")
    assert hook.result("crm.company.userfield.delete", {"id": number}) is True
    assert "UF_CRM_KLASS" not in hook.result("crm.company.get", {"id": 1})
    assert "UF_CRM_KLASS" not in hook.result("crm.company.fields")
    field()
    assert value_of(hook, 1) == ""


def test_a_star_is_the_portals_own_fields_and_uf_star_those_of_its_users(hook, company, field):
    field()
    company()
    select = {name: set(hook.result("crm.company.list", {"select": [name]})[0]) for name in SELECTS}
    assert "UF_CRM_KLASS" not in select["*"]
    assert select["UF_*"] == {"ID", "UF_CRM_KLASS"}


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("string", 12, "12"),
        ("integer", "12", "12"),
        ("double", "1111.10", "1111.1"),
        ("double", 2.005, "2.01"),
        ("double", 5, "5"),
        ("double", "1e50", f"1{'0' * 50}"),
        ("boolean", "Y", "1"),
        ("boolean", 0, "0"),
        ("date", "2026-11-24", "2026-11-24T03:00:00+03:00"),
        ("datetime", "2026-11-24T10:00:00+05:00", "2026-11-24T08:00:00+03:00"),
        ("employee", 1, "1"),
        ("money", "300|RUB", "300|RUB"),
        ("url", "https://romashka.example", "https://romashka.example"),
        ("crm", "CO_5", "CO_5"),
        ("string", "", ""),
        ("date", "", ""),
    ],
)
def test_a_value_is_kept_as_the_text_of_its_type(hook, company, field, kind, sent, kept):
    field(kind=kind)
    company(UF_CRM_KLASS=sent)
    assert value_of(hook, 1) == kept


def test_a_list_has_elements_with_numbers_and_external_keys(hook, field):
    number = field(kind="enumeration", LIST=[*CLASSES, {"SORT": 5}])
    elements = got(hook, number)["LIST"]
    assert [(e["ID"], e["VALUE"], e["SORT"], e["DEF"]) for e in elements] == [
        ("2", "Б", "10", "N"),
        ("1", "А", "20", "N"),
    ]
    assert elements[1]["XML_ID"] == "class-a"
    assert len(elements[0]["XML_ID"]) == 32
    described = hook.result("crm.company.fields")["UF_CRM_KLASS"]
    assert described["items"] == [{"ID": "2", "VALUE": "Б"}, {"ID": "1", "VALUE": "А"}]
    assert (described["type"], described["isDynamic"]) == ("enumeration", True)


def test_elements_are_changed_added_and_removed_by_number(hook, field):
    number = field(kind="enumeration", LIST=CLASSES)
    change = [{"ID": 1, "VALUE": "А+"}, {"VALUE": "В", "SORT": 30}, {"ID": 2, "DEL": "Y"}]
    sent = {"id": number, "fields": {"LIST": change}}
    assert hook.result("crm.company.userfield.update", sent) is True
    elements = got(hook, number)["LIST"]
    assert [(e["ID"], e["VALUE"]) for e in elements] == [("1", "А+"), ("3", "В")]
    assert elements[0]["XML_ID"] == "class-a"


def test_elements_that_an_update_does_not_name_stay(hook, field):
    number = field(kind="enumeration", LIST=CLASSES)
    hook.result(
        "crm.company.userfield.update", {"id": number, "fields": {"LIST": [{"VALUE": "В"}]}}
    )
    assert {e["VALUE"] for e in got(hook, number)["LIST"]} == {"А", "Б", "В"}


def test_an_external_key_cannot_be_given_to_a_second_element(hook, field):
    number = field(kind="enumeration", LIST=CLASSES)
    sent = {"id": number, "fields": {"LIST": [{"ID": 2, "XML_ID": "class-a"}]}}
    refused = hook.refusal("crm.company.userfield.update", sent)
    assert refused == (400, "ERROR_CORE", "List item with XML_ID=class-a already exists.")


def test_a_list_field_keeps_numbers_of_its_own_elements_only(hook, company, field):
    field(kind="enumeration", LIST=CLASSES)
    field("OTHER", kind="enumeration", LIST=CLASSES)
    company(UF_CRM_KLASS=1, UF_CRM_OTHER=1)
    assert (value_of(hook, 1), value_of(hook, 1, "UF_CRM_OTHER")) == ("1", "")


def test_a_field_of_many_values_is_a_list_and_is_found_by_any(hook, company, field):
    field(kind="enumeration", LIST=CLASSES, MULTIPLE="Y")
    company(UF_CRM_KLASS=[1, 2])
    company(UF_CRM_KLASS=2)
    company()
    assert [value_of(hook, number) for number in (1, 2, 3)] == [["1", "2"], ["2"], []]
    listed = {
        key: hook.listed("crm.company.list", filter={key: value})
        for key, value in (
            ("UF_CRM_KLASS", 1),
            ("@UF_CRM_KLASS", [1, 2]),
            ("!UF_CRM_KLASS", 1),
            ("=UF_CRM_KLASS", ""),
        )
    }
    assert listed == {
        "UF_CRM_KLASS": ["1"],
        "@UF_CRM_KLASS": ["1", "2"],
        "!UF_CRM_KLASS": ["2", "3"],
        "=UF_CRM_KLASS": ["3"],
    }


def test_a_flag_cannot_have_many_values(hook, field):
    assert got(hook, field(kind="boolean", MULTIPLE="Y"))["MULTIPLE"] == "N"


def test_rows_are_filtered_and_ordered_by_a_user_field(hook, company, field):
    field(kind="integer")
    for value in (10, 9, ""):
        company(UF_CRM_KLASS=value)
    assert hook.listed("crm.company.list", filter={">UF_CRM_KLASS": 9}) == ["1"]
    ordered = hook.listed("crm.company.list", order={"UF_CRM_KLASS": "DESC"})
    assert ordered == ["1", "2", "3"]


def test_code_type_and_multiplicity_stay_as_they_were_made(hook, field):
    number = field()
    sent = {"FIELD_NAME": "OTHER", "USER_TYPE_ID": "integer", "MULTIPLE": "Y", "SORT": 7}
    hook.result("crm.company.userfield.update", {"id": number, "fields": sent})
    row = got(hook, number)
    kept = ("FIELD_NAME", "USER_TYPE_ID", "MULTIPLE", "SORT")
    assert [row[name] for name in kept] == ["UF_CRM_KLASS", "string", "N", "7"]


def test_an_update_keeps_settings_and_labels_that_it_does_not_name(hook, field):
    number = field(LABEL="Класс", SETTINGS={"ROWS": 3, "SIZE": 30})
    sent = {"SETTINGS": {"ROWS": "5", "NO_SUCH": 1}, "EDIT_FORM_LABEL": {"en": "Class"}}
    hook.result("crm.company.userfield.update", {"id": number, "fields": sent})
    row = got(hook, number)
    assert (row["SETTINGS"]["ROWS"], row["SETTINGS"]["SIZE"]) == (5, 30)
    assert "NO_SUCH" not in row["SETTINGS"]
    assert (row["EDIT_FORM_LABEL"]["ru"], row["EDIT_FORM_LABEL"]["en"]) == ("Класс", "Class")


def test_a_list_of_fields_shows_labels_only_in_a_language_that_is_named(hook, field):
    field(LABEL="Класс")
    family = "crm.company.userfield.list"
    (row,) = hook.result(family)
    assert "EDIT_FORM_LABEL" not in row
    (row,) = hook.result(family, {"filter": {"LANG": "ru"}})
    assert row["EDIT_FORM_LABEL"] == "Класс"


def test_fields_are_found_by_code_type_and_external_key(hook, field):
    field(XML_ID="1c-class")
    field("OTHER", kind="integer")
    family = "crm.company.userfield.list"
    assert hook.listed(family, filter={"XML_ID": "1c-class"}) == ["1"]
    assert hook.listed(family, filter={"USER_TYPE_ID": "integer"}) == ["2"]
    assert hook.listed(family, filter={"ENTITY_ID": "CRM_CONTACT"}) == ["1", "2"]
    assert hook.said(family)["total"] == 2


@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_a_field_of_somebody_else_is_denied_and_a_missing_one_not_found(hook, field, verb):
    number = field()
    denied = hook.refusal(f"crm.contact.userfield.{verb}", {"id": number})
    assert denied == (403, "", "Access denied.")
    missing = hook.refusal(f"crm.contact.userfield.{verb}", {"id": 9})
    assert missing == (400, "ERROR_NOT_FOUND", "The entity with ID '9' is not found.")


def test_a_field_is_told_of_with_its_object_and_its_code(app, field, portal):
    for verb in ("ADD", "SETENUMVALUES", "DELETE"):
        event = f"ONCRMCOMPANYUSERFIELD{verb}"
        app.result("event.bind", {"event": event, "event_type": "offline"})
    number = field(kind="enumeration", LIST=CLASSES)
    portal.act("crm.company.userfield.delete", {"id": number})
    told = [(row["EVENT_NAME"], row["EVENT_DATA"]) for row in app.result("event.offline.list")]
    data = {"FIELDS": {"ID": "1", "ENTITY_ID": "CRM_COMPANY", "FIELD_NAME": "UF_CRM_KLASS"}}
    assert told == [
        (f"ONCRMCOMPANYUSERFIELD{verb}", data) for verb in ("ADD", "SETENUMVALUES", "DELETE")
    ]


def test_a_restored_portal_knows_its_user_fields(portal, calling, company, field):
    field(kind="enumeration", LIST=CLASSES)
    company(UF_CRM_KLASS=2)
    other = Portal(seed=2)
    other.restore(portal.snapshot())
    hook = calling(other)
    assert value_of(hook, 1) == "2"
    hook.result("crm.company.update", {"id": 1, "fields": {"UF_CRM_KLASS": 1}})
    assert value_of(hook, 1) == "1"
    assert hook.listed("crm.company.list", filter={"UF_CRM_KLASS": 2}) == []


def test_a_reset_portal_has_no_user_fields(portal, hook, field):
    field()
    portal.reset()
    assert "UF_CRM_KLASS" not in hook.result("crm.company.fields")


def test_the_types_and_their_settings_are_described(hook):
    types = [row["ID"] for row in hook.result("crm.userfield.types")]
    assert (types[0], len(types)) == ("string", 16)
    settings = {t: hook.result("crm.userfield.settings.fields", {"type": t}) for t in types}
    assert settings["double"]["PRECISION"]["type"] == "int"
    assert settings["employee"] == []
    refused = hook.refusal("crm.userfield.settings.fields")
    assert refused == (400, "", "Parameter 'type' is not specified or empty.")


def test_the_parts_of_a_field_are_described_with_the_flags_that_hold(hook):
    described = hook.result("crm.userfield.fields")
    assert (described["FIELD_NAME"]["isImmutable"], described["LIST"]["isMultiple"]) == (True, True)
    assert set(described["SORT"]) == {"type", "title"}
    elements = hook.result("crm.userfield.enumeration.fields")
    assert set(elements) == {"ID", "SORT", "VALUE", "DEF", "DEL"}
