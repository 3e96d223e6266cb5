"""The laws judge: each is broken by hand once, and must say so."""

import pytest

from sverka.drivers.simulated import Trip
from sverka_emulator_kit.trouble import Refuse
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.laws import converged, doubled, judge, limits_kept, quiet
from sverka_scenarios.losses import lost
from sverka_scenarios.people import CLERK
from sverka_scenarios.views import CLIENTS
from sverka_scenarios.world import World, opened


@pytest.fixture
def world():
    with opened(Arrangement()) as world:
        yield world


def agreed(world: World):
    who = world.make.legal()
    world.base.has(who)
    world.exchange_everything()
    return who


def test_a_world_in_step_breaks_no_law(world):
    agreed(world)
    assert judge(world) == []


def test_a_client_that_is_on_one_side_only_is_not_converged(world):
    agreed(world)
    world.base.has(world.make.person())
    assert any("is not on the portal" in sentence for sentence in converged(world))


def test_a_value_that_differs_is_not_converged(world):
    who = agreed(world)
    world.base.edits(who, okpo="99999999")
    assert [s for s in converged(world) if s.startswith("not converged: okpo")]


def test_a_text_that_1c_has_no_room_for_converges_where_it_is_cut_and_not_before(world):
    who = world.make.legal(name="Я" * 255)
    world.portal.has(who)
    world.exchange_everything()
    assert list(converged(world)) == []
    world.base.edits(who, name="Я" * 99)
    assert [s for s in converged(world) if s.startswith("not converged: name")]


def test_a_pair_that_a_rule_keeps_unequal_is_not_judged_by_its_values(world):
    who, other = agreed(world), agreed(world)
    for one in (who, other):
        world.base.edits(one, okpo="99999999")
    world.let_differ(who)
    assert [other.keys["base"] in sentence for sentence in converged(world)] == [True]


def test_two_records_of_one_client_are_doubled(world):
    who = agreed(world)
    row = dict(world.base_system.records()[CLIENTS][who.keys["base"]])
    fields = {name: row[name] for name in ("Description", "ИНН", "КПП")}
    add_by_program(world, fields)
    assert any("stands 2 times at the base" in sentence for sentence in doubled(world))


def test_a_phone_that_stands_twice_is_doubled(world):
    who = agreed(world)
    world.portal.adds_phone(who, who.client.phones[0])
    assert any("stands 2 times in phones" in sentence for sentence in doubled(world))


def test_an_edit_that_a_program_overwrote_is_lost(world):
    who = agreed(world)
    world.base.edits(who, name="Труд одного дня ООО")
    world.wait(1.0)
    key = who.keys["base"]
    world.base_system.ledger.read("odata:obmen", CLIENTS, key, world.clock.now_s())
    write_by_program(world, key, {"Description": "прежнее имя ООО"})
    assert any("Труд одного дня" in sentence for sentence in lost(world))


def test_an_edit_that_the_writer_could_not_know_is_exempt_and_counted(world):
    who = agreed(world)
    key = who.keys["base"]
    world.base_system.ledger.read("odata:obmen", CLIENTS, key, world.clock.now_s())
    world.wait(1.0)
    world.base.edits(who, name="Труд одного дня ООО")
    world.wait(1.0)
    write_by_program(world, key, {"Description": "прежнее имя ООО"})
    assert list(lost(world)) == []
    assert world.exempt == 1


@pytest.mark.parametrize(("came_after_s", "is_lost"), [(2.2, True), (2.7, False)])
def test_an_answer_that_came_when_the_write_had_left_told_the_writer_nothing(
    world, came_after_s, is_lost
):
    who = agreed(world)
    key = who.keys["base"]
    begun_s = world.clock.now_s()
    world.base_system.ledger.read("odata:obmen", CLIENTS, key, begun_s)
    world.wait(1.0)
    world.base.edits(who, name="Труд одного дня ООО")
    world.wait(1.0)
    world.base_system.ledger.read("odata:obmen", CLIENTS, key, world.clock.now_s())
    world.core.trips["infobase", world.clock.now_s()] = Trip(begun_s + 1.9, begun_s + came_after_s)
    world.wait(1.0)
    world.core.trips["infobase", world.clock.now_s()] = Trip(begun_s + 2.5)
    write_by_program(world, key, {"Description": "прежнее имя ООО"})
    assert bool(list(lost(world))) == is_lost


def test_a_removed_phone_that_comes_back_is_lost(world):
    who = agreed(world)
    phone = who.client.phones[0]
    world.portal.removes_phone(who, phone)
    shape, number = world.portal.key(who).split(":")
    world.wait(1.0)
    ledger = world.portal_system.ledger
    ledger.read("webhook:1", shape, number, world.clock.now_s())
    post(world, f"crm.{shape}.update", {"id": number, "fields": {"PHONE": [{"VALUE": phone}]}})
    assert any("is back" in sentence for sentence in lost(world))


def test_a_refusal_for_limits_is_a_violation_unless_it_was_injected(world):
    agreed(world)
    assert list(limits_kept(world)) == []
    world.portal.suffers(Refuse(), on="batch")
    world.exchange()
    assert list(limits_kept(world)) == []
    for _ in range(150):
        post(world, "profile", {})
    assert any(sentence.startswith("limits:") for sentence in limits_kept(world))


def test_a_refusal_is_excused_only_while_others_use_the_limit_up(world):
    agreed(world)
    world.neighbour_calls(150, every_s=0.001)
    world.wait(1.0)
    refused = world.portal.call_count(refused=True)
    assert refused > 0
    assert list(limits_kept(world)) == []
    for _ in range(5):
        post(world, "profile", {})
    assert any(sentence.startswith("limits:") for sentence in limits_kept(world))


def test_a_write_that_nobody_asked_for_breaks_the_quiet(world):
    who = agreed(world)
    world.clock.after(
        90.0, lambda: write_by_program(world, who.keys["base"], {"КодПоОКПО": "11111111"})
    )
    assert any("ten quiet minutes" in sentence for sentence in quiet(world))


def write_by_program(world: World, key: str, fields: dict[str, str]) -> None:
    with renamed_touches(world.base_system.ledger):
        params = {"set": CLIENTS, "key": key, "fields": fields}
        world.base_system.act("update", params, CLERK)


def add_by_program(world: World, fields: dict[str, str]) -> None:
    with renamed_touches(world.base_system.ledger):
        world.base_system.act("create", {"set": CLIENTS, "fields": fields}, CLERK)


def post(world: World, method: str, params: dict) -> None:
    """A foreign program writes to the portal through its webhook."""
    import json

    from sverka_emulator_kit.messages import Request

    world.portal_system.answer(
        Request(
            "POST",
            world.portal_system.webhook_path + method,
            headers={"content-type": "application/json"},
            body=json.dumps(params).encode(),
        )
    )


class renamed_touches:
    """What is written inside counts as a program's."""

    def __init__(self, ledger):
        self.ledger = ledger

    def __enter__(self):
        self.count = len(self.ledger.touches)

    def __exit__(self, *_):
        from dataclasses import replace

        fresh = [
            replace(
                touch,
                actor="odata:obmen",
                reads_s=self.ledger.reads_s("odata:obmen", touch.entity, touch.key),
            )
            for touch in self.ledger.touches[self.count :]
        ]
        self.ledger.touches[self.count :] = fresh
