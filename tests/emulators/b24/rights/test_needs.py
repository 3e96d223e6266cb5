"""What each method asks for: all have a row or are free, and each refuses in its own words."""

import pathlib

import pytest

from b24_emulator import needs
from b24_emulator.calls import Call, Caller, Way
from b24_emulator.methods.table import METHODS
from b24_emulator.needs import NEEDS
from b24_emulator.needs.subjects import administrator

FREE = pathlib.Path(__file__).with_name("for_anybody.txt").read_text("utf-8").split()
OWNED = {
    "ENTITY_TYPE_ID": 4,
    "ENTITY_ID": 1,
    "ENTITY_TYPE": "deal",
    "OWNER_TYPE_ID": 2,
    "OWNER_ID": 1,
    "OWNER_TYPE": "D",
    "entityTypeId": 2,
    "entityId": 1,
}
ASKED = {
    "id": 1,
    "entityTypeId": 2,
    "entityId": 1,
    "ownerTypeId": 2,
    "ownerId": 1,
    "ownerType": "D",
    "activityId": 1,
    "paymentId": 1,
    "PAYMENT_ID": 1,
    "INVOICE_ID": 1,
    "scope": "P",
    "userId": 1,
    "fields": OWNED,
    "filter": OWNED,
    "params": {"entityTypeId": 4, "entityIds": [1, 1]},
}
"""What any of the methods reads its subject from; most of it is of no use to one."""
ALL = {"*": "all", "settings": "all", "catalog": "all"}


@pytest.fixture
def world(portal, company, staff):
    """One record of every kind, each with the number 1."""
    company()
    portal.act("crm.type.add", {"fields": {"title": "Заявки", "entityTypeId": 1030}})
    for name in ("contact", "deal", "lead", "quote"):
        portal.act(f"crm.{name}.add", {"fields": {"TITLE": "А", "NAME": "А"}})
    invoice = {"ORDER_TOPIC": "А", "PAY_SYSTEM_ID": 1, "PERSON_TYPE_ID": 1, "STATUS_ID": "N"}
    portal.act("crm.invoice.add", {"fields": invoice})
    made = {"PRESET_ID": 1, "NAME": "Р", **OWNED}
    portal.act("crm.requisite.add", {"fields": made})
    portal.act("crm.requisite.bankdetail.add", {"fields": {"ENTITY_ID": 1, "NAME": "С"}})
    told = [{"VALUE": "1", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 4}]
    call = {"TYPE_ID": 2, "SUBJECT": "З", "RESPONSIBLE_ID": 1, "COMMUNICATIONS": told, **OWNED}
    portal.act("crm.activity.add", {"fields": call})
    portal.act("crm.timeline.comment.add", {"fields": {**OWNED, "COMMENT": "К"}})
    message = {"title": "А", "text": "А", "iconCode": "info", "entityTypeId": 2, "entityId": 1}
    portal.last_value_id = 0
    portal.act("crm.timeline.logmessage.add", {"fields": message})
    portal.act("crm.deal.productrows.set", {"id": 1, "rows": [{"PRICE": 5, "QUANTITY": 2}]})
    portal.act("crm.item.payment.add", {"entityId": 1, "entityTypeId": 2})
    portal.act("crm.item.payment.product.add", {"paymentId": 1, "rowId": 1, "quantity": 1})
    portal.act("crm.item.payment.delivery.add", {"paymentId": 1, "deliveryId": 1})
    portal.act("crm.deal.recurring.add", {"fields": {"DEAL_ID": 1}})


def test_every_method_asks_for_something_or_is_free():
    assert set(NEEDS) == set(METHODS) - set(FREE)
    assert len(FREE) == len(set(FREE))


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_who_has_no_right_is_refused_in_the_methods_words(portal, world, narrow, name):
    anna = narrow({})
    if METHODS[name].app_refusal or name.startswith("crm.activity.type"):
        path, token = "/rest/", portal.act("portal.token", {"user": anna.path.split("/")[2]})
        anna = type(anna)(portal, path, token)
    sent = {**ASKED, "id": "C0"} if name.startswith("crm.currency") else dict(ASKED)
    if name == "crm.type.getbyentitytypeid":
        sent["entityTypeId"] = 1030
    words = NEEDS[name].refusal
    assert anna.refusal(name, sent) == (words.status, words.code, words.text)


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_who_has_all_rights_is_not_refused(portal, world, narrow, staff, name):
    narrow(ALL)
    sent = {key.lower(): value for key, value in ASKED.items()}
    caller = Caller("user", str(staff["anna"]), Way.WINDOW)
    if NEEDS[name].subjects is administrator:
        with pytest.raises(type(NEEDS[name].refusal)):
            needs.check(name, Call(portal, caller, sent))
    else:
        needs.check(name, Call(portal, caller, sent))


@pytest.mark.parametrize(
    ("method", "status", "code", "text"),
    [
        ("crm.company.get", 400, "", "Access denied."),
        ("crm.lead.list", 400, "", "Access denied."),
        ("crm.company.contact.items.get", 403, "ACCESS_DENIED", "Access denied!"),
        ("crm.deal.userfield.update", 403, "", "Access denied."),
        ("crm.contact.userfield.add", 400, "", "Access denied."),
        ("crm.item.get", 400, "ACCESS_DENIED", "You do not have permission to view this item"),
        ("crm.item.update", 400, "ACCESS_DENIED", "Access denied"),
        ("crm.item.payment.get", 400, "0", "Payment not found or access denied"),
        ("crm.timeline.comment.add", 400, "ACCESS_DENIED", "Insufficient permissions"),
        ("crm.duplicate.findbycomm", 403, "", "Access denied."),
        ("catalog.price.list", 400, "200040300010", "Access Denied"),
        ("catalog.price.modify", 400, "200040300020", "Access Denied"),
        ("catalog.section.list", 400, "200040300030", "Access Denied"),
        ("catalog.product.delete", 400, "200040300040", "Access Denied"),
        ("catalog.section.delete", 400, "200040300050", "Access Denied"),
        ("catalog.productProperty.add", 400, "0", "Access Denied"),
        ("sale.paysystem.list", 403, "ACCESS_DENIED", "Access denied!"),
        ("user.add", 400, "ERROR_CORE", "access_denied"),
        ("department.add", 400, "ERROR_CORE", "Access denied"),
    ],
)
def test_the_words_are_those_of_the_documents(world, narrow, method, status, code, text):
    assert narrow({}).refusal(method, ASKED) == (status, code, text)


def test_a_layout_of_ones_own_needs_no_settings(narrow, staff):
    anna = narrow({})
    data = [{"name": "main", "title": "А", "type": "section", "elements": []}]
    assert anna.result("crm.deal.details.configuration.set", {"scope": "P", "data": data})
    common = {"scope": "C", "data": data}
    assert anna.refusal("crm.deal.details.configuration.set", common)[2] == "Access denied."
    assert anna.result("crm.deal.details.configuration.get", {"scope": "C"})
    others = {"scope": "P", "userId": staff["gleb"]}
    assert anna.refusal("crm.deal.details.configuration.get", others)[2] == "Access denied."
