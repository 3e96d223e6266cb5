"""What a rehearsal would have created is there for the rest of it, and nowhere else."""

from sverka.decide.steps import Outcome, Step
from sverka.records import Record, SideName
from sverka.sides.rehearsal import Rehearsal
from sverka.sides.side import Survey

SOURCE = Record(side=SideName.PORTAL, key="company:1", values={"name": "Ромашка"})
REAL = Record(side=SideName.INFOBASE, key="client:real", values={"name": "Лютик"})


class Base:
    """A side with one record; it tells what it was asked for."""

    name = SideName.INFOBASE

    def __init__(self):
        self.asked = []

    def everything(self):
        return Survey((REAL,))
        yield

    def read(self, keys):
        self.asked.append(list(keys))
        return {key: REAL for key in keys if key == REAL.key}
        yield

    def find(self, externals):
        return {"real": REAL.key} if "real" in externals else {}
        yield

    def rehearse(self, steps):
        return [Outcome(step=s, key=f"client:{s.external}", settled=s.written) for s in steps]
        yield


def result(flow):
    try:
        next(flow)
    except StopIteration as end:
        return end.value
    raise AssertionError("a rehearsal of this side asks for nothing")


def rehearsed():
    rehearsal = Rehearsal(Base())
    step = Step(
        side=SideName.INFOBASE,
        source=SOURCE,
        target=None,
        written={"name": "Ромашка"},
        external="made",
    )
    result(rehearsal.write([step]))
    return rehearsal


def test_a_created_record_can_be_read_and_the_side_is_not_asked_for_it():
    rehearsal = rehearsed()
    found = result(rehearsal.read(["client:made", REAL.key, "client:gone"]))
    assert found.keys() == {"client:made", REAL.key}
    assert found["client:made"].values == {"name": "Ромашка"}
    assert rehearsal.side.asked == [[REAL.key, "client:gone"]]


def test_a_created_record_is_found_by_its_external_id_beside_real_ones():
    found = result(rehearsed().find(["made", "real", "nobody"]))
    assert found == {"made": "client:made", "real": REAL.key}


def test_names_are_learned_from_what_is_read():
    rehearsal = rehearsed()
    result(rehearsal.everything())
    assert rehearsal.names == {REAL.key: "Лютик"}


def test_nothing_is_taken_over_and_nothing_confirmed():
    rehearsal = rehearsed()
    feed = result(rehearsal.changes())
    assert feed.changes == ()
    assert result(rehearsal.confirm(feed)) is None
