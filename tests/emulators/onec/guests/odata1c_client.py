"""Reads and writes clients with odata1c-client and prints what it saw; told in JSON."""

import json
import sys

from OData1C.connection import Connection
from OData1C.exceptions import ODataResponseError
from OData1C.models import ODataModel
from OData1C.odata.entity_manager import EntityManager
from OData1C.odata.metadata_manager import MetadataManager
from OData1C.odata.query import Q
from pydantic import Field
from requests.auth import HTTPBasicAuth


class Client(ODataModel):
    guid: str = Field(alias="Ref_Key", default=None, exclude=True)
    name: str = Field(alias="Description")
    inn: str = Field(alias="ИНН")


told = json.load(sys.stdin)
with Connection(told["host"], "http", HTTPBasicAuth("obmen", "secret")) as connection:

    def clients():
        return EntityManager(connection, told["base"], "Catalog_Контрагенты", Client)

    metadata = MetadataManager(connection, told["base"])
    made = clients().create({"Description": "Ромашка ООО", "ИНН": "7707083893"})
    changed = clients().update(made.guid, {"Description": "Лютик ООО"})
    pages = [clients().top(4).skip(skip).all() for skip in range(0, 16, 4)]
    found = clients().filter(Q(inn="7707083893") & ~Q(name="Ромашка ООО")).all()
    by_guid = clients().filter(guid__in__guid=[made.guid]).all()
    try:
        clients().get("00000000-0000-4000-8000-000000000000")
        lost = 200
    except ODataResponseError as error:
        lost = error.status_code
    seen = {
        "sets": metadata.get_entity_sets(),
        "properties": metadata.get_properties("Catalog_Контрагенты"),
        "made": made.guid,
        "changed": changed.name,
        "paged": [[client.guid, client.name] for page in pages for client in page],
        "found": [client.guid for client in found],
        "by_guid": [client.guid for client in by_guid],
        "lost": lost,
    }
print(json.dumps(seen))
