"""An outside oracle of the standard library alone: enterprise-1c-odata, which only reads."""

import threading
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from enterprise_1c_odata import ODataAuthError, ODataClient, ODataQuery, ODataQueryError
from enterprise_1c_odata import ODataError as ClientError

from onec_emulator.infobase import Infobase
from onec_emulator.sample import fill_whole
from onec_emulator.wording import WORDINGS
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

SET = "Catalog_Контрагенты"


@contextmanager
def client(base, password="secret"):
    lock = threading.RLock()
    with serve(build_app(base, lock), clock=base.clock, lock=lock) as served:
        yield ODataClient(served.url + base.service_root, "obmen", password)


def query(name):
    """The client leaves a Cyrillic address as it is, which its own library refuses to send."""
    return ODataQuery(quote(name))


def without_links(row):
    """The client's `$format=json` outweighs the nometadata that it accepts."""
    return {name: value for name, value in row.items() if "@" not in name}


@pytest.fixture(params=WORDINGS)
def base(request):
    base = Infobase(clock=WallClock(), configuration=request.param, pace=0.01)
    fill_whole(base, 12)
    return base


def test_all_sets_are_read_as_the_base_holds_them(base):
    with client(base) as known:
        for name, rows in base.records().items():
            found = known.execute(query(name))
            assert found.count == len(rows)
            shown = [without_links(row) for row in found.items]
            assert sorted(shown, key=repr) == sorted(rows.values(), key=repr)
            assert found.next_link is None


def test_pages_in_an_order_are_the_whole(base):
    with client(base) as known:
        pages = [
            known.execute(query(SET).orderby("Description").top(5).skip(skip)).items
            for skip in (0, 5, 10)
        ]
    names = [row["Description"] for page in pages for row in page]
    assert names == sorted(row["Description"] for row in base.records()[SET].values())
    assert [len(page) for page in pages] == [5, 5, 2]


def test_a_part_of_a_record_is_selected_and_a_reference_expanded():
    base = Infobase(clock=WallClock(), pace=0.01)
    fill_whole(base, 12)
    accounts = base.records()["Catalog_БанковскиеСчета"]
    with client(base) as known:
        asked = query("Catalog_БанковскиеСчета").select("НомерСчета", "Банк/Code").expand("Банк")
        found = [without_links(row) for row in known.execute(asked).items]
    banks = base.records()["Catalog_Банки"]
    expected = [
        {"НомерСчета": row["НомерСчета"], "Банк": {"Code": banks[row["Банк_Key"]]["Code"]}}
        for _, row in sorted(accounts.items())
    ]
    assert found == expected


def test_a_function_without_blanks_is_a_filter_that_arrives(base):
    with client(base) as known:
        found = known.execute(query(SET).filter("substringof('ООО',Description)")).items
    rows = base.records()[SET].values()
    assert {row["Ref_Key"] for row in found} == {
        row["Ref_Key"] for row in rows if "ООО" in row["Description"]
    }


def test_a_filter_with_blanks_meets_the_plus_that_1c_takes_for_an_addition(base):
    """A limit of this client, seen here: it sends a blank as a plus."""
    with client(base) as known, pytest.raises(ODataQueryError, match="Операция не разрешена"):
        known.execute(query(SET).filter("ИНН eq '7707083893'"))


def test_the_client_understands_refusals(base):
    with client(base) as known:
        with pytest.raises(ODataQueryError, match="HTTP 404"):
            known.execute(query("Catalog_Нет"))
        with pytest.raises(ClientError, match="Unexpected error"):
            known.execute(ODataQuery(SET))
    with client(base, "wrong") as stranger, pytest.raises(ODataAuthError):
        stranger.execute(query(SET))
