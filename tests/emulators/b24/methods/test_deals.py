"""Deals, in the classic words and as items: stages, funnels, amounts, contacts, events."""

import pytest

DEAL = 2


@pytest.fixture
def deal(hook):
    """Makes a deal and returns its number."""
    return lambda **fields: hook.result("crm.deal.add", {"fields": fields})


@pytest.fixture
def funnel(hook):
    """Makes a funnel of deals and returns its number."""

    def make(name="Опт", **fields):
        sent = {"entityTypeId": DEAL, "fields": {"name": name, **fields}}
        return hook.result("crm.category.add", sent)["category"]["id"]

    return make


def read(hook, number):
    return hook.result("crm.deal.get", {"id": number})


def item(hook, number):
    return hook.result("crm.item.get", {"entityTypeId": DEAL, "id": number})["item"]


def move(hook, number, **fields):
    sent = {"entityTypeId": DEAL, "id": number, "fields": fields}
    return hook.result("crm.item.update", sent)["item"]


def test_a_new_deal_stands_at_the_first_stage_with_a_name_and_dates_of_its_own(hook, deal):
    row = read(hook, deal())
    shown = ("TITLE", "STAGE_ID", "STAGE_SEMANTIC_ID", "CATEGORY_ID", "OPPORTUNITY", "CLOSED")
    assert [row[name] for name in shown] == ["Сделка #1", "NEW", "P", "0", "0.00", "N"]
    assert (row["TYPE_ID"], row["SOURCE_ID"], row["IS_NEW"]) == ("SALE", "CALL", "Y")
    assert row["BEGINDATE"] < row["CLOSEDATE"]
    assert "CONTACT_IDS" not in row


def test_what_follows_from_a_stage_cannot_be_written(hook, deal):
    number = deal(STAGE_SEMANTIC_ID="F", LEAD_ID=5, DATE_CREATE="2001-01-01")
    row = read(hook, number)
    assert (row["STAGE_SEMANTIC_ID"], row["LEAD_ID"]) == ("P", None)
    assert not row["DATE_CREATE"].startswith("2001")


def test_a_final_stage_closes_a_deal_and_says_how_it_ended(hook, deal):
    number = deal(STAGE_ID="EXECUTING")
    before = read(hook, number)
    hook.result("crm.deal.update", {"id": number, "fields": {"STAGE_ID": "LOSE"}})
    row = read(hook, number)
    assert (before["CLOSED"], row["CLOSED"], row["STAGE_SEMANTIC_ID"]) == ("N", "Y", "F")


def test_a_stage_of_another_funnel_is_ignored_in_silence(hook, deal, funnel):
    number = deal(CATEGORY_ID=funnel(), STAGE_ID="WON")
    assert read(hook, number)["STAGE_ID"] == "C1:NEW"
    hook.result("crm.deal.update", {"id": number, "fields": {"STAGE_ID": "C1:WON"}})
    hook.result("crm.deal.update", {"id": number, "fields": {"STAGE_ID": "NEW"}})
    assert read(hook, number)["STAGE_ID"] == "C1:WON"


def test_only_an_item_changes_its_funnel(hook, deal, funnel):
    number, other = deal(), funnel()
    hook.result("crm.deal.update", {"id": number, "fields": {"CATEGORY_ID": other}})
    assert read(hook, number)["CATEGORY_ID"] == "0"
    assert move(hook, number, categoryId=other)["stageId"] == "C1:NEW"
    moved = move(hook, number, categoryId=0, stageId="WON")
    assert (moved["categoryId"], moved["stageId"], moved["closed"]) == (0, "WON", "Y")
    assert move(hook, number, categoryId=77)["categoryId"] == 0


def test_a_change_of_funnel_is_an_event_of_its_own(hook, app, deal, funnel):
    for event in ("ONCRMDEALUPDATE", "ONCRMDEALMOVETOCATEGORY"):
        app.result("event.bind", {"event": event, "event_type": "offline"})
    number, other = deal(), funnel()
    move(hook, number, categoryId=other, stageId="C1:EXECUTING")
    (told,) = app.result("event.offline.get")["events"]
    fields = {"ID": "1", "CATEGORY_ID": "1", "STAGE_ID": "C1:EXECUTING"}
    assert told["EVENT_NAME"] == "ONCRMDEALMOVETOCATEGORY"
    assert told["EVENT_DATA"]["FIELDS"] == fields


def test_the_history_tells_each_step(hook, deal, funnel):
    number, other = deal(), funnel()
    hook.result("crm.deal.update", {"id": number, "fields": {"STAGE_ID": "PREPARATION"}})
    hook.result("crm.deal.update", {"id": number, "fields": {"TITLE": "Окна"}})
    move(hook, number, categoryId=other)
    hook.result("crm.deal.update", {"id": number, "fields": {"STAGE_ID": "C1:WON"}})
    asked = {"entityTypeId": DEAL, "filter": {"OWNER_ID": number}, "order": {"ID": "ASC"}}
    answer = hook.said("crm.stagehistory.list", asked)
    steps = answer["result"]["items"]
    assert [step["TYPE_ID"] for step in steps] == [1, 2, 5, 3]
    assert [step["STAGE_ID"] for step in steps] == ["NEW", "PREPARATION", "C1:NEW", "C1:WON"]
    assert (steps[-1]["CATEGORY_ID"], steps[-1]["STAGE_SEMANTIC_ID"]) == (1, "S")
    assert answer["total"] == 4
    deal()
    asked = {"entityTypeId": DEAL, "filter": {">ID": 1, "TYPE_ID": 1}, "select": ["OWNER_ID"]}
    assert hook.result("crm.stagehistory.list", asked)["items"] == [{"ID": 5, "OWNER_ID": 2}]


def test_a_lead_has_a_history_in_words_of_its_own(hook):
    hook.result("crm.lead.add", {"fields": {"TITLE": "Звонок"}})
    (step,) = hook.result("crm.stagehistory.list", {"entityTypeId": 1})["items"]
    assert (step["STATUS_ID"], step["STATUS_SEMANTIC_ID"]) == ("NEW", "P")
    assert not {"STAGE_ID", "CATEGORY_ID"} & set(step)


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"entityTypeId": 7}, "ENTITY_TYPE_NOT_SUPPORTED", "Entity type QUOTE is not supported"),
        (
            {"entityTypeId": 2, "filter": {"COLOR": 1}},
            "INVALID_ARG_VALUE",
            "Invalid filter: field 'COLOR' is not allowed in filter",
        ),
        (
            {"entityTypeId": 2, "order": {"ID": "UP"}},
            "INVALID_ARG_VALUE",
            "Invalid order: allowed sort directions are ASC, DESC. But got 'UP' for field 'ID'",
        ),
    ],
)
def test_the_history_refuses_what_it_does_not_know(hook, params, code, text):
    assert hook.refusal("crm.stagehistory.list", params) == (400, code, text)


def test_the_contacts_of_a_deal_are_a_set_with_a_first_one(hook, portal, deal):
    one, two = (portal.act("crm.contact.add", {"fields": {"NAME": name}}) for name in "АБ")
    number = deal(CONTACT_IDS=[one, two])
    assert read(hook, number)["CONTACT_ID"] == str(one)
    assert item(hook, number)["contactIds"] == [one, two]
    asked = {"id": number, "fields": {"CONTACT_ID": two, "IS_PRIMARY": "Y"}}
    assert hook.result("crm.deal.contact.add", asked) is False
    assert read(hook, number)["CONTACT_ID"] == str(two)
    rows = hook.result("crm.deal.contact.items.get", {"id": number})
    assert [(row["CONTACT_ID"], row["IS_PRIMARY"]) for row in rows] == [(one, "N"), (two, "Y")]
    hook.result("crm.deal.contact.delete", {"id": number, "fields": {"CONTACT_ID": two}})
    assert read(hook, number)["CONTACT_ID"] == str(one)
    hook.result("crm.deal.contact.items.delete", {"id": number})
    assert read(hook, number)["CONTACT_ID"] is None


def test_a_client_that_goes_leaves_his_deals_behind(hook, portal, deal, company):
    person = portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}})
    number = deal(COMPANY_ID=company(), CONTACT_ID=person)
    portal.act("crm.company.delete", {"id": 1})
    portal.act("crm.contact.delete", {"id": person})
    row = read(hook, number)
    assert (row["COMPANY_ID"], row["CONTACT_ID"]) == (None, None)
    assert item(hook, number)["contactIds"] == []


def test_a_merge_hands_the_deals_over_to_the_survivor(hook, portal, deal, company):
    firms = [company(), company()]
    people = [portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}}) for _ in range(2)]
    number = deal(COMPANY_ID=firms[1], CONTACT_IDS=[people[1]])
    lead = hook.result("crm.lead.add", {"fields": {"TITLE": "А", "COMPANY_ID": firms[1]}})
    for kind, numbers in ((4, firms), (3, people)):
        sent = {"params": {"entityTypeId": kind, "entityIds": numbers}}
        assert hook.result("crm.entity.mergeBatch", sent)["STATUS"] == "SUCCESS"
    row = read(hook, number)
    assert (row["COMPANY_ID"], row["CONTACT_ID"]) == (str(firms[0]), str(people[0]))
    assert item(hook, number)["contactIds"] == [people[0]]
    assert hook.result("crm.lead.get", {"id": lead})["COMPANY_ID"] == str(firms[0])


def test_an_item_is_the_deal_in_other_words(hook, deal):
    sent = {"entityTypeId": DEAL, "fields": {"title": "Окна", "opportunity": 10.5, "leadId": 3}}
    made = hook.result("crm.item.add", sent)["item"]
    assert (made["opportunity"], made["leadId"], made["isManualOpportunity"]) == (10.5, 3, "N")
    assert list(made)[-1] == "entityTypeId"
    assert read(hook, made["id"])["OPPORTUNITY"] == "10.50"
    asked = {"entityTypeId": DEAL, "filter": {"stageId": "NEW", ">opportunity": 10}}
    assert [one["id"] for one in hook.result("crm.item.list", asked)["items"]] == [made["id"]]


def test_observers_are_a_set_that_only_items_show(hook, deal):
    number = deal()
    assert move(hook, number, observers=["1", 5])["observers"] == [1, 5]
    assert item(hook, number)["observers"] == [1, 5]
    assert "OBSERVERS" not in read(hook, number)
    assert move(hook, number, title="Окна")["observers"] == [1, 5]
    assert move(hook, number, observers=[])["observers"] == []


def test_missing_deals_are_refused_in_their_own_words(hook):
    for verb in ("get", "update", "delete"):
        assert hook.refusal(f"crm.deal.{verb}", {"id": 9}) == (400, "", "Not found")
    assert hook.refusal("crm.deal.get") == (400, "", "ID is not defined or invalid.")


def test_a_quote_is_named_and_missing_ones_have_two_texts(hook):
    refused = hook.refusal("crm.quote.add", {"fields": {}})
    assert refused == (400, "ERROR_CORE", "TITLE is not defined or empty.<br>")
    number = hook.result("crm.quote.add", {"fields": {"TITLE": "Смета"}})
    assert hook.result("crm.quote.get", {"id": number})["STATUS_ID"] == "DRAFT"
    assert hook.refusal("crm.quote.update", {"id": 9}) == (400, "", "Quote is not found")
    assert hook.refusal("crm.quote.delete", {"id": 9})[1] == "ERROR_CORE"


def test_a_smart_invoice_begins_in_its_own_funnel_and_is_told_twice(hook, app):
    for event in ("ONCRMDYNAMICITEMADD", "ONCRMDYNAMICITEMADD_31"):
        app.result("event.bind", {"event": event, "event_type": "offline"})
    made = hook.result("crm.item.add", {"entityTypeId": 31, "fields": {"parentId2": 4}})["item"]
    assert (made["stageId"], made["categoryId"], made["parentId2"]) == ("DT31_1:N", 1, 4)
    told = app.result("event.offline.get")["events"]
    assert len(told) == 2
    assert told[0]["EVENT_DATA"]["FIELDS"] == {"ID": "1", "ENTITY_TYPE_ID": "31"}
    sent = {"entityTypeId": 31, "id": 1, "fields": {"stageId": "DT31_1:P"}}
    paid = hook.result("crm.item.update", sent)["item"]
    assert (paid["stageId"], paid["previousStageId"]) == ("DT31_1:P", "DT31_1:N")


def test_a_user_field_of_deals_is_a_column_in_both_dialects(hook, deal):
    field = {"FIELD_NAME": "DOGOVOR", "USER_TYPE_ID": "string"}
    hook.result("crm.deal.userfield.add", {"fields": field})
    number = deal(UF_CRM_DOGOVOR="12/7")
    assert read(hook, number)["UF_CRM_DOGOVOR"] == "12/7"
    assert item(hook, number)["ufCrmDogovor"] == "12/7"


def test_a_portal_is_put_back_with_its_deals_whole(portal, hook, deal):
    person = portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}})
    number = deal(CONTACT_IDS=[person], STAGE_ID="EXECUTING")
    before, kept = item(hook, number), portal.snapshot()
    portal.act("crm.deal.delete", {"id": number})
    portal.restore(kept)
    assert item(hook, number) == before
