"""The door in front of a base changes nothing of what it says."""

import httpx
import pytest

from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve

LOGIN = ("obmen", "secret")
SET = "Catalog_Контрагенты"


def test_each_answer_is_the_same_through_the_door(calling):
    plain, behind = calling(seed=4), calling(seed=4)
    door = build_app(behind.base).test_client()
    guid = "a0000000-0000-4000-8000-000000000001"
    asks = [
        ("POST", f"/{SET}", "", {"Ref_Key": guid, "Description": "Ромашка"}),
        ("GET", f"/{SET}(guid'{guid}')", "$format=json", None),
        ("GET", f"/{SET}", "$filter=Description eq 'Ромашка'", None),
        ("GET", "/Catalog_Нет", "$format=json", None),
        ("GET", "/$metadata", "", None),
        ("POST", "/SelectChanges", f"DataExchangePoint={plain.point()}&MessageNo=1", None),
        ("DELETE", f"/{SET}(guid'{guid}')", "", None),
    ]
    for ask in asks:
        request = plain.request(*ask)
        direct = plain.base.answer(request)
        reply = door.open(
            f"{request.path}?{request.query}",
            method=request.verb,
            data=request.body,
            headers=dict(request.headers),
        )
        assert (reply.status_code, reply.data) == (direct.status, direct.body)
        assert reply.headers.get("Content-Type", "") in (direct.content_type, "")


@pytest.mark.sockets
def test_load_mode_and_a_cyrillic_location_pass_a_real_socket(calling):
    base = calling().base
    with serve(build_app(base)) as served, httpx.Client(auth=LOGIN, trust_env=False) as client:
        address = f"{served.url}{base.service_root}/{SET}?$format=json"
        codes, places = [], []
        for name in ("1C_OData-DataLoadMode", "1C_OData_DataLoadMode"):
            reply = client.post(address, json={"Description": "Ромашка"}, headers={name: "true"})
            codes.append(reply.json()["Code"])
            places.append(dict(reply.headers.raw)[b"Location"].decode())
            guid = reply.json()["Ref_Key"]
            assert places[-1] == f"{served.url}{base.service_root}/{SET}(guid'{guid}')"
    # Only the header with the right spelling is one.
    assert codes == ["", "НФ-000001"]
