"""Presentations: values as people see them, only for those who ask."""

SET = "Catalog_Контрагенты"
ACCOUNTS = "/Catalog_БанковскиеСчета"


def test_presentations_come_only_if_they_are_asked_for(odata, made):
    group = made(Description="Оптовые", IsFolder=True)
    made(
        Description="Ромашка ООО",
        Parent_Key=group,
        ВидКонтрагента="ИндивидуальныйПредприниматель",
        Покупатель=True,
        ДатаРождения="2001-02-03T04:05:06",
    )
    query = "$filter=IsFolder eq false&$select="
    asked = (
        "Parent____Presentation,Parent_Key____Presentation,ВидКонтрагента____Presentation,"
        "Покупатель____Presentation,ДатаРождения____Presentation,Пол____Presentation,"
        "Description____Presentation,Presentation"
    )
    assert odata.rows(query + asked) == [
        {
            "Parent____Presentation": "Оптовые",
            "Parent_Key____Presentation": "Оптовые",
            "ВидКонтрагента____Presentation": "Индивидуальный предприниматель",
            "Покупатель____Presentation": "Да",
            "ДатаРождения____Presentation": "03.02.2001 04:05:06",
            "Пол____Presentation": "",
            "Description____Presentation": "Ромашка ООО",
            "Presentation": "Ромашка ООО",
        }
    ]
    (everything,) = odata.rows(query + "*, *____Presentation")
    assert everything["Parent____Presentation"] == "Оптовые"
    assert everything["Поставщик____Presentation"] == "Нет"
    assert everything["ИНН"] == ""
    assert not any("Контактная" in name for name in everything if "____" in name)
    assert not any("____" in name for name in odata.rows(query + "*")[0])
    assert odata.error("GET", f"/{SET}", "$select=Нет____Presentation") == (400, "6")


def test_the_presentation_of_a_composite_is_that_of_its_record(odata, owned):
    names = "Owner____Presentation,ВалютаДенежныхСредств____Presentation"
    (row,) = odata.rows(f"$select={names}", ACCOUNTS[1:])
    assert row == {
        "Owner____Presentation": "Ромашка ООО",
        "ВалютаДенежныхСредств____Presentation": "",
    }


def test_an_empty_date_and_an_empty_reference_read_as_nothing(odata, made):
    made(Description="Ромашка ООО")
    assert odata.rows("$select=ДатаРождения____Presentation,Parent____Presentation") == [
        {"ДатаРождения____Presentation": "", "Parent____Presentation": ""}
    ]


def test_a_document_reads_as_its_kind_number_and_date_and_sorts_by_date(odata):
    entity, dates = "Document_ЗаказПокупателя", ("2025-11-03T10:00:00", "2025-11-02T10:00:00")
    keys = [odata.json("POST", f"/{entity}", body={"Date": date})["Ref_Key"] for date in dates]
    rows = odata.rows("$orderby=Ref_Key&$select=Ref_Key,Presentation", entity)
    assert [row["Presentation"] for row in rows] == [
        "Заказ покупателя 0000-000002 от 02.11.2025 10:00:00",
        "Заказ покупателя 0000-000001 от 03.11.2025 10:00:00",
    ]
    for key in keys:
        line = [{"LineNumber": "1", "ЗаказПокупателя_Key": key}]
        odata.json("POST", "/Document_РасходнаяНакладная", body={"Запасы": line})
    part = "Document_РасходнаяНакладная_Запасы"
    found = odata.rows("$orderby=ЗаказПокупателя_Key desc", part)
    assert [row["ЗаказПокупателя_Key"] for row in found] == keys
    assert len(odata.rows("$orderby=Ref_Key", part)) == 2
