"""Balances and turnovers of accounts: settlements and stock of БП."""

import pytest

from onec_emulator.details import BANKS, Account
from onec_emulator.sales import Line, enter_order, enter_product, pay, put_in_stock, ship
from onec_emulator.sample import enter, enter_account
from sverka_emulator_kit.people import Client, Kind

REGISTER = "AccountingRegister_Хозрасчетный"
CHART, KINDS = "ChartOfAccounts_Хозрасчетный", "ChartOfCharacteristicTypes_ВидыСубконтоХозрасчетные"
DAY_S = 86400


@pytest.fixture
def bp(calling):
    return calling(configuration="bp30")


@pytest.fixture
def sale(bp):
    """Ten pieces on stock, three of them sold for 360 roubles, of which 100 came a day later."""
    base = bp.base
    client = enter(base, Client(kind=Kind.LEGAL, name="Ромашка ООО", inn="7707083893"))
    product = enter_product(base, "Бумага А4")
    put_in_stock(base, product, 10)
    invoice = enter_order(base, client, [Line(product, 3, 120.0)])
    base.clock.advance(1)
    shipment = ship(base, invoice)
    base.clock.advance(DAY_S)
    pay(base, invoice, 100.0)
    base.clock.advance(1)
    return {"client": client, "product": product, "shipment": shipment}


def account(odata, code):
    (row,) = odata.rows(f"$filter=Code eq '{code}'", CHART)
    return row["Ref_Key"]


def told(odata, function, query=""):
    return odata.rows(query, f"{REGISTER}/{function}")


def of_account(odata, code, function="Balance", extra=""):
    condition = f"AccountCondition='Account_Key eq guid'{account(odata, code)}''{extra}"
    return told(odata, f"{function}({condition})")


def test_the_chart_knows_its_accounts_by_code_with_parents_and_analytics(bp):
    (row,) = bp.rows("$filter=Code eq '62.01'", CHART)
    assert (row["Type"], row["PredefinedDataName"]) == ("Active", "РасчетыСПокупателями")
    assert bp.json("GET", f"/{CHART}(guid'{row['Parent_Key']}')")["Code"] == "62"
    kinds = [
        bp.json("GET", f"/{KINDS}(guid'{line['ExtDimensionType_Key']}')")["PredefinedDataName"]
        for line in row["ExtDimensionTypes"]
    ]
    assert kinds == ["Контрагенты", "Договоры", "ДокументыРасчетовСКонтрагентами"]


def test_stock_is_the_quantity_on_account_41_01(bp, sale):
    (row,) = of_account(bp, "41.01")
    assert row["ExtDimension1"] == sale["product"]
    assert row["ExtDimension1_Type"] == "StandardODATA.Catalog_Номенклатура"
    assert (row["ExtDimension2"], row["ExtDimension2_Type"]) == ("", "StandardODATA.Undefined")
    assert row["ExtDimension3_Type"] == "StandardODATA.Catalog_Склады"
    quantities = [row[f"Количество{column}"] for column in ("Balance", "BalanceDr", "BalanceCr")]
    assert quantities == [7, 7, 0]
    # This account is kept in no currency.
    assert row["ВалютнаяСуммаBalance"] is None


def test_settlements_of_a_client_fall_on_the_side_of_the_account(bp, sale):
    condition = f",Condition='ExtDimension1 eq cast(guid'{sale['client']}', 'Catalog_Контрагенты')'"
    rows = of_account(bp, "62.01", extra=condition)
    # Documents of settlement keep what is due and what came apart.
    assert sorted(row["СуммаBalance"] for row in rows) == [-100, 360]
    assert {row["СуммаBalanceCr"] for row in rows} == {0}
    assert sum(row["СуммаBalanceDr"] for row in rows) == 260
    other = condition.replace(sale["client"], sale["product"])
    assert of_account(bp, "62.01", extra=other) == []
    revenue = of_account(bp, "90.01.1")
    assert [(row["СуммаBalanceDr"], row["СуммаBalanceCr"]) for row in revenue] == [(0, 360)]
    assert [row["СуммаBalance"] for row in revenue] == [-360]


def test_an_account_of_both_kinds_shows_its_balance_where_it_is(bp, sale):
    (vat,) = of_account(bp, "68.02")
    assert (vat["СуммаBalance"], vat["СуммаBalanceDr"], vat["СуммаBalanceCr"]) == (-60, 0, 60)
    # Its sum is nought, and quantities are not kept there.
    assert of_account(bp, "000") == []


def test_a_balance_is_of_the_moment_before(bp, sale):
    shipped = bp.base.records()["Document_РеализацияТоваровУслуг"][sale["shipment"]]["Date"]
    key = account(bp, "41.01")
    at = f"Balance(Period=datetime'{shipped}',AccountCondition='Account_Key eq guid'{key}'')"
    assert [row["КоличествоBalance"] for row in told(bp, at)] == [10]


def test_turnovers_are_of_both_sides_and_of_an_interval(bp, sale):
    (row,) = of_account(bp, "41.01", "Turnovers")
    columns = ("Turnover", "TurnoverDr", "TurnoverCr")
    assert [row[f"Количество{column}"] for column in columns] == [7, 10, 3]
    shipped = bp.base.records()["Document_РеализацияТоваровУслуг"][sale["shipment"]]["Date"]
    since = f",StartPeriod=datetime'{shipped}',EndPeriod=datetime'{shipped}'"
    (later,) = of_account(bp, "41.01", "Turnovers", since)
    assert [later[f"Количество{column}"] for column in columns] == [-3, 0, 3]
    (both,) = of_account(bp, "41.01", "BalanceAndTurnovers", since)
    shown = [both[f"Количество{name}"] for name in ("OpeningBalanceDr", *columns)]
    assert shown == [10, -3, 0, 3]
    assert (both["КоличествоClosingBalance"], both["КоличествоClosingBalanceDr"]) == (7, 7)


def test_a_condition_may_follow_the_account_to_its_code(bp, sale):
    rows = told(bp, "Balance(AccountCondition='Account/Code eq '41.01' or Account/Code eq '51'')")
    assert {row["Account_Key"] for row in rows} == {account(bp, "41.01"), account(bp, "51")}
    store = rows[0]["ExtDimension3"] or rows[1]["ExtDimension3"]
    query = f"$filter=ExtDimension3 eq cast(guid'{store}','Catalog_Склады')"
    assert [row["КоличествоBalance"] for row in told(bp, "Balance", query)] == [7]


def test_kinds_of_analytics_choose_the_accounts_and_the_places(bp, sale):
    kinds = {row["PredefinedDataName"]: row["Ref_Key"] for row in bp.rows("", KINDS)}
    asked = f"ExtraDimensions='{kinds['Склады']},{kinds['Номенклатура']}'"
    (row,) = told(bp, f"Balance({asked})")
    assert (row["ExtDimension1_Type"], row["ExtDimension2"]) == (
        "StandardODATA.Catalog_Склады",
        sale["product"],
    )
    assert row["ExtDimension3_Type"] == "StandardODATA.Undefined"
    condition = f"ExtDimension1 eq cast(guid'{sale['client']}', 'Catalog_Контрагенты')"
    whole = (
        f"Balance(AccountCondition='Account_Key eq guid'{account(bp, '62.01')}'',"
        f"Condition='{condition}',ExtraDimensions='{kinds['Контрагенты']}')"
    )
    (debt,) = told(bp, whole)
    assert debt["СуммаBalance"] == 260


def test_dimensions_that_are_named_are_grouped_by(bp, sale):
    (row,) = of_account(bp, "41.01", extra=",Dimensions='Организация'")
    assert "Организация_Key" in row
    assert "Валюта_Key" not in row
    assert bp.error("GET", f"/{REGISTER}/Balance(Dimensions='Нет')") == (400, "6")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ("Нет='x'", (400, "12")),
        ("Нет", (400, "12")),
        ("AccountCondition='Нет eq 1'", (400, "6")),
        ("Condition='Account_Key eq'", (400, "14")),
        ("Period=datetime'x'", (400, "1")),
        ("ExtraDimensions='1,2,3,4'", (400, "14")),
    ],
)
def test_what_a_balance_does_not_know_is_refused(bp, arguments, refusal):
    assert bp.error("GET", f"/{REGISTER}/Balance({arguments})") == refusal


def test_records_of_a_document_are_read_and_written_as_a_set(bp, sale):
    kind = "StandardODATA.Document_РеализацияТоваровУслуг"
    path = f"/{REGISTER}(Recorder='{sale['shipment']}', Recorder_Type='{kind}')"
    held = bp.json("GET", path)
    assert {row["AccountDr_Key"] for row in held["RecordSet"]} >= {account(bp, "62.01")}
    goods = [row for row in held["RecordSet"] if row["КоличествоCr"] and row["ExtDimensionCr1"]]
    assert [row["ExtDimensionCr1"] for row in goods] == [sale["product"]]
    bp.json("PATCH", path, body={"RecordSet": []})
    assert [row["КоличествоBalance"] for row in of_account(bp, "41.01")] == [10]


def test_a_payment_goes_from_the_bank_account_to_the_client(bp):
    base = bp.base
    client = enter(base, Client(kind=Kind.LEGAL, name="Ромашка ООО", inn="7707083893"))
    bank = enter_account(base, client, Account("40702810700000000101", BANKS[0]))
    row = {"LineNumber": "1", "СуммаПлатежа": 50}
    fields = {
        "Date": "2025-11-03T10:00:00",
        "СчетОрганизации_Key": bank,
        "Контрагент": client,
        "Контрагент_Type": "StandardODATA.Catalog_Контрагенты",
        "РасшифровкаПлатежа": [row],
        "Posted": True,
    }
    payments = "/Document_ПоступлениеНаРасчетныйСчет"
    bp.json("POST", payments, body=fields)
    (money,) = of_account(bp, "51")
    assert (money["ExtDimension1"], money["СуммаBalance"]) == (bank, 50)
    chosen = {**row, "СчетУчетаРасчетовСКонтрагентом_Key": account(bp, "62.02")}
    bp.json("POST", payments, body={**fields, "РасшифровкаПлатежа": [chosen]})
    (advance,) = of_account(bp, "62.02")
    assert (advance["ExtDimension1"], advance["СуммаBalanceCr"]) == (client, 50)


@pytest.mark.parametrize(
    ("code", "sum_", "shown"),
    [
        ("60.01", 70, (70, 0, -70)),
        ("60.01", -70, (-70, 0, 70)),
        ("60.02", -70, (-70, -70, 0)),
        ("60", 70, (70, 70, 0)),
        ("60", -70, (-70, 0, 70)),
    ],
)
def test_a_balance_against_the_type_of_an_account_stays_on_its_side(bp, code, sum_, shown):
    record = {"LineNumber": "1", "Active": True, "Period": "2025-01-01T00:00:00"}
    record |= {"AccountDr_Key": account(bp, code), "AccountCr_Key": account(bp, "000")}
    who = {"Recorder": account(bp, "000"), "Recorder_Type": "StandardODATA.Document_Х"}
    body = {**who, "RecordSet": [{**record, "Сумма": sum_}]}
    bp.json("POST", f"/{REGISTER}", body=body)
    (row,) = of_account(bp, code)
    assert tuple(row[f"Сумма{column}"] for column in ("Balance", "BalanceDr", "BalanceCr")) == shown


WITH_KINDS = "RecordsWithExtDimensions"


def test_records_are_read_with_their_analytics_and_the_kinds_of_these(bp, sale):
    kinds = {row["PredefinedDataName"]: row["Ref_Key"] for row in bp.rows("", KINDS)}
    condition = f"AccountCr_Key eq guid'{account(bp, '41.01')}'"
    (goods,) = told(bp, f"{WITH_KINDS}(Condition='{condition}')")
    assert (goods["ExtDimensionCr1"], goods["КоличествоCr"]) == (sale["product"], 3)
    named = [goods[f"ExtDimensionTypeCr{place}_Key"] for place in (1, 2, 3)]
    assert named == [kinds["Номенклатура"], kinds["Партии"], kinds["Склады"]]
    assert goods["ExtDimensionTypeDr2_Key"] == "00000000-0000-0000-0000-000000000000"
    query = f"$filter={condition}&$select=Сумма,ExtDimensionTypeCr1_Key"
    (shown,) = told(bp, f"{WITH_KINDS}()", query)
    assert set(shown) == {"Сумма", "ExtDimensionTypeCr1_Key"}


def test_records_are_of_an_interval_and_of_no_order(bp, sale):
    every = told(bp, WITH_KINDS)
    assert len(every) == len(bp.rows("", f"{REGISTER}_RecordType")) > 3
    shipped = bp.base.records()["Document_РеализацияТоваровУслуг"][sale["shipment"]]["Date"]
    since = f"StartPeriod=datetime'{shipped}',EndPeriod=datetime'{shipped}'"
    assert {row["Recorder"] for row in told(bp, f"{WITH_KINDS}({since})")} == {sale["shipment"]}
    assert len(told(bp, f"{WITH_KINDS}(Top=2,Order='Period desc',{since})")) == 2
    assert told(bp, WITH_KINDS, "$orderby=Period desc") == every
    assert bp.error("GET", f"/{REGISTER}/{WITH_KINDS}", "$skip=1") == (400, "14")
    assert bp.error("GET", f"/{REGISTER}/{WITH_KINDS}(Top=x)") == (400, "1")
    recorder = f"Condition='Recorder eq '{sale['shipment']}''"
    assert bp.error("GET", f"/{REGISTER}/{WITH_KINDS}({recorder})") == (500, "-1")
    assert bp.error("GET", f"/AccumulationRegister_ОплатаСчетов/{WITH_KINDS}") == (400, "6")
