"""The README's calls of the exchange service do what it says, with curl as it is."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import WallClock

README = Path(__file__).parents[5] / "emulators" / "onec" / "README.md"
CALLS = re.findall(r"^curl .+$", README.read_text(encoding="utf-8"), re.MULTILINE)
ADDRESS = "http://127.0.0.1:8081/unf"


@pytest.mark.sockets
@pytest.mark.usefixtures("curl")
def test_each_call_answers_as_one_after_another(served):
    base = Infobase(clock=WallClock())
    fields = {"Description": "Ромашка ООО", "ИНН": "7707083893"}
    base.act("create", {"set": "Catalog_Контрагенты", "fields": fields}, user="Иванова")
    with served(base) as address:
        found, entered, changes, confirmed, described = (
            json.loads(subprocess.check_output(call.replace(ADDRESS, address), shell=True))
            for call in CALLS
        )
    assert [item["fields"]["Description"] for item in found["items"]] == ["Ромашка ООО"]
    assert entered["fields"]["Code"] == "НФ-000002"
    # Each client has brought its contract along.
    written = {entered["set"], "Catalog_ДоговорыКонтрагентов"}
    keys = {key for name in written for key in base.records()[name]}
    assert {item["key"] for item in changes["items"]} == keys
    assert confirmed == {"node": "B24", "received": 1}
    assert described["openapi"] == "3.1.0"
