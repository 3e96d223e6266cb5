"""The portal as a plain object: the same seed, snapshots, its people, the table of methods."""

import json

import pytest

from b24_emulator import sample
from b24_emulator.entities import ENTITIES, RECORDED
from b24_emulator.refusals import PortalRefusal, SeedUnusable
from b24_emulator.rules.tariffs import TARIFFS
from sverka_emulator_kit.keeping import kept
from sverka_emulator_kit.trouble import Refuse


def lived(portals, calling, installing, seed):
    """A portal after a short life, and every byte and second that it answered."""
    portal = portals(seed=seed)
    sample.fill(portal, 20)
    hook, app = calling(portal), installing(portal)
    app.result("event.bind", {"event": "ONCRMCOMPANYADD", "event_type": "offline"})
    said = [hook.send("crm.company.add", {"fields": {"TITLE": name}}) for name in "АБВ"]
    portal.clock.advance(7)
    said += [
        hook.send("crm.company.list"),
        hook.send("crm.company.get", {"id": 999}),
        app.send("event.offline.get", {"clear": 0}),
        hook.send("batch", {"cmd": ["crm.contact.list", "crm.requisite.list", "no.such"]}),
    ]
    return portal, said, app


def test_the_same_seed_gives_the_same_bytes(portals, calling, installing):
    one, said, _ = lived(portals, calling, installing, 5)
    other, said_again, _ = lived(portals, calling, installing, 5)
    assert said == said_again
    assert one.snapshot() == other.snapshot()
    assert one.ledger.touches == other.ledger.touches


def test_another_seed_gives_other_secrets_and_another_pace(portals, calling, installing):
    one, said, _ = lived(portals, calling, installing, 5)
    other, said_too, _ = lived(portals, calling, installing, 6)
    assert one.webhook_path != other.webhook_path
    assert one.access.member_id != other.access.member_id
    assert [reply.takes_s for reply in said] != [reply.takes_s for reply in said_too]


def test_a_slower_portal_has_the_same_tokens(portals, installing):
    slow, quick = portals(pace=10.0), portals()
    quick.act("server.time", {})
    assert installing(slow).token == installing(quick).token


def test_a_restored_portal_answers_what_the_first_would_have(portals, calling, installing):
    portal, _, app = lived(portals, calling, installing, 5)
    snapshot = portal.snapshot()

    def goes_on():
        hook = calling(portal)
        return [
            hook.send("crm.company.add", {"fields": {"PHONE": [{"VALUE": "1"}]}}),
            hook.send("crm.company.list", {"start": -1, "filter": {">ID": 3}}),
            # Values of multi-fields are numbered on, and this shows their numbers.
            hook.send("crm.company.list", {"select": ["PHONE"], "order": {"ID": "DESC"}}),
            app.send("event.offline.list"),
            app.send("event.offline.get", {"clear": 0}),
            hook.send("crm.company.contact.items.get", {"id": 1}),
        ]

    first = goes_on()
    portal.restore(snapshot)
    assert portal.snapshot() == snapshot
    assert goes_on() == first


def test_a_restored_queue_still_has_one_record_for_each_object(portals, calling, installing):
    portal, _, app = lived(portals, calling, installing, 5)
    app.result("event.bind", {"event": "ONCRMCOMPANYUPDATE", "event_type": "offline"})
    rename = {"id": 1, "fields": {"TITLE": "Иначе"}}
    portal.act("crm.company.update", rename)
    portal.restore(portal.snapshot())
    portal.act("crm.company.update", rename)
    assert [row["EVENT_NAME"] for row in app.result("event.offline.get")["events"]] == [
        "ONCRMCOMPANYUPDATE"
    ]


def test_a_snapshot_moves_to_another_portal(portals, calling, installing):
    portal, _, app = lived(portals, calling, installing, 5)
    other = portals(seed=9)
    other.restore(portal.snapshot())
    assert other.records() == portal.records()
    assert other.webhook_path == portal.webhook_path
    assert calling(other).send("scope").status == 200
    assert other.access.access_tokens[app.token] == portal.access.access_tokens[app.token]


def test_a_snapshot_keeps_the_links_and_the_level_of_the_bucket(portals, calling):
    portal = portals()
    hook = calling(portal)
    firm = portal.act("crm.company.add", {"fields": {}})
    portal.act("crm.contact.add", {"fields": {"COMPANY_ID": firm}})
    before = hook.result("crm.company.contact.items.get", {"id": firm})
    for _ in range(98):
        hook.send("scope")
    other = portals(seed=2)
    other.restore(portal.snapshot())
    assert calling(other).result("crm.company.contact.items.get", {"id": firm}) == before
    assert calling(other).send("scope").status == 503


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b"{}", b'{"tables": {}}', b"null"])
def test_bytes_that_are_no_snapshot_are_told_and_change_nothing(portal, company, spoilt):
    company()
    before = portal.snapshot()
    with pytest.raises(SeedUnusable, match="Take a new one"):
        portal.restore(spoilt)
    assert portal.snapshot() == before


@pytest.mark.parametrize(
    "missing", ["links", "offline", "online", "access", "webhook", "operating", "chances"]
)
def test_a_snapshot_that_lacks_a_part_is_told_and_changes_nothing(portal, company, missing):
    company()
    before = portal.snapshot()
    state = json.loads(before)
    state["tables"]["company"]["rows"] = []
    del state[missing]
    with pytest.raises(SeedUnusable):
        portal.restore(json.dumps(state).encode())
    assert portal.snapshot() == before


def test_a_reset_goes_back_to_the_seed(portals, calling, installing):
    portal, _, _ = lived(portals, calling, installing, 5)
    fresh = portals(seed=5)
    portal.trouble.set(Refuse())
    portal.reset()
    assert portal.snapshot() == fresh.snapshot()
    assert (list(portal.calls.lines), portal.ledger.touches, portal.trouble.standing) == (
        [],
        [],
        [],
    )
    assert portal.webhook_path == fresh.webhook_path


def test_the_window_is_seen_by_the_ledger_as_a_user_and_a_call_as_its_key(portal, hook, app):
    portal.act("crm.company.add", {"fields": {}})
    hook.result("crm.company.add", {"fields": {}})
    app.result("crm.company.update", {"id": 1, "fields": {"TITLE": "Иначе"}})
    person, by_hook, by_app = portal.ledger.touches
    assert (person.actor, by_hook.actor) == ("user:1", "webhook:1")
    assert by_app.actor.startswith("app:")
    assert by_app.changed() >= {"TITLE"}
    assert (by_app.before["TITLE"], by_app.after["TITLE"]) == ("Компания #1", "Иначе")


def test_a_write_knows_when_its_actor_last_read_the_record(portal, hook, company):
    company()
    read_at_s = portal.now_s
    hook.result("crm.company.list")
    portal.clock.advance(5)
    hook.result("crm.company.update", {"id": 1, "fields": {}})
    assert portal.ledger.touches[-1].read_at_s == read_at_s


def test_a_refusal_in_the_window_is_an_error_with_the_portals_words(portal):
    with pytest.raises(PortalRefusal, match="Not found") as refused:
        portal.act("crm.company.get", {"id": 5})
    assert (refused.value.code, refused.value.status) == ("", 400)


def test_a_row_taken_from_records_does_not_change_with_the_record(portal, company):
    company("Старое")
    row = portal.records()["company"]["1"]
    portal.act("crm.company.update", {"id": 1, "fields": {"TITLE": "Новое"}})
    assert row["TITLE"] == "Старое"


def test_the_gauges_tell_records_queue_and_level(portal, hook, company):
    company()
    hook.send("scope")
    gauges = portal.gauges()
    empty = dict.fromkeys(RECORDED, 0)
    assert gauges["records"] == {**empty, "company": 1}
    assert gauges["levels"] == {"127.0.0.1": 1.0}
    json.dumps(gauges)


def test_each_field_of_a_schema_is_described_with_its_kind(hook):
    for name in ("company", "contact", "requisite"):
        fields = hook.result(f"crm.{name}.fields")
        assert {"ID", "DATE_CREATE"} <= set(fields)
        assert all({"type", "isReadOnly"} <= set(entry) for entry in fields.values())
        assert set(ENTITIES[name].schema.plain) - set(fields) <= set(ENTITIES[name].schema.fields)


def test_a_portal_without_the_features_of_a_tariff_says_which_licence_it_has(app, portal):
    portal.tariff = TARIFFS["basic"]
    assert app.result("app.info")["LICENSE"] == "ru_basic"


def test_the_sample_fills_companies_persons_and_their_requisites(portal):
    keys = sample.fill(portal, 60)
    records = portal.records()
    held = {f"{name}:{key}" for name in ("company", "contact") for key in records[name]}
    assert set(keys) == held
    owners = {
        {"4": "company", "3": "contact"}[row["ENTITY_TYPE_ID"]] + ":" + row["ENTITY_ID"]
        for row in records["requisite"].values()
    }
    assert owners >= {key for key in held if key.startswith("company")}
    assert all(row["RQ_INN"] for row in records["requisite"].values())


def test_a_seed_file_enters_its_records(portal, tmp_path):
    file = tmp_path / "seed.json"
    file.write_text('{"company": [{"TITLE": "Ромашка"}], "contact": [{"NAME": "Иван"}]}', "utf-8")
    sample.load(portal, file)
    assert portal.records()["company"]["1"]["TITLE"] == "Ромашка"
    assert portal.records()["contact"]["1"]["NAME"] == "Иван"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"company": 7}', '{"company": [7]}', '{"requisite": [{}]}']
)
def test_a_seed_file_that_cannot_be_used_is_told(portal, tmp_path, text):
    file = tmp_path / "seed.json"
    file.write_text(text, "utf-8")
    with pytest.raises(SeedUnusable, match="cannot be used"):
        sample.load(portal, file)


def test_a_seed_file_that_is_not_there_is_told(portal, tmp_path):
    with pytest.raises(SeedUnusable, match="cannot be used"):
        sample.load(portal, tmp_path / "none.json")


def test_a_portal_kept_in_a_directory_is_the_same_portal(portals, calling, installing, tmp_path):
    portal, _, app = lived(portals, calling, installing, 5)
    with kept(portal, tmp_path) as lock:
        deeds = [
            ("crm.company.delete", {"id": 2}),
            ("crm.contact.update", {"id": 1, "fields": {"COMPANY_ID": 3}}),
            ("crm.type.add", {"fields": {"title": "Заявка", "entityTypeId": 1036}}),
            ("crm.item.add", {"entityTypeId": 1036, "fields": {"title": "Первая"}}),
            (
                "crm.company.userfield.add",
                {"fields": {"FIELD_NAME": "A", "USER_TYPE_ID": "string"}},
            ),
            ("crm.company.update", {"id": 1, "fields": {"UF_CRM_A": "x"}}),
            ("portal.tariff", {"name": "basic"}),
        ]
        for name, params in deeds:
            with lock:
                portal.act(name, params)
        with lock:
            app.result("event.offline.list")
    again = portals(seed=9)
    with kept(again, tmp_path):
        assert json.loads(again.snapshot()) == json.loads(portal.snapshot())
        assert again.tariff == portal.tariff
