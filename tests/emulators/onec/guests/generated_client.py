"""Generates a client of the exchange service with openapi-python-client and calls it; told in JSON.

The generated package is used as it came; what each call said is printed.
"""

import importlib
import json
import subprocess
import sys
import tempfile
from base64 import b64encode
from pathlib import Path

told = json.load(sys.stdin)
folder = Path(tempfile.mkdtemp())
document = folder / "openapi.json"
document.write_text(json.dumps(told["document"]), encoding="utf-8")
generate = ["-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"]
where = ["--path", str(document), "--output-path", str(folder / "exchange_client")]
said = subprocess.run([sys.executable, *generate, *where], capture_output=True, text=True)
assert said.returncode == 0, said.stdout + said.stderr
sys.path.insert(0, str(folder))

from exchange_client import AuthenticatedClient, models  # noqa: E402  # It was made just now.


def call(name, *path, **arguments):
    route = importlib.import_module(f"exchange_client.api.default.{name}")
    reply = route.sync_detailed(*path, client=client, **arguments)
    return int(reply.status_code), reply.parsed


def sent(model, **fields):
    return getattr(models, model).from_dict(fields)


token = b64encode(b"obmen:secret").decode()
with AuthenticatedClient(told["url"] + "/hs/exchange", token=token, prefix="Basic") as client:
    fields = {"Description": "Ромашка ООО", "ИНН": "7707083893"}
    made, one = call("create_client", body=sent("CreateClientBody", fields=fields))
    key = one.key
    changed, other = call(
        "update_client", key, body=sent("UpdateClientBody", fields={"КПП": "770701001"})
    )
    _, page = call("list_client", inn="7707083893")
    lost, refusal = call("get_client", "a0000000-0000-4000-8000-00000000000a")
    _, message = call("select_changes", body=sent("SelectChangesBody", node="B24"))
    number = message.message
    confirmed, _ = call(
        "confirm_changes", body=sent("ConfirmChangesBody", node="B24", message=number)
    )
    marked, _ = call("mark_client", key)
    _, again = call("select_changes", body=sent("SelectChangesBody", node="B24"))
    _, version = call("get_version")
seen = {
    "statuses": [made, changed, lost, confirmed, marked],
    "key": key,
    "inn": other.fields.to_dict()["ИНН"],
    "found": [each.key for each in page.items],
    "refusal": type(refusal).__name__,
    "first": [item.key for item in message.items],
    "again": [item.key for item in again.items],
    "configuration": version.configuration,
    "operations": len(list((folder / "exchange_client/api/default").glob("[a-z]*.py"))),
}
print(json.dumps(seen))
