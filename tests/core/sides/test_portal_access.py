"""Tokens that are renewed while several jobs call the portal."""

from dataclasses import replace

import pytest

from sverka.records import Level
from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.world import opened


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_jobs_that_meet_a_spent_token_together_renew_it_once(seed):
    with opened(Arrangement(seed=seed)) as world:
        portal = world.portal_system
        portal.switches = replace(portal.switches, old_refresh_token_lives=False)
        world.tokens_live(3.0)
        somebody = [world.make.legal() for _ in range(5)]
        world.base.has(*somebody)
        world.exchange_everything()
        world.goes_realtime()

        for number in range(30):
            for who in somebody:
                world.base.edits(who, okpo=f"{10_000_000 + number}")
                world.portal.edits(who, name=f"Имя {number} ООО")
            world.wait(1.3)

        errors = [line.text for line in world.core.history() if line.level is Level.ERROR]
        assert errors == []
