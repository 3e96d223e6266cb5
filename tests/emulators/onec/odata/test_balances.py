"""Balances and turnovers of accumulation registers, their parameters and the options of lists."""

from xml.etree import ElementTree

import pytest

STOCK = "AccumulationRegister_ЗапасыНаСкладах"
PAID = "AccumulationRegister_ОплатаСчетовИЗаказов"
PAPER, PENS = (f"{letter}0000000-0000-4000-8000-000000000000" for letter in "ab")
NORTH, SOUTH = (f"{letter}0000000-0000-4000-8000-000000000000" for letter in "cd")


def movement(number, day, kind, product, store, quantity):
    return {
        "LineNumber": str(number),
        "Period": f"2025-11-{day:02}T12:00:00",
        "RecordType": kind,
        "Номенклатура_Key": product,
        "СтруктурнаяЕдиница_Key": store,
        "Количество": quantity,
    }


MOVEMENTS = [
    (1, "Receipt", PAPER, NORTH, 10),
    (2, "Receipt", PAPER, SOUTH, 0.1),
    (2, "Receipt", PAPER, SOUTH, 0.2),
    (3, "Expense", PAPER, NORTH, 4),
    (4, "Receipt", PENS, NORTH, 5),
    (5, "Expense", PENS, NORTH, 5),
]


@pytest.fixture
def stock(odata):
    lines = [movement(number, *one) for number, one in enumerate(MOVEMENTS, 1)]
    whose = {"Recorder": PAPER, "Recorder_Type": "StandardODATA.Document_ВводОстатков"}
    odata.json("POST", f"/{STOCK}", body={**whose, "RecordSet": lines})
    return odata


def found(odata, function, query="", *columns):
    rows = odata.json("GET", f"/{STOCK}/{function}", query)["value"]
    names = {PAPER: "paper", PENS: "pens", NORTH: "north", SOUTH: "south"}
    dimensions = ("Номенклатура_Key", "СтруктурнаяЕдиница_Key")
    return {
        tuple(names[row[name]] for name in dimensions if name in row): tuple(
            row[f"Количество{column}"] for column in columns
        )
        for row in rows
    }


def test_a_balance_sums_receipts_and_expenses_and_leaves_out_what_is_gone(stock):
    assert found(stock, "Balance()", "", "Balance") == {
        ("paper", "north"): (6,),
        ("paper", "south"): (0.3,),
    }


def test_a_balance_at_a_moment_is_of_what_was_before_it(stock):
    moment = "Period=datetime'2025-11-03T12:00:00'"
    expected = {("paper", "north"): (10,), ("paper", "south"): (0.3,)}
    for path, query in (
        (f"Balance({moment})", ""),
        ("Balance", moment),
        ("Balance()", "Period=2025-11-03T12:00:00"),
    ):
        assert found(stock, path, query, "Balance") == expected
    later = "Balance(Period=datetime'2025-11-03T12:00:01')"
    assert found(stock, later, "", "Balance")["paper", "north"] == (6,)


def test_turnovers_are_of_an_interval_with_both_its_ends(stock):
    ends = "StartPeriod=datetime'2025-11-03T12:00:00',EndPeriod=datetime'2025-11-04T12:00:00'"
    columns = ("Turnover", "Receipt", "Expense")
    assert found(stock, f"Turnovers({ends})", "", *columns) == {
        ("paper", "north"): (-4, 0, 4),
        ("pens", "north"): (5, 5, 0),
    }
    assert found(stock, "Turnovers", "", *columns)["pens", "north"] == (0, 5, 5)


def test_balances_and_turnovers_start_with_what_was_before(stock):
    start = "StartPeriod=datetime'2025-11-03T00:00:00'"
    columns = ("OpeningBalance", "Receipt", "Expense", "Turnover", "ClosingBalance")
    assert found(stock, f"BalanceAndTurnovers({start})", "", *columns) == {
        ("paper", "north"): (10, 0, 4, -4, 6),
        ("paper", "south"): (0.3, 0, 0, 0, 0.3),
        ("pens", "north"): (0, 5, 5, 0, 0),
    }


@pytest.mark.parametrize("names", ["Номенклатура", "Номенклатура_Key"])
def test_dimensions_say_by_what_to_group(stock, names):
    rows = found(stock, f"Balance(Dimensions='{names}')", "", "Balance")
    assert rows == {("paper",): (6.3,)}


@pytest.mark.parametrize(
    "path",
    [
        f"Balance(Condition='СтруктурнаяЕдиница_Key eq guid'{SOUTH}'')",
        f"Balance(Condition='СтруктурнаяЕдиница_Key eq guid''{SOUTH}''')",
        f"Balance(Condition='СтруктурнаяЕдиница_Key eq guid'{SOUTH}'',Dimensions='Номенклатура,"
        "СтруктурнаяЕдиница')",
    ],
)
def test_a_condition_chooses_records_whatever_its_quotes(stock, path):
    assert found(stock, path, "", "Balance") == {("paper", "south"): (0.3,)}


def test_totals_take_the_options_of_a_list(stock):
    assert found(stock, "Balance()", "$filter=КоличествоBalance gt 1", "Balance") == {
        ("paper", "north"): (6,)
    }
    query = "$orderby=КоличествоBalance&$top=1&$select=КоличествоBalance&$inlinecount=allpages"
    answer = stock.json("GET", f"/{STOCK}/Balance()", query)
    assert answer["value"] == [{"КоличествоBalance": 0.3}]
    assert answer["odata.count"] == "2"
    assert answer["odata.metadata"].endswith(f"#Collection(StandardODATA.{STOCK}_Balance)")


def test_an_expanded_dimension_stands_beside_its_key(stock):
    stock.json("POST", "/Catalog_Номенклатура", body={"Ref_Key": PAPER, "Description": "Бумага"})
    rows = stock.json("GET", f"/{STOCK}/Balance()", "$expand=Номенклатура")["value"]
    assert [row["Номенклатура"]["Description"] for row in rows] == ["Бумага", "Бумага"]
    assert "Номенклатура@navigationLinkUrl" not in rows[0]
    document = ElementTree.fromstring(
        stock.call("GET", f"/{STOCK}/Balance()", "$expand=Номенклатура").body
    )
    names = [element.text for element in document.iter() if element.tag.endswith("}Description")]
    assert names == ["Бумага", "Бумага"]
    assert len(document) == 2


def test_an_inactive_record_counts_nowhere(stock):
    line = {**movement(1, 1, "Receipt", PENS, SOUTH, 9), "Active": False}
    whose = {"Recorder": PENS, "Recorder_Type": "StandardODATA.Document_ВводОстатков"}
    stock.json("POST", f"/{STOCK}", body={**whose, "RecordSet": [line]})
    assert ("pens", "south") not in found(stock, "Balance()", "", "Balance")
    assert ("pens", "south") not in found(stock, "Turnovers()", "", "Turnover")


def test_a_register_of_turnovers_has_no_balance(odata):
    assert odata.error("GET", f"/{PAID}/Balance()") == (400, "6")
    line = {"LineNumber": "1", "Period": "2025-11-01T00:00:00", "Сумма": 7}
    whose = {"Recorder": PENS, "Recorder_Type": "StandardODATA.Document_ЗаказПокупателя"}
    odata.json("POST", f"/{PAID}", body={**whose, "RecordSet": [line]})
    (row,) = odata.json("GET", f"/{PAID}/Turnovers()")["value"]
    assert (row["СуммаTurnover"], "СуммаReceipt" in row) == (7, False)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Balance(Нет='x')", (400, "12")),
        ("Balance(Period=datetime'2025-13-01T00:00:00')", (400, "1")),
        ("Balance(Dimensions='Нет')", (400, "6")),
        ("Balance(Condition='Нет eq 1')", (400, "6")),
        ("Turnovers(Period=datetime'2025-11-01T00:00:00')", (400, "12")),
    ],
)
def test_a_wrong_argument_is_refused(stock, path, expected):
    assert stock.error("GET", f"/{STOCK}/{path}") == expected


def test_prices_of_recorders_are_sliced_by_register_or_by_records(calling):
    odata = calling(configuration="ut11")
    prices = "InformationRegister_ЦеныНоменклатуры"
    for day, price, recorder in ((1, 10, PAPER), (3, 12, PENS)):
        line = {
            "LineNumber": "1",
            "Period": f"2025-11-{day:02}T00:00:00",
            "Номенклатура_Key": NORTH,
            "Цена": price,
        }
        whose = {"Recorder": recorder, "Recorder_Type": "StandardODATA.Document_УстановкаЦен"}
        odata.json("POST", f"/{prices}", body={**whose, "RecordSet": [line]})
    for entity in (prices, f"{prices}_RecordType"):
        (last,) = odata.json("GET", f"/{entity}/SliceLast()")["value"]
        (then,) = odata.json("GET", f"/{entity}/SliceLast(Period=datetime'2025-11-02T00:00:00')")[
            "value"
        ]
        assert (last["Цена"], then["Цена"], last["Recorder"]) == (12, 10, PENS)
