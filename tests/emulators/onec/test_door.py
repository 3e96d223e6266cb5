"""The door in front of a base changes nothing of what it says."""

from sverka_emulator_kit.door import build_app

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
