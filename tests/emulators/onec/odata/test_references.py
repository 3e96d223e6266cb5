"""Paths behind a key: where the references of a record lead."""

SET = "Catalog_Контрагенты"
ACCOUNTS = "/Catalog_БанковскиеСчета"


def test_a_path_behind_a_key_leads_to_properties_and_records(odata, owned):
    account, client = owned
    at = f"{ACCOUNTS}(guid'{account}')"
    bank = odata.json("GET", f"{at}/Банк")
    assert (bank["Code"], bank["odata.metadata"].rpartition("#")[2]) == (
        "049999001",
        "Catalog_Банки/@Element",
    )
    assert odata.json("GET", f"{at}/Банк/Code")["value"] == "049999001"
    assert odata.json("GET", f"{at}/Owner/Description")["value"] == "Ромашка ООО"
    assert odata.json("GET", f"{at}/Owner")["value"] == client
    assert odata.json("GET", f"{at}/Банк", "$select=Description") == {
        "odata.metadata": bank["odata.metadata"],
        "Description": "БАНК",
    }
    atom = odata.call("GET", f"{at}/Банк/Description").body.decode()
    assert "<d:Description xmlns:d=" in atom
    assert atom.endswith(">БАНК</d:Description>")


def test_a_path_behind_a_key_that_leads_nowhere_is_refused(odata, owned):
    account, client = owned
    at = f"{ACCOUNTS}(guid'{account}')"
    assert odata.error("GET", f"{at}/Нет") == (400, "6")
    assert odata.error("GET", f"{at}/Code/Description") == (400, "6")
    assert odata.error("GET", f"/{SET}(guid'{client}')/Parent") == (404, "9")
    assert odata.error("GET", f"/{SET}(guid'{client}')/Parent/Code") == (404, "9")


def test_a_path_behind_a_key_leads_to_a_table_part(odata, made):
    line = {"Тип": "Факс", "Представление": "1"}
    made(КонтактнаяИнформация=[line, line])
    guid = made(КонтактнаяИнформация=[line])
    (found,) = odata.json("GET", f"/{SET}(guid'{guid}')/КонтактнаяИнформация")["value"]
    assert (found["Ref_Key"], found["Тип"]) == (guid, "Факс")
