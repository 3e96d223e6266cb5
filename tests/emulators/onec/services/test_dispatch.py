"""HTTP services: which template answers, and how a service errs."""

import json

import pytest

from onec_emulator.services import Answer, Call, HttpService


@pytest.fixture
def shop(calling):
    """A base with a service of one's own."""
    service = HttpService("shop")

    def entered(verb, path):
        @service.route(verb, path)
        def answer(call: Call) -> Answer:
            return Answer.json({"path": path, "params": call.params, "query": call.query})

    for path in ("/orders/{id}", "/orders/new", "/orders/{id}/*", "/files/*"):
        entered("GET", path)
    entered("*", "/any")

    @service.route("GET", "/broken")
    def broken(call: Call) -> Answer:
        raise ValueError("Деление на 0")

    @service.route("GET", "/silent")
    def silent(call: Call) -> Answer:
        return None

    @service.route("POST", "/clients")
    def client(call: Call) -> Answer:
        fields = {"set": "Catalog_Контрагенты", "fields": call.json()}
        return Answer.json({"guid": call.base.act("create", fields, user=call.user)}, 201)

    return calling(services=[service])


def called(odata, verb, path, query="", body=None):
    request = odata.request(verb, "", query, body)
    root = odata.base.service_root
    target = request.path.replace(root, f"{odata.base.publication}/hs") + path
    return odata.base.answer(type(request)(**{**vars_of(request), "path": target}))


def vars_of(request):
    return {name: getattr(request, name) for name in request.__slots__}


@pytest.mark.parametrize(
    ("path", "template", "params"),
    [
        ("/shop/orders/7", "/orders/{id}", {"id": "7"}),
        ("/shop/orders/new", "/orders/new", {}),
        ("/shop/orders/7/rows/2", "/orders/{id}/*", {"id": "7", "*": "/rows/2"}),
        ("/shop/files/a/%D0%B1", "/files/*", {"*": "/a/б"}),
        ("/shop/files", "/files/*", {"*": "/"}),
    ],
)
def test_the_best_template_answers_with_its_parameters(shop, path, template, params):
    said = json.loads(called(shop, "GET", path, "a=1&b=б").body)
    assert (said["path"], said["params"]) == (template, params)
    assert said["query"] == {"a": "1", "b": "б"}


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/nobody/orders/7", 404),
        ("GET", "/shop/Orders/7", 404),
        ("GET", "/shop", 404),
        ("POST", "/shop/orders/7", 405),
        ("PATCH", "/shop/any", 200),
        ("GET", "/shop/silent", 500),
    ],
)
def test_what_does_not_match_is_refused_by_its_status(shop, verb, path, status):
    assert called(shop, verb, path).status == status


def test_an_error_of_a_handler_is_told_as_text(shop):
    reply = called(shop, "GET", "/shop/broken")
    assert (reply.status, reply.content_type) == (500, "text/plain; charset=utf-8")
    assert "broken" in reply.body.decode()
    assert "Деление на 0" in reply.body.decode()


def test_a_handler_works_with_the_base_as_its_caller(shop):
    reply = called(shop, "POST", "/shop/clients", body={"Description": "Ромашка"})
    guid = json.loads(reply.body)["guid"]
    assert shop.base.records()["Catalog_Контрагенты"][guid]["Description"] == "Ромашка"
    assert shop.base.ledger.touches[-1].actor == "user:obmen"
    assert shop.base.calls.lines[-1].name == "POST /hs/shop/clients"


def test_a_service_asks_for_a_login_and_is_closed_with_the_base(shop):
    shop.base.act("begin_exclusive", {})
    assert called(shop, "GET", "/shop/orders/7").status == 403
    shop.password = "wrong"
    assert called(shop, "GET", "/shop/orders/7").status == 401


@pytest.mark.parametrize("path", ["orders", "/a//b", "/*/x", "/orders/{number}", "/orders/{id}"])
def test_a_template_that_nobody_could_choose_is_refused(path):
    service = HttpService("shop")
    service.route("GET", "/orders/{id}")(lambda call: Answer())
    with pytest.raises(ValueError, match=r"template|as good as|already"):
        service.route("GET", path)
