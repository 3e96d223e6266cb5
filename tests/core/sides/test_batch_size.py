"""How many commands go into one batch."""

from sverka.sides.batch_size import GROWTH, BatchSize


def test_a_batch_that_took_too_long_is_halved_until_one_command_is_left():
    size, seen = BatchSize(50), []
    for _ in range(7):
        size.too_long(size.commands)
        seen.append(size.commands)

    assert seen == [25, 12, 6, 3, 1, 1, 1]


def test_several_batches_of_one_size_that_are_late_together_halve_it_once():
    size = BatchSize(50)
    for _ in range(4):
        size.too_long(50)

    assert size.commands == 25


def test_what_is_answered_in_time_grows_back_to_what_the_settings_allow():
    size = BatchSize(20)
    size.too_long(20)
    size.in_time()
    assert size.commands == 10 + GROWTH

    size.in_time()
    size.in_time()
    assert size.commands == 20
