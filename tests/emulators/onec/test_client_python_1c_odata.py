"""An outside oracle that writes: python-1c-odata, a real client that nobody patched."""

import asyncio
import threading
from contextlib import contextmanager
from uuid import UUID

import pytest
from python_1c_odata import (
    AccessDenied,
    AccountingRegister,
    AccumulationRegister,
    Catalog,
    ChartOfAccounts,
    ChartOfCharacteristicTypes,
    Constant,
    Document,
    EntityNotFound,
    ExchangePlan,
    F,
    InformationRegister,
    ODataError,
    PostingMode,
    bind_field,
    cast,
    contains,
    isof,
)
from python_1c_odata import Infobase as Client

from onec_emulator.infobase import Infobase
from onec_emulator.odata.functions import ELSEWHERE, FUNCTIONS, REFUSED
from onec_emulator.sales import enter_product, put_in_stock
from onec_emulator.sample import enter_person, fill_whole, group
from onec_emulator.switches import Switches
from onec_emulator.wording import WORDINGS
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.people import Kind, Registry
from sverka_emulator_kit.serve import serve
from sverka_emulator_kit.trouble import Refuse

pytestmark = [pytest.mark.clients, pytest.mark.sockets]

SET = "Catalog_Контрагенты"
LINKS = "InformationRegister_СвязиКонтрагентКонтакт"


@contextmanager
def published(base):
    """The address of the base's server."""
    lock = threading.RLock()
    with serve(build_app(base, lock), clock=base.clock, lock=lock) as served:
        yield served.url


def talk(base, conversation, *, password="secret", **settings):
    """What the client's `conversation` with the base returns."""

    async def run(url):
        name = base.publication.strip("/")
        async with Client(url, name, "obmen", password, **settings) as client:
            return await conversation(client)

    with published(base) as url:
        return asyncio.run(run(url))


@pytest.fixture(params=WORDINGS)
def base(request):
    base = Infobase(clock=WallClock(), configuration=request.param, pace=0.01)
    fill_whole(base, 23)
    return base


@pytest.fixture
def unf():
    return Infobase(clock=WallClock(), pace=0.01)


def without_links(row):
    return {name: value for name, value in row.items() if "@" not in name and "." not in name}


def test_all_sets_are_read_as_the_base_holds_them(base):
    async def read(client):
        found = {}
        for name in base.records():
            kind, _, own = name.partition("_")
            sets = {
                "AccountingRegister": AccountingRegister,
                "AccumulationRegister": AccumulationRegister,
                "Catalog": Catalog,
                "ChartOfAccounts": ChartOfAccounts,
                "Constant": Constant,
                "Document": Document,
                "ChartOfCharacteristicTypes": ChartOfCharacteristicTypes,
                "ExchangePlan": ExchangePlan,
                "InformationRegister": InformationRegister,
            }
            rows = [row async for row in sets[kind](client, own).iterate(page_size=10)]
            found[name] = [without_links(row) for row in rows]
        return found

    found = talk(base, read)
    for name, rows in base.records().items():
        assert sorted(found[name], key=repr) == sorted(rows.values(), key=repr)


def test_the_metadata_names_all_sets_with_their_keys_and_properties(base):
    async def read(client):
        sets = await client.entity_sets()
        types = {name: await client.entity_type_for_set(name) for name in base.records()}
        return sets, types

    sets, types = talk(base, read)
    assert set(base.records()) <= set(sets)
    for name, schema in base.configuration.sets.items():
        declared = {prop.name: prop.type for prop in types[name].properties}
        assert types[name].keys == schema.key
        assert {field.name: field.edm for field in schema.fields.values()}.items() <= (
            declared.items()
        )


@pytest.mark.parametrize("form", ["json", "atom"])
def test_a_record_is_made_changed_replaced_marked_and_deleted(unf, form):
    async def live(client):
        clients = Catalog(client, "Контрагенты")
        made = await clients.create({"Description": "Ромашка ООО", "ИНН": "7707083893"})
        guid = made["Ref_Key"]
        await clients.edit(guid, {"КПП": "770701001", "Покупатель": True})
        edited = dict(unf.records()[SET][guid])
        await clients.edit(guid, {"DeletionMark": True})
        marked = unf.records()[SET][guid]["DeletionMark"]
        read = await clients.get(guid)
        await clients.replace(guid, {"Description": "Лютик ООО"})
        replaced = dict(unf.records()[SET][guid])
        await clients.delete(guid)
        return edited, marked, read, replaced

    edited, marked, read, replaced = talk(unf, live, format=form)
    assert (edited["Description"], edited["ИНН"], edited["КПП"], edited["Покупатель"]) == (
        "Ромашка ООО",
        "7707083893",
        "770701001",
        True,
    )
    assert marked is True
    assert (read["Description"], read["КПП"]) == ("Ромашка ООО", "770701001")
    assert (replaced["Description"], replaced["ИНН"], replaced["КПП"]) == ("Лютик ООО", "", "")
    assert unf.records()[SET] == {}
    assert {touch.actor for touch in unf.ledger.touches} == {"odata:obmen"}


def test_a_client_is_written_with_its_contacts_account_and_person(unf):
    async def write(client):
        lines = [{"LineNumber": 1, "Тип": "Телефон", "Представление": "+74951234567"}]
        made = await Catalog(client, "Контрагенты").create({"КонтактнаяИнформация": lines})
        bank = await Catalog(client, "Банки").create({"Code": "049999001"})
        account = {
            "Owner": made["Ref_Key"],
            "Owner_Type": f"StandardODATA.{SET}",
            "НомерСчета": "40702810700000000101",
            **bind_field("Банк", "Catalog_Банки", bank["Ref_Key"]),
        }
        account = await Catalog(client, "БанковскиеСчета").create(account)
        return made, bank, account

    made, bank, account = talk(unf, write)
    (line,) = unf.records()[SET][made["Ref_Key"]]["КонтактнаяИнформация"]
    assert (line["LineNumber"], line["Представление"]) == ("1", "+74951234567")
    stored = unf.records()["Catalog_БанковскиеСчета"][account["Ref_Key"]]
    assert (stored["Банк_Key"], stored["Owner"]) == (bank["Ref_Key"], made["Ref_Key"])


def test_filters_find_what_they_say(base):
    rows = base.records()[SET]
    wanted = next(row for row in rows.values() if row["ИНН"])
    kind = next(name for name in ("ЮридическоеФизическоеЛицо", "ВидКонтрагента") if name in wanted)
    legal = F(kind) == "ЮридическоеЛицо"
    queries = {
        "one": F("ИНН") == wanted["ИНН"],
        "both": legal & contains("Description", "ООО"),
        "not": ~legal,
        "line": F("КонтактнаяИнформация").any(F("Тип") == "Адрес"),
        "key": F("Ref_Key") == f"guid'{wanted['Ref_Key']}'",
    }

    async def ask(client):
        clients = Catalog(client, "Контрагенты")
        found = {}
        for name, query in queries.items():
            page = await clients.where(query).orderby("Description").execute()
            found[name] = [row["Ref_Key"] for row in page.value]
            assert await clients.count(odata_filter=query) == len(page.value)
        return found, await clients.count()

    found, count = talk(base, ask)

    def keys(holds):
        passing = [row for row in rows.values() if holds(row)]
        return [row["Ref_Key"] for row in sorted(passing, key=lambda row: row["Description"])]

    def is_legal(row):
        return row[kind] == "ЮридическоеЛицо"

    assert count == len(rows)
    assert found == {
        "one": keys(lambda row: row["ИНН"] == wanted["ИНН"]),
        "both": keys(lambda row: is_legal(row) and "ООО" in row["Description"]),
        "not": keys(lambda row: not is_legal(row)),
        "line": keys(lambda row: True),
        "key": [wanted["Ref_Key"]],
    }


def test_accounts_are_read_by_balances_and_turnovers():
    base = Infobase(clock=WallClock(), configuration="bp30", pace=0.01)
    product = enter_product(base, "Бумага А4")
    put_in_stock(base, product, 5)

    async def ask(client):
        chart = await ChartOfAccounts(client, "Хозрасчетный").where(F("Code") == "41.01").execute()
        (account,) = (row["Ref_Key"] for row in chart.value)
        register = AccountingRegister(client, "Хозрасчетный")
        of_goods = {"condition": F("Account_Key") == f"guid'{account}'"}
        return (
            (await register.balance(**of_goods)),
            (await register.turnovers(start_period="2020-01-01T00:00:00", **of_goods)),
            (await register.balance_and_turnovers(start_period="2020-01-01T00:00:00")),
        )

    held, moved, both = talk(base, ask)
    ((left,), (turned,)) = held["value"], moved["value"]
    assert (left["ExtDimension1"], left["КоличествоBalance"]) == (product, 5)
    assert (turned["ExtDimension1"], turned["КоличествоTurnoverDr"]) == (product, 5)
    assert [row["КоличествоClosingBalance"] for row in both["value"]] == [5]


MOMENT = "datetime'2024-02-29T10:20:30'"
CONDITIONS = {
    "substringof": "substringof('маш', Description)",
    "startswith": "startswith(Description, 'Ром')",
    "endswith": "endswith(Description, 'ООО')",
    "like": "like(Description, 'Ром%')",
    "concat": "concat(ИНН, '!') eq '7707083893!'",
    "substring": "substring(ИНН, 1, 2) eq '77'",
    "dateadd": f"dateadd(ДатаРождения, 'day', 1) eq {MOMENT.replace('02-29', '03-01')}",
    "datedifference": f"datedifference(ДатаРождения, {MOMENT}, 'hour') eq 0",
    "year": "year(ДатаРождения) eq 2024",
    "quarter": "quarter(ДатаРождения) eq 1",
    "month": "month(ДатаРождения) eq 2",
    "day": "day(ДатаРождения) eq 29",
    "dayofweek": "dayofweek(ДатаРождения) eq 4",
    "dayofyear": "dayofyear(ДатаРождения) eq 60",
    "hour": "hour(ДатаРождения) eq 10",
    "minute": "minute(ДатаРождения) eq 20",
    "second": "second(ДатаРождения) eq 30",
    "round": "round(2.5) eq 3",
    "isof": "isof(ИНН, 'String')",
    "any": "КонтактнаяИнформация/any(d: d/АдресЭП eq 'a@a.example')",
    "all": "КонтактнаяИнформация/all(d: d/АдресЭП eq 'a@a.example')",
}


def test_every_function_of_a_filter_is_understood_as_the_client_writes_it(unf):
    # A cast is asked for with the accounts of a client.
    assert {*CONDITIONS, "cast"} == {*FUNCTIONS, *ELSEWHERE}
    fields = {
        "Description": "Ромашка ООО",
        "ИНН": "7707083893",
        "ДатаРождения": "2024-02-29T10:20:30",
        "КонтактнаяИнформация": [{"АдресЭП": "a@a.example"}],
    }
    guid = unf.act("create", {"set": SET, "fields": fields}, user="Иванова")

    async def ask(client):
        clients = Catalog(client, "Контрагенты")
        return {
            name: [row["Ref_Key"] for row in (await clients.where(text).execute()).value]
            for name, text in CONDITIONS.items()
        }

    assert talk(unf, ask) == {name: [guid] for name in CONDITIONS}


@pytest.mark.parametrize("name", REFUSED)
def test_the_client_is_told_of_functions_that_1c_has_not(unf, name):
    async def ask(client):
        await Catalog(client, "Контрагенты").where(f"{name}(ИНН) eq 'x'").execute()

    with pytest.raises(ODataError) as refused:
        talk(unf, ask)
    assert refused.value.status == 400


def test_the_accounts_of_a_client_are_found_by_a_cast_and_expanded(unf):
    fill_whole(unf, 5)
    accounts = unf.records()["Catalog_БанковскиеСчета"]
    owner = next(iter(accounts.values()))["Owner"]

    async def ask(client):
        known = Catalog(client, "БанковскиеСчета")
        mine = await known.query(
            odata_filter=F("Owner") == cast(f"guid'{owner}'", SET), expand="Банк,Owner"
        )
        return mine.value, await known.count(odata_filter=isof("Owner", SET))

    mine, count = talk(unf, ask)
    assert count == len(accounts)
    assert [row["НомерСчета"] for row in mine] == [
        row["НомерСчета"] for row in accounts.values() if row["Owner"] == owner
    ]
    assert mine[0]["Банк"] == unf.records()["Catalog_Банки"][mine[0]["Банк_Key"]]
    assert mine[0]["Owner_Expanded"]["ИНН"] == unf.records()[SET][owner]["ИНН"]


def test_presentations_come_with_a_page_and_with_a_record(unf):
    above = group(unf, "Оптовые")
    below = unf.act("create", {"set": SET, "fields": {"Parent_Key": above, "Покупатель": True}})

    async def ask(client):
        clients = Catalog(client, "Контрагенты")
        page = await clients.query(select="Ref_Key", presentations=True, top=2)
        return page.value, await clients.get(below, select=["Parent____Presentation"])

    rows, one = talk(unf, ask)
    shown = {row["Ref_Key"]: row for row in rows}
    assert shown[below]["Parent____Presentation"] == "Оптовые"
    assert shown[below]["Покупатель____Presentation"] == "Да"
    assert one["Parent____Presentation"] == "Оптовые"


def test_a_register_record_is_addressed_by_its_key(unf):
    (client_guid,) = fill_whole(unf, 1, seed=2)
    enter_person(unf, client_guid, Registry(9).client(Kind.PERSON), "кассир")
    link = max(unf.records()[LINKS].values(), key=lambda row: row["Должность"])
    key = {
        "Period": f"datetime'{link['Period']}'",
        "Контрагент_Key": link["Контрагент_Key"],
        "Контакт_Key": link["Контакт_Key"],
    }

    async def change(client):
        links = InformationRegister(client, "СвязиКонтрагентКонтакт")
        await links.edit(key, {"Должность": "бухгалтер"})
        read = await links.get(key)
        await links.delete(key)
        return read

    assert talk(unf, change)["Должность"] == "бухгалтер"
    left = {row["Контакт_Key"] for row in unf.records()[LINKS].values()}
    assert link["Контакт_Key"] not in left


def test_who_is_bound_to_a_client_is_read_by_a_slice(unf):
    (client_guid,) = fill_whole(unf, 1, seed=2)
    person = enter_person(unf, client_guid, Registry(9).client(Kind.PERSON), "кассир")
    before = next(row for row in unf.records()[LINKS].values() if row["Контакт_Key"] == person)
    later = {**before, "Period": "2030-01-01T00:00:00", "Должность": "бухгалтер"}
    unf.act("create", {"set": LINKS, "fields": later})

    async def ask(client):
        links = InformationRegister(client, "СвязиКонтрагентКонтакт")
        about = f"Контрагент_Key eq guid'{client_guid}'"
        last = await links.slice_last(condition=about)
        then = await links.slice_last(period=before["Period"], condition=about)
        return last["value"], then["value"]

    last, then = talk(unf, ask)
    assert [row["Должность"] for row in last if row["Контакт_Key"] == person] == ["бухгалтер"]
    assert [row["Должность"] for row in then if row["Контакт_Key"] == person] == ["кассир"]


def test_the_client_understands_refusals(unf):
    guid = unf.act("create", {"set": SET, "fields": {"Description": "А"}})

    async def fail(client):
        clients = Catalog(client, "Контрагенты")
        with pytest.raises(EntityNotFound, match="не найден по переданному ключу") as missing:
            await clients.get("a0000000-0000-4000-8000-00000000000a")
        with pytest.raises(EntityNotFound, match="не найдена"):
            await Catalog(client, "Нет").query()
        with pytest.raises(ODataError, match=r"значение типа Edm.Boolean"):
            await clients.edit(guid, {"Покупатель": "да"})
        unf.trouble.set(Refuse(403))
        with pytest.raises(AccessDenied):
            await clients.get(guid)
        return missing.value.internal_code

    assert talk(unf, fail) == "9"
    assert unf.records()[SET][guid]["Покупатель"] is False

    async def knock(client):
        with pytest.raises(ODataError) as refused:
            await Catalog(client, "Контрагенты").query()
        return refused.value.status

    assert talk(unf, knock, password="wrong") == 401


def test_a_stale_version_is_a_conflict_where_the_guide_is_followed():
    base = Infobase(clock=WallClock(), pace=0.01, switches=Switches(if_match="documented"))
    guid = base.act("create", {"set": SET, "fields": {}})

    async def write(client):
        clients = Catalog(client, "Контрагенты")
        version = (await clients.get(guid))["DataVersion"]
        await clients.edit(guid, {"ИНН": "1"}, if_match=version)
        with pytest.raises(ODataError) as refused:
            await clients.edit(guid, {"ИНН": "2"}, if_match=version)
        return type(refused.value).__name__

    assert talk(base, write) == "ConcurrencyError"
    assert base.records()[SET][guid]["ИНН"] == "1"


def test_a_document_is_made_posted_and_unposted_and_its_register_read(unf):
    product = enter_product(unf, "Бумага")
    put_in_stock(unf, product, 5)
    (organisation,) = unf.records()["Catalog_Организации"]
    store = next(iter(unf.records()["AccumulationRegister_ЗапасыНаСкладах"].values()))
    store = store["RecordSet"][0]["СтруктурнаяЕдиница_Key"]
    line = {"LineNumber": "1", "Номенклатура_Key": product, "Количество": 2}
    fields = {
        "Date": "2025-11-03T10:00:00",
        "Организация_Key": organisation,
        "СтруктурнаяЕдиница_Key": store,
        "Запасы": [line],
    }

    async def sell(client):
        shipments = Document(client, "РасходнаяНакладная")
        stock = AccumulationRegister(client, "ЗапасыНаСкладах")
        made = await shipments.create(fields, posting_mode=PostingMode.POST)
        after = await stock.balance(condition=F("Номенклатура_Key") == bound(product))
        turnovers = await stock.turnovers(start_period="2020-01-01T00:00:00")
        await shipments.unpost(made["Ref_Key"])
        before = await stock.balance()
        more = {**fields, "Запасы": [{**line, "Количество": 6}]}
        with pytest.raises(ODataError) as refused:
            await shipments.create(more, posting_mode=PostingMode.POST)
        return [
            *(rows_of(answer)[0] for answer in (after, turnovers, before)),
            str(refused.value),
        ]

    after, turnovers, before, refused = talk(unf, sell)
    assert (after["КоличествоBalance"], before["КоличествоBalance"]) == (3, 5)
    assert (turnovers["КоличествоReceipt"], turnovers["КоличествоExpense"]) == (5, 2)
    assert "ОбработкаПроведения" in refused


def bound(guid):
    return UUID(guid)


def rows_of(answer):
    return answer["value"] if isinstance(answer, dict) else list(answer)
