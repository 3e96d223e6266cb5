"""Lives through a sale's data with onec-odata and prints what it saw; told in JSON."""

import json
import sys

from onec_odata import F, ODataClient, Query
from onec_odata.exceptions import ODataHTTPError

CLIENTS = "Контрагенты"


def read_all(client: ODataClient) -> dict[str, object]:
    rows = {name: list(client.entity_set(name).iterate(page_size=7)) for name in told["sets"]}
    counts = {name: outcome(client.entity_set(name).count) for name in told["sets"]}
    sets = client.metadata().entity_set_names
    return {"rows": rows, "counts": counts, "sets": sets, "listed": client.service_document()}


def live(client: ODataClient) -> dict[str, object]:
    clients = client.catalog(CLIENTS)
    made = clients.create({"Description": "Ромашка ООО", "ИНН": "7707083893"})
    changed = clients.update(made.ref_key, {"КПП": "770701001"}, if_match=made.data_version)
    stale = outcome(clients.update, made.ref_key, {"КПП": "1"}, if_match=made.data_version)
    found = clients.list(
        Query().filter((F("ИНН") == "7707083893") & (F("DeletionMark") == False)).with_count()  # noqa: E712 - a field makes a condition of ==
    )
    loaded = clients.create({"Description": "Загрузка"}, data_load_mode=True)
    clients.delete(loaded.ref_key)
    gone = outcome(clients.get, loaded.ref_key)
    return {
        "made": made,
        "changed": changed,
        "stale": stale,
        "found": found,
        "total": found.total_count,
        "gone": gone,
    }


def post(client: ODataClient) -> dict[str, object]:
    documents = client.document(told["document"])
    steps = []
    for deed in (documents.unpost_document, documents.post_document):
        deed(told["key"])
        steps.append(documents.get(told["key"])["Posted"])
    return {"posted": steps}


def slice_last(client: ODataClient) -> dict[str, object]:
    prices = client.information_register(told["register"])
    return {"rows": prices.call("SliceLast", {"Condition": told["condition"]})}


def outcome(deed, *arguments, **named) -> str:
    try:
        deed(*arguments, **named)
    except (ODataHTTPError, ValueError) as error:
        return type(error).__name__
    return "done"


told = json.load(sys.stdin)
with ODataClient(told["url"], auth=("obmen", "secret")) as client:
    print(json.dumps(globals()[told["deed"]](client), default=str))
