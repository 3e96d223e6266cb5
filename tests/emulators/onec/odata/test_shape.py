"""`$select` and `$expand`: what is shown of a record, and what inside it."""

SET = "Catalog_Контрагенты"
ACCOUNTS = "/Catalog_БанковскиеСчета"


def test_columns_of_a_table_part_may_be_selected(odata, made):
    made(КонтактнаяИнформация=[{"Тип": "Факс", "Представление": "1"}])
    assert odata.rows("$select=КонтактнаяИнформация/Тип, ИНН") == [
        {"КонтактнаяИнформация": [{"Тип": "Факс"}], "ИНН": ""}
    ]
    assert odata.error("GET", f"/{SET}", "$select=КонтактнаяИнформация/Нет") == (400, "6")
    assert "КонтактнаяИнформация" not in odata.rows("$select=**,КонтактнаяИнформация")[0]


def test_an_expanded_reference_holds_its_record_or_null(odata, owned):
    account, _ = owned
    lonely = odata.json("POST", ACCOUNTS, body={"Description": "Пустой"})["Ref_Key"]
    rows = {row["Ref_Key"]: row for row in odata.rows("$expand=Банк", ACCOUNTS[1:])}
    assert rows[account]["Банк"]["Code"] == "049999001"
    link = f"Catalog_БанковскиеСчета(guid'{account}')/Банк"
    assert rows[account]["Банк@navigationLinkUrl"] == link
    assert not any("@" in name for name in rows[account]["Банк"])
    assert rows[account]["Банк_Key"] == rows[account]["Банк"]["Ref_Key"]
    assert rows[lonely]["Банк"] is None


def test_an_expanded_composite_stands_under_a_name_of_its_own(odata, owned):
    _, client = owned
    (row,) = odata.rows("$expand=Owner", ACCOUNTS[1:])
    assert row["Owner"] == client
    assert row["Owner_Expanded"]["Description"] == "Ромашка ООО"
    assert not any("@" in name for name in row["Owner_Expanded"])
    assert row["Owner_Expanded@navigationLinkUrl"] == f"{SET}(guid'{client}')"


def test_an_expansion_goes_deeper_behind_a_composite_if_the_type_is_said(odata, made, owned):
    _, client = owned
    group = made(Description="Оптовые", IsFolder=True)
    odata.base.act("update", {"set": SET, "key": client, "fields": {"Parent_Key": group}})
    (row,) = odata.rows(f"$expand=Owner/{SET}/Parent", ACCOUNTS[1:])
    assert row["Owner_Expanded"]["Parent"]["Description"] == "Оптовые"
    (row,) = odata.rows("$expand=Owner/Catalog_Организации", ACCOUNTS[1:])
    assert row["Owner_Expanded"]["Description"] == "Ромашка ООО"
    assert "Parent" not in row["Owner_Expanded"]
    (row,) = odata.rows("$filter=ИНН ne ''&$expand=Parent/Parent,Parent/*")
    assert row["Parent"]["Parent"] is None
    assert row["Parent"]["Ответственный"] is None


def test_a_star_expands_all_that_leads_to_one_set(odata, owned):
    (row,) = odata.rows("$expand=*", ACCOUNTS[1:])
    assert row["Банк"]["Code"] == "049999001"
    assert "Owner_Expanded" not in row


def test_what_is_selected_may_be_inside_what_is_expanded(odata, owned):
    account, _ = owned

    def shown(select):
        query = f"$expand=Банк,Owner&$select={select}"
        return odata.json("GET", ACCOUNTS, f"$format=application/json;odata=nometadata&{query}")[
            "value"
        ]

    assert shown("Ref_Key, Банк/Code") == [{"Ref_Key": account, "Банк": {"Code": "049999001"}}]
    assert shown("Ref_Key") == [{"Ref_Key": account}]
    assert shown("Банк")[0]["Банк"]["Description"] == "БАНК"
    assert shown(f"Owner/{SET}/ИНН")[0]["Owner_Expanded"] == {"ИНН": "7707083893"}
    assert {"Банк", "Owner_Expanded", "НомерСчета"} <= set(shown("*")[0])


def test_an_expansion_that_1c_refuses_is_refused(odata, owned):
    account, _ = owned
    accounts = ACCOUNTS[1:]
    assert odata.error("GET", ACCOUNTS, "$expand=Нет") == (400, "6")
    assert odata.error("GET", f"/{SET}", "$expand=СтранаРегистрации") == (400, "6")
    assert odata.error("GET", ACCOUNTS, "$expand=Банк/Нет") == (400, "6")
    assert odata.error("GET", ACCOUNTS, "$expand=Owner/*") == (400, "14")
    assert odata.error("GET", ACCOUNTS, f"$expand=Owner/{SET}/Нет") == (400, "6")
    assert odata.error("GET", ACCOUNTS, "$expand=Банк&$select=Банк/Нет") == (400, "6")
    assert odata.error("GET", f"{ACCOUNTS}(guid'{account}')", "$expand=Банк") == (400, "14")
    assert len(odata.rows("$expand=Банк&$top=1", accounts)) == 1


def test_in_atom_an_expanded_record_is_an_entry_inside_a_link(odata, owned):
    atom = odata.call("GET", ACCOUNTS, "$expand=Банк").body.decode()
    assert "<m:inline><entry><id>" in atom
    assert atom.count("<d:Code>049999001</d:Code>") == 1
