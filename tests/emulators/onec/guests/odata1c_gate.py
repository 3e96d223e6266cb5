"""Tests and indexes a base by odata1c-gate's command, then reads and writes by its client."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from odata1c.client1c.client import Client1C
from odata1c.client1c.errors import OdataError
from odata1c.config.models import BaseConfig
from odata1c.index.reindex import index_path

told = json.load(sys.stdin)
facts = {"label": "x", "url": told["url"], "user": "obmen", "password": "secret", "role": "dev"}


def command(home: Path, *words: str) -> int:
    asked = [sys.executable, "-m", "odata1c", "--home", str(home), *words]
    return subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True).returncode


def indexed(home: Path) -> dict[str, object]:
    codes = [command(home, "init")]
    lines = "".join(f"    {name}: {value}\n" for name, value in facts.items())
    (home / "bases.yaml").write_text(f"bases:\n  one:\n{lines}")
    codes += [command(home, "base", "test", "one"), command(home, "reindex", "one")]
    with sqlite3.connect(index_path(home, "one")) as index:
        kinds = index.execute("select name, kind from entities where not is_tabular_part")
        posting = "select e.name, a.name from actions a join entities e on e.id = a.entity_id"
        return {
            "codes": codes,
            "kinds": dict(kinds.fetchall()),
            "actions": index.execute(posting).fetchall(),
        }


async def lived() -> dict[str, object]:
    client = Client1C(BaseConfig(name="one", **facts))
    name = "Catalog_Контрагенты"
    try:
        page = await client.get(name, {"$inlinecount": "allpages", "$top": 2, "$filter": "true"})
        made = await client.post(name, {"Description": "Ромашка ООО"})
        key = f"{name}(guid'{made['Ref_Key']}')"
        changed = await client.patch(key, {"ИНН": "7707083893"})
        await client.delete(key)
        try:
            await client.get(key)
            lost = None
        except OdataError as error:
            lost = [error.status, error.platform_code]
        posted = f"{told['document']}/Unpost"
        await client.post(posted, {})
        return {"page": page, "made": made, "changed": changed, "lost": lost}
    finally:
        await client.close()


with TemporaryDirectory() as home:
    print(json.dumps(indexed(Path(home)) | asyncio.run(lived())))
