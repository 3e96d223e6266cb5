"""What a preview says comes true whatever people did before, for each configuration."""

import random

import pytest

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.foresight import Foresight, foresee
from sverka_scenarios.simulation.life import Life
from sverka_scenarios.world import CheckFailed, opened


@pytest.mark.parametrize(
    ("seed", "configuration"), [(1, "unf"), (2, "bp30"), (3, "ut11"), (4, "unf16")]
)
def test_previews_of_a_random_life_come_true(seed: int, configuration: str):
    arrangement = Arrangement(
        seed=seed, configuration=configuration, criteria=("inn+kpp", "email"), portion=7
    )
    with opened(arrangement) as world:
        life = Life(world, random.Random(seed))
        for end in life.ends():
            end.has(*(world.make.client() for _ in range(8)))
        for _ in range(3):
            for end in life.ends():
                for _ in range(12):
                    life.edit(end)
            foresee(world).comes_true()


def test_a_preview_that_says_something_else_is_caught():
    with opened(Arrangement()) as world:
        world.base.has(world.make.legal())
        said = foresee(world).preview
        world.base.has(world.make.legal())
        with pytest.raises(CheckFailed, match="the preview said"):
            Foresight(world, said).comes_true()
