"""The offline queue: one record per event and object, kept until somebody takes it."""

import pytest

from b24_emulator.event_names import FIRED
from b24_emulator.rules.limits import LIMITS
from b24_emulator.rules.switches import Switches
from b24_emulator.rules.tariffs import TARIFFS

DENIED = (403, "ACCESS_DENIED", "Access denied!")
TOO_SMALL = (403, "ACCESS_DENIED", "Access denied! Available only on extended plans")
KEY = "sverka"


def bind(app, *events, **params):
    for event in events or ("ONCRMCOMPANYADD", "ONCRMCOMPANYUPDATE", "ONCRMCOMPANYDELETE"):
        sent = {"event": event, "event_type": "offline", **params}
        assert app.result("event.bind", sent) is True


def events_of(batch):
    return [(row["EVENT_NAME"], row["EVENT_DATA"]["FIELDS"]["ID"]) for row in batch["events"]]


def rename(portal, number, title="Другое"):
    portal.act("crm.company.update", {"id": number, "fields": {"TITLE": title}})


@pytest.fixture
def bound(app):
    """The application, told of companies, that has not read its queue yet."""
    bind(app)
    return app


def test_a_change_waits_in_the_queue_until_it_is_taken(bound, company):
    number = company()
    taken = bound.result("event.offline.get")
    assert taken["process_id"] is None
    assert events_of(taken) == [("ONCRMCOMPANYADD", str(number))]
    assert bound.result("event.offline.get") == {"process_id": None, "events": []}


def test_a_thousand_changes_of_one_object_are_one_record(bound, company, portal):
    number = company()
    bound.result("event.offline.get")
    for _ in range(1_000):
        rename(portal, number)
    assert len(bound.result("event.offline.list")) == 1


def test_a_further_change_moves_only_the_moment_of_its_record(bound, company, portal):
    number = company()
    rename(portal, number)
    (_, before) = bound.result("event.offline.list")
    portal.clock.advance(60)
    rename(portal, number)
    (_, after) = bound.result("event.offline.list")
    assert after["TIMESTAMP_X"] > before["TIMESTAMP_X"]
    assert after | {"TIMESTAMP_X": ""} == before | {"TIMESTAMP_X": ""}


def test_add_update_and_delete_of_one_object_are_three_records(bound, company, portal):
    number = company()
    rename(portal, number)
    portal.act("crm.company.delete", {"id": number})
    assert events_of(bound.result("event.offline.get")) == [
        ("ONCRMCOMPANYADD", "1"),
        ("ONCRMCOMPANYUPDATE", "1"),
        ("ONCRMCOMPANYDELETE", "1"),
    ]


def test_the_record_moved_last_comes_last(bound, company, portal):
    first, second = company("А"), company("Б")
    portal.clock.advance(60)
    portal.act("crm.company.delete", {"id": second})
    portal.clock.advance(60)
    rename(portal, first)
    taken = events_of(bound.result("event.offline.get"))
    assert [event for event, _ in taken[2:]] == ["ONCRMCOMPANYDELETE", "ONCRMCOMPANYUPDATE"]


def test_only_events_that_were_bound_are_queued(app, company, portal):
    bind(app, "ONCRMCONTACTADD")
    company()
    portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}})
    assert events_of(app.result("event.offline.get")) == [("ONCRMCONTACTADD", "1")]


def life_of_documents(portal):
    field = {"FIELD_NAME": "KLASS", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "А"}]}
    column = portal.act("crm.invoice.userfield.add", {"fields": field})
    portal.act("crm.invoice.userfield.update", {"id": column, "fields": {"SORT": 1}})
    portal.act("crm.invoice.userfield.delete", {"id": column})
    for kind in ("deal", "lead", "quote"):
        number = portal.act(f"crm.{kind}.add", {"fields": {"TITLE": "Окна"}})
        portal.act(f"crm.{kind}.update", {"id": number, "fields": {"COMMENTS": "!"}})
        portal.act(f"crm.{kind}.delete", {"id": number})
        column = portal.act(f"crm.{kind}.userfield.add", {"fields": field})
        portal.act(f"crm.{kind}.userfield.update", {"id": column, "fields": {"SORT": 1}})
        portal.act(f"crm.{kind}.userfield.delete", {"id": column})
    deal = portal.act("crm.deal.add", {"fields": {"TITLE": "Двери"}})
    funnel = {"entityTypeId": 2, "fields": {"name": "Опт"}}
    category = portal.act("crm.category.add", funnel)["category"]["id"]
    moved = {"entityTypeId": 2, "id": deal, "fields": {"categoryId": category}}
    portal.act("crm.item.update", moved)
    invoice = {"entityTypeId": 31, "fields": {"title": "Счёт"}}
    known = {"entityTypeId": 31, "id": portal.act("crm.item.add", invoice)["item"]["id"]}
    portal.act("crm.item.update", {**known, "fields": {"title": "Счёт 2"}})
    portal.act("crm.item.delete", known)


def life_of_the_catalogue(portal):
    product = portal.act("crm.product.add", {"fields": {"NAME": "Окно", "PRICE": 1}})
    portal.act("crm.product.update", {"id": product, "fields": {"NAME": "Дверь"}})
    portal.act("catalog.price.update", {"id": 1, "fields": {"price": 2, "currency": "RUB"}})
    portal.act("catalog.price.delete", {"id": 1})
    portal.act("crm.product.delete", {"id": product})
    rounding = {"catalogGroupId": 1, "price": 0, "roundType": 1, "roundPrecision": 1}
    for family, one, fields in (
        ("priceType", "priceType", {"name": "Опт"}),
        ("measure", "measure", {"code": 778, "measureTitle": "Упаковка"}),
        ("roundingRule", "roundingRule", rounding),
        ("section", "section", {"iblockId": 23, "name": "Окна"}),
        ("productProperty", "productProperty", {"iblockId": 23, "name": "Ц", "propertyType": "S"}),
    ):
        made = portal.act(f"catalog.{family}.add", {"fields": fields})[one]
        portal.act(f"catalog.{family}.update", {"id": made["id"], "fields": fields})
        portal.act(f"catalog.{family}.delete", {"id": made["id"]})


def life_of_types_and_currencies(portal):
    made = portal.act("crm.type.add", {"fields": {"title": "Акт"}})["type"]
    portal.act("crm.type.update", {"id": made["id"], "fields": {"title": "Акты"}})
    field = {"entityId": "CRM_1", "fieldName": "UF_CRM_1_K", "userTypeId": "enumeration"}
    sent = {"moduleId": "crm", "field": {**field, "enum": [{"value": "А"}]}}
    column = portal.act("userfieldconfig.add", sent)["field"]["id"]
    known = {"moduleId": "crm", "id": column}
    portal.act("userfieldconfig.update", {**known, "field": {"sort": 1}})
    portal.act("userfieldconfig.delete", known)
    portal.act("crm.type.delete", {"id": made["id"]})
    words = {"LANG": {"ru": {"DECIMALS": 2}}}
    deal = portal.act("crm.deal.add", {"fields": {}})
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "Да"}
    number = portal.act("crm.timeline.comment.add", {"fields": fields})
    portal.act("crm.timeline.comment.update", {"id": number, "fields": {"COMMENT": "Нет"}})
    portal.act("crm.timeline.comment.delete", {"id": number})
    fields = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 3, "SUBJECT": "А"}
    number = portal.act("crm.activity.add", {"fields": {**fields, "RESPONSIBLE_ID": 1}})
    portal.act("crm.activity.update", {"id": number, "fields": {"SUBJECT": "Б"}})
    portal.act("crm.activity.delete", {"id": number})
    invoice = {"ORDER_TOPIC": "А", "PAY_SYSTEM_ID": 1, "PERSON_TYPE_ID": 1}
    number = portal.act("crm.invoice.add", {"fields": invoice})
    portal.act("crm.invoice.update", {"id": number, "fields": {"STATUS_ID": "P"}})
    portal.act("crm.invoice.delete", {"id": number})
    money = {"CURRENCY": "KZT", "AMOUNT": 1, "AMOUNT_CNT": 1, **words}
    portal.act("crm.currency.add", {"fields": money})
    portal.act("crm.currency.update", {"id": "KZT", "fields": {"AMOUNT": 2}})
    portal.act("crm.currency.delete", {"id": "KZT"})


def test_all_events_of_the_emulated_records_are_fired(app, company, portal):
    portal.limits = LIMITS["box"]
    bind(app, *FIRED)
    firm = company()
    person = portal.act("crm.contact.add", {"fields": {"NAME": "Иван"}})
    fields = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": firm, "PRESET_ID": 1, "NAME": "Реквизиты"}
    requisite = portal.act("crm.requisite.add", {"fields": fields})
    address = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite}
    portal.act("crm.address.add", {"fields": address})
    portal.act("crm.address.delete", {"fields": address})
    account = {"ENTITY_ID": requisite, "NAME": "Счёт"}
    number = portal.act("crm.requisite.bankdetail.add", {"fields": account})
    portal.act("crm.requisite.bankdetail.update", {"id": number, "fields": account})
    for entity, number in (("requisite", requisite), ("contact", person), ("company", firm)):
        portal.act(f"crm.{entity}.update", {"id": number, "fields": {"COMMENTS": "!"}})
        portal.act(f"crm.{entity}.delete", {"id": number})
        if entity == "requisite":
            field = {"FIELD_NAME": "KLASS", "USER_TYPE_ID": "string"}
        else:
            field = {"FIELD_NAME": "KLASS", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "А"}]}
        column = portal.act(f"crm.{entity}.userfield.add", {"fields": field})
        portal.act(f"crm.{entity}.userfield.update", {"id": column, "fields": {"SORT": 1}})
        portal.act(f"crm.{entity}.userfield.delete", {"id": column})
    life_of_documents(portal)
    life_of_the_catalogue(portal)
    life_of_types_and_currencies(portal)
    assert {entry.event for entry in portal.offline.entries.values()} == set(FIRED)


def test_taking_with_clear_0_reserves_the_records_for_one_process(bound, company):
    company()
    mine = bound.result("event.offline.get", {"clear": 0})
    assert len(mine["process_id"]) == 32
    assert len(mine["events"]) == 1
    other = bound.result("event.offline.get", {"clear": 0})
    assert other["events"] == []
    assert other["process_id"] != mine["process_id"]


def test_parallel_takers_get_records_of_their_own(bound, company):
    for _ in range(5):
        company()
    takes = [bound.result("event.offline.get", {"clear": 0, "limit": 2}) for _ in range(3)]
    numbers = [row["ID"] for take in takes for row in take["events"]]
    assert sorted(numbers) == ["1", "2", "3", "4", "5"]


def test_a_known_process_reads_its_unconfirmed_records_again(bound, company):
    for _ in range(3):
        company()
    take = bound.result("event.offline.get", {"clear": 0})
    again = {"clear": 0, "process_id": take["process_id"]}
    assert bound.result("event.offline.get", again) == take
    named = {"process_id": take["process_id"], "id": [take["events"][0]["ID"]]}
    assert bound.result("event.offline.clear", named) is True
    assert bound.result("event.offline.get", again)["events"] == take["events"][1:]


def test_clearing_twice_is_harmless(bound, company):
    company()
    process = {"process_id": bound.result("event.offline.get", {"clear": 0})["process_id"]}
    assert bound.result("event.offline.clear", process) is True
    assert bound.result("event.offline.list") == []
    assert bound.result("event.offline.clear", process) is True


@pytest.mark.parametrize("method", ["event.offline.clear", "event.offline.error"])
def test_an_unknown_process_is_answered_true_and_nothing_is_lost(bound, company, method):
    company()
    assert bound.result(method, {"process_id": "0" * 32}) is True
    assert len(bound.result("event.offline.get")["events"]) == 1


@pytest.mark.parametrize("method", ["event.offline.clear", "event.offline.error"])
def test_no_process_is_refused(bound, method):
    assert bound.refusal(method)[:2] == (400, "PROCESS_ID_EMPTY")


def test_clear_by_messages_forgets_those_messages(bound, company):
    company()
    company()
    take = bound.result("event.offline.get", {"clear": 0})
    first, second = (row["MESSAGE_ID"] for row in take["events"])
    bound.result("event.offline.clear", {"process_id": take["process_id"], "message_id": [first]})
    assert [row["MESSAGE_ID"] for row in bound.result("event.offline.list")] == [second]


def test_a_change_during_a_reservation_makes_a_new_record(bound, company, portal):
    number = company()
    bound.result("event.offline.get")
    rename(portal, number)
    take = bound.result("event.offline.get", {"clear": 0})
    rename(portal, number)
    assert len(bound.result("event.offline.list")) == 2
    bound.result("event.offline.clear", {"process_id": take["process_id"]})
    assert events_of(bound.result("event.offline.get")) == [("ONCRMCOMPANYUPDATE", "1")]


def test_a_failed_record_comes_back_only_to_who_asks_for_errors(bound, company):
    company()
    take = bound.result("event.offline.get", {"clear": 0})
    bound.result("event.offline.error", {"process_id": take["process_id"]})
    assert [row["ERROR"] for row in bound.result("event.offline.list")] == ["1"]
    assert bound.result("event.offline.get")["events"] == []
    failed = bound.result("event.offline.get", {"error": 1})
    assert [row["ID"] for row in failed["events"]] == ["1"]


def test_a_change_after_a_failure_is_queued_anew(bound, company, portal):
    number = company()
    bound.result("event.offline.get")
    rename(portal, number)
    take = bound.result("event.offline.get", {"clear": 0})
    bound.result("event.offline.error", {"process_id": take["process_id"]})
    rename(portal, number)
    assert events_of(bound.result("event.offline.get")) == [("ONCRMCOMPANYUPDATE", "1")]


def test_a_reservation_is_forgotten_after_30_days(bound, company, portal):
    company()
    bound.result("event.offline.get", {"clear": 0})
    portal.clock.advance(30 * 86_400 - 1)
    # The key of an hour ago is stale by now: the portal's own view is asked.
    assert len(portal.offline.of(portal.offline.bindings[0].client_id, "", portal.now_s)) == 1
    portal.clock.advance(1)
    assert portal.offline.of(portal.offline.bindings[0].client_id, "", portal.now_s) == []


def test_get_takes_50_unless_told_otherwise(bound, company):
    for _ in range(60):
        company()
    assert len(bound.result("event.offline.get")["events"]) == 50
    assert len(bound.result("event.offline.get", {"limit": 4})["events"]) == 4
    assert len(bound.result("event.offline.list")) == 6


@pytest.mark.parametrize("limit", [0, -1, "", "many"])
def test_a_limit_that_is_no_number_is_50(bound, company, limit):
    for _ in range(60):
        company()
    assert len(bound.result("event.offline.get", {"limit": limit})["events"]) == 50


def test_get_can_be_filtered_with_the_operator_before_the_name(bound, company, portal):
    rename(portal, company())
    asked = {"filter": {"=EVENT_NAME": "ONCRMCOMPANYUPDATE"}}
    assert events_of(bound.result("event.offline.get", asked)) == [("ONCRMCOMPANYUPDATE", "1")]
    left = bound.result("event.offline.list")
    assert [row["EVENT_NAME"] for row in left] == ["ONCRMCOMPANYADD"]


def test_the_list_shows_reservations_and_has_pages(bound, company):
    for _ in range(51):
        company()
    take = bound.result("event.offline.get", {"clear": 0, "limit": 1})
    answer = bound.said("event.offline.list")
    assert (answer["total"], answer["next"], len(answer["result"])) == (51, 50, 50)
    assert [row["PROCESS_ID"] for row in answer["result"][:2]] == [take["process_id"], ""]
    assert set(answer["result"][0]) - set(take["events"][0]) == {"PROCESS_ID", "ERROR"}
    assert "next" not in bound.said("event.offline.list", {"start": 50})


def test_auth_connector_leaves_out_the_changes_of_its_own_source(app, company, portal):
    bind(app, auth_connector=KEY)
    by_app = app.with_connector(KEY)
    by_app("crm.company.add", {"fields": {"TITLE": "Своя"}})
    foreign = company("Чужая")
    by_app("crm.company.update", {"id": foreign, "fields": {"TITLE": "Своя правка"}})
    taken = by_app("event.offline.get", {})
    assert events_of(taken) == [("ONCRMCOMPANYADD", str(foreign))]


def test_the_changes_of_an_application_without_auth_connector_are_queued_for_it(app):
    bind(app, auth_connector=KEY)
    app.result("crm.company.add", {"fields": {"TITLE": "Своя"}})
    app.with_connector("another")("crm.company.add", {"fields": {"TITLE": "Чужая"}})
    assert len(app.with_connector(KEY)("event.offline.get", {})["events"]) == 2


def test_a_binding_without_a_source_hears_own_changes_too(bound):
    bound.with_connector(KEY)("crm.company.add", {"fields": {"TITLE": "Своя"}})
    assert events_of(bound.result("event.offline.get")) == [("ONCRMCOMPANYADD", "1")]


def test_a_command_of_a_batch_carries_its_own_auth_connector(app):
    bind(app, auth_connector=KEY)
    app.batch([f"crm.company.add?auth_connector={KEY}", "crm.company.add"])
    assert events_of(app.with_connector(KEY)("event.offline.get", {})) == [("ONCRMCOMPANYADD", "2")]


def test_an_auth_connector_beside_a_batch_goes_for_all_its_commands(app):
    bind(app, auth_connector=KEY)
    app.batch(["crm.company.add", "crm.company.add"], auth_connector=KEY)
    assert app.with_connector(KEY)("event.offline.get", {})["events"] == []


def test_the_queue_of_a_source_is_read_only_by_naming_it(app, company):
    bind(app, auth_connector=KEY)
    company()
    assert app.result("event.offline.list") == []
    assert len(app.with_connector(KEY)("event.offline.list", {})) == 1


def test_two_queues_of_one_application_are_filled_each(app, company):
    bind(app, "ONCRMCOMPANYADD")
    bind(app, "ONCRMCOMPANYADD", auth_connector=KEY)
    company()
    assert len(app.result("event.offline.get")["events"]) == 1
    assert len(app.with_connector(KEY)("event.offline.get", {})["events"]) == 1


@pytest.mark.parametrize("name", ["basic", "standard"])
def test_a_small_tariff_has_neither_reservations_nor_sources(app, company, portal, name):
    portal.tariff = TARIFFS[name]
    bind(app)
    company()
    assert app.refusal("event.offline.get", {"clear": 0}) == TOO_SMALL
    asked = {"event": "ONCRMCONTACTADD", "event_type": "offline", "auth_connector": KEY}
    assert app.refusal("event.bind", asked) == TOO_SMALL
    # A refused reading takes nothing; the plain one does.
    assert len(app.result("event.offline.get")["events"]) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("basic", "N"), ("standard", "N"), ("professional", "Y"), ("enterprise", "Y")],
)
def test_feature_get_tells_what_the_tariff_has(hook, portal, name, value):
    portal.tariff = TARIFFS[name]
    for code in ("rest_offline_extended", "rest_auth_connector"):
        assert hook.result("feature.get", {"CODE": code}) == {"value": value}


def test_feature_get_without_a_code_is_refused(hook):
    assert hook.refusal("feature.get")[:2] == (400, "CODE_EMPTY")


@pytest.mark.parametrize("verb", ["get", "list", "clear", "error"])
def test_the_queue_refuses_a_webhook(hook, verb):
    assert hook.refusal(f"event.offline.{verb}", {"process_id": "1"}) == DENIED


@pytest.mark.parametrize("method", ["events", "event.bind", "event.unbind", "event.get"])
def test_bindings_refuse_a_webhook(hook, method):
    assert hook.refusal(method)[:2] == (403, "WRONG_AUTH_TYPE")


def test_an_unknown_event_is_refused(app):
    refused = app.refusal("event.bind", {"event": "ONNOTHING", "event_type": "offline"})
    assert refused[:2] == (400, "ERROR_EVENT_NOT_FOUND")


def test_the_same_binding_twice_is_refused(bound):
    sent = {"event": "oncrmcompanyadd", "event_type": "OFFLINE"}
    status, _, text = bound.refusal("event.bind", sent)
    assert (status, text) == (400, "Unable to set event handler")


def test_an_online_binding_needs_a_handler(app):
    assert app.refusal("event.bind", {"event": "ONCRMCOMPANYADD"})[0] == 400


def test_a_parameter_name_that_ends_with_a_tab_is_tolerated(app, company):
    app.result("event.bind", {"event": "ONCRMCOMPANYADD", "event_type\t": "offline"})
    company()
    assert len(app.result("event.offline.get")["events"]) == 1


def test_event_get_shows_own_bindings(bound):
    rows = bound.result("event.get")
    assert next((row["event"], row["offline"], row["auth_type"]) for row in rows) == (
        "ONCRMCOMPANYADD",
        1,
        "0",
    )
    assert len(rows) == 3


def test_after_unbind_nothing_is_queued(bound, company):
    assert bound.result("event.unbind", {"event": "ONCRMCOMPANYADD"}) == {"count": 1}
    company()
    assert bound.result("event.offline.get")["events"] == []
    assert bound.result("event.unbind") == {"count": 2}
    assert bound.result("event.unbind") == {"count": 0}


def test_unbind_undoes_only_what_matches_all_that_it_names(app):
    handlers = [{"handler": "https://a.example/", "auth_type": user} for user in ("1", "2")]
    for handler in handlers:
        app.result("event.bind", {"event": "ONCRMCOMPANYADD", **handler})
    assert app.result("event.unbind", {"event": "ONCRMCOMPANYADD", **handlers[1]}) == {"count": 1}
    assert [row["auth_type"] for row in app.result("event.get")] == ["1"]


def test_event_data_is_false_where_the_switch_says_so(portals, installing):
    portal = portals(switches=Switches(event_data_is_false=True))
    app = installing(portal)
    bind(app)
    portal.act("crm.company.add", {"fields": {}})
    assert [row["EVENT_DATA"] for row in app.result("event.offline.get")["events"]] == [False]


@pytest.mark.parametrize(("fires", "count"), [(True, 1), (False, 0)])
def test_requisites_that_go_with_their_owner_are_told_by_the_switch(
    portals, installing, fires, count
):
    portal = portals(switches=Switches(cascade_fires_events=fires))
    app = installing(portal)
    bind(app, "ONCRMREQUISITEDELETE")
    firm = portal.act("crm.company.add", {"fields": {}})
    fields = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": firm, "PRESET_ID": 1, "NAME": "Реквизиты"}
    portal.act("crm.requisite.add", {"fields": fields})
    portal.act("crm.company.delete", {"id": firm})
    assert portal.records()["requisite"] == {}
    assert len(app.result("event.offline.get")["events"]) == count
