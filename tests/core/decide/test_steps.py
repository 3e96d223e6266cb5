"""Order and packing of a plan."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sverka.decide.steps import Step, pack
from sverka.records import Record, SideName


def step(key="1", *, creates=False, written=None):
    target = None if creates else Record(side=SideName.PORTAL, key=f"company:{key}", values={})
    return Step(
        side=SideName.PORTAL,
        source=Record(side=SideName.INFOBASE, key=key, values={}),
        target=target,
        written={"name": "x"} if written is None else written,
        external=key,
    )


plans = st.lists(st.tuples(st.booleans(), st.integers(1, 3)), max_size=30).map(
    lambda rows: [
        (step(str(number), creates=creates), cost) for number, (creates, cost) in enumerate(rows)
    ]
)


def packed(plan, limit):
    cost = {id(made): price for made, price in plan}
    groups = pack([made for made, _ in plan], lambda made: cost[id(made)], limit)
    return groups, cost


@given(plan=plans, limit=st.integers(3, 8))
def test_no_step_is_lost_or_doubled(plan, limit):
    groups, _ = packed(plan, limit)

    assert sorted(id(made) for group in groups for made in group) == sorted(
        id(made) for made, _ in plan
    )


@given(plan=plans, limit=st.integers(3, 8))
def test_every_group_is_within_the_limit_and_none_is_empty(plan, limit):
    groups, cost = packed(plan, limit)

    for group in groups:
        assert 1 <= sum(cost[id(made)] for made in group) <= limit


@given(plan=plans, limit=st.integers(3, 8))
def test_creates_go_before_updates_and_else_the_order_is_kept(plan, limit):
    groups, _ = packed(plan, limit)
    flat = [made for group in groups for made in group]

    creates = [made for made, _ in plan if made.creates]
    updates = [made for made, _ in plan if not made.creates]
    assert flat == [*creates, *updates]


@given(plan=plans, limit=st.integers(3, 8))
def test_a_group_ends_only_when_the_next_step_does_not_fit(plan, limit):
    groups, cost = packed(plan, limit)

    for group, following in itertools.pairwise(groups):
        assert sum(cost[id(made)] for made in group) + cost[id(following[0])] > limit


def test_a_step_above_the_limit_gets_a_group_of_its_own():
    groups = pack([step("1"), step("2")], lambda made: 9, 5)

    assert [len(group) for group in groups] == [1, 1]


def test_a_step_reads_as_a_sentence():
    assert str(step("7")) == "update portal company:7: name"
    assert str(step("7", creates=True)) == "create portal from 7: name"
    assert str(step("7", written={})) == "update portal company:7: mark"
