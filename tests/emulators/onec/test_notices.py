"""Notices out of a base: after the commit, by a job, again until they have arrived."""

import json

import pytest

from onec_emulator.notices import JOB_LAG_S, LOOK_S, NUMBER, PATIENCE_S, PAUSES_S
from onec_emulator.people import DeedUnknown

SET, ORDERS = "Catalog_Контрагенты", "Document_ЗаказПокупателя"
URL = "http://127.0.0.1:9000/changed"
ABOUT = {"notify": [{"url": URL, "sets": [SET]}]}


class Listener:
    """Takes what a base sends and answers with the statuses given, the last one for ever."""

    def __init__(self, *statuses):
        self.statuses, self.came = list(statuses), []

    def __call__(self, url, body, headers):
        self.came.append((url, json.loads(body), headers))
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    @property
    def told(self):
        """Keys of each message."""
        return [[change["key"] for change in body["changes"]] for _, body, _ in self.came]


@pytest.fixture
def telling(calling):
    """Makes a base that tells a listener; returns both, and how to enter a client."""

    def make(*statuses, settings=ABOUT, **more):
        base = calling(settings=settings, **more).base
        base.courier = listener = Listener(*statuses or (200,))

        def enter(entity=SET, **fields):
            return base.act("create", {"set": entity, "fields": fields}, user="Иванова")

        return base, listener, enter

    return make


def edit(base, guid):
    base.act("update", {"set": SET, "key": guid, "fields": {"ИНН": "1"}}, user="Иванова")


def test_a_burst_of_writes_is_told_once_when_its_job_runs(telling):
    base, listener, enter = telling()
    first, second = enter(), enter()
    edit(base, first)
    base.clock.advance(JOB_LAG_S / 2)
    assert listener.came == []
    base.clock.advance(JOB_LAG_S)
    ((url, body, headers),) = listener.came
    assert (url, body["base"], headers["Content-Type"]) == (
        URL,
        "/unf",
        "application/json; charset=utf-8",
    )
    assert body["changes"] == [
        {"set": SET, "key": first, "deleted": False},
        {"set": SET, "key": second, "deleted": False},
    ]
    base.clock.advance(1000)
    assert len(listener.came) == 1
    assert base.notices.waiting() == {URL: 0}


def test_what_a_record_became_is_told_with_it(telling):
    base, listener, enter = telling()
    guid = enter()
    base.act("delete", {"set": SET, "key": guid}, user="Иванова")
    base.clock.advance(2)
    assert listener.came[0][1]["changes"] == [{"set": SET, "key": guid, "deleted": True}]


def test_a_refused_write_and_another_set_tell_nobody(telling):
    base, listener, enter = telling()
    enter("Catalog_Номенклатура")
    base.act("set_up", {"closed_until": "2025-11-30", "notify": [{"url": URL}]})
    with pytest.raises(ValueError, match="ПередЗаписью"):
        enter(ORDERS, Posted=True)
    base.clock.advance(2)
    assert listener.came == []
    product = enter("Catalog_Номенклатура")
    base.clock.advance(2)
    assert listener.told == [[product]]


def test_a_write_over_odata_is_told_too(telling, calling):
    base, listener, _ = telling()
    odata = calling()
    odata.base = base
    guid = odata.json("POST", f"/{SET}", body={})["Ref_Key"]
    base.clock.advance(2)
    assert listener.told == [[guid]]


def test_what_was_not_taken_is_sent_again_with_pauses_until_it_is(telling):
    base, listener, enter = telling(500, 302, 200)
    guid = enter()
    base.clock.advance(JOB_LAG_S)
    base.clock.advance(PAUSES_S[0] - 0.1)
    assert len(listener.came) == 1
    base.clock.advance(0.1)
    base.clock.advance(PAUSES_S[1] - 0.1)
    assert len(listener.came) == 2
    base.clock.advance(0.1)
    assert listener.told == [[guid]] * 3
    assert [(one.attempt, one.status, one.is_done) for one in base.notices.sent] == [
        (1, 500, False),
        (2, 302, False),
        (3, 200, True),
    ]
    base.clock.advance(10_000)
    assert len(listener.came) == 3


def test_who_never_answers_well_is_left_alone_till_the_next_write(telling):
    base, listener, enter = telling(500)
    first = enter()
    base.clock.advance(JOB_LAG_S + sum(PAUSES_S) + 10_000)
    assert len(listener.came) == 1 + len(PAUSES_S)
    listener.statuses = [200]
    second = enter()
    base.clock.advance(JOB_LAG_S)
    assert listener.told[-1] == [first, second]
    assert base.notices.sent[-1].attempt == 1


def test_a_file_base_tells_nobody_until_a_window_is_open(telling):
    base, listener, enter = telling(mode="file")
    guid = enter()
    base.clock.advance(10_000)
    assert listener.came == []
    base.act("open_client", {}, user="Иванова")
    base.clock.advance(JOB_LAG_S)
    assert listener.told == [[guid]]


def test_a_write_while_a_message_is_under_way_is_told_after_it(telling):
    base, listener, enter = telling(None)
    guid = enter()
    base.clock.advance(JOB_LAG_S)
    edit(base, guid)
    base.clock.advance(5)
    assert len(listener.came) == 1
    base.notices.ended(listener.came[0][2], 200)
    base.clock.advance(LOOK_S + JOB_LAG_S)
    assert listener.told == [[guid], [guid]]
    assert listener.came[0][2][NUMBER] != listener.came[1][2][NUMBER]
    base.notices.ended(listener.came[1][2], 204)
    base.clock.advance(LOOK_S)
    assert base.notices.waiting() == {URL: 0}


def test_an_answer_that_does_not_come_is_a_failure(telling):
    base, listener, enter = telling(None)
    guid = enter()
    base.clock.advance(JOB_LAG_S + PATIENCE_S + LOOK_S + PAUSES_S[0])
    assert listener.told == [[guid], [guid]]
    assert base.notices.sent[0].status is None
    # Too late: it is not the answer of the message that is under way.
    base.notices.ended(listener.came[0][2], 200)
    base.clock.advance(LOOK_S)
    assert base.notices.waiting() == {URL: 1}


def test_what_waits_outlives_a_restart_of_the_base(telling):
    base, _, enter = telling(None)
    guid = enter()
    base.clock.advance(JOB_LAG_S)
    kept = base.snapshot()
    other, listener, _ = telling(settings=None)
    other.restore(kept)
    other.clock.advance(JOB_LAG_S)
    assert listener.told == [[guid]]


def test_a_base_that_is_set_back_tells_once_what_waits_there(telling):
    base, listener, enter = telling(None)
    guid = enter()
    kept = base.snapshot()
    enter()
    base.restore(kept)
    base.clock.advance(JOB_LAG_S)
    assert listener.told == [[guid]]


def test_a_reset_forgets_what_waits_and_what_is_under_way(telling):
    base, listener, enter = telling(None)
    enter()
    base.clock.advance(JOB_LAG_S)
    enter()
    base.reset()
    base.notices.ended(listener.came[0][2], 200)
    base.clock.advance(100)
    assert len(listener.came) == 1
    assert base.settings == ABOUT
    assert not base.notices.sent


def test_who_is_no_longer_to_be_told_is_forgotten(telling):
    base, listener, enter = telling()
    enter()
    base.act("set_up", {"notify": None})
    base.clock.advance(10)
    assert (listener.came, base.notices.waiting()) == ([], {})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"url": URL}, "list"),
        ([URL], "list"),
        ([{"url": "changed"}], "changed"),
        ([{"url": 7}], "7"),
        ([{"url": URL, "set": []}], "url and sets"),
        ([{"url": URL, "sets": ["Catalog_Нет"]}], "Catalog_Нет"),
        ([{"url": URL, "sets": SET}], SET),
    ],
)
def test_a_setting_that_names_nobody_is_refused(telling, value, told):
    base, _, _ = telling()
    with pytest.raises(ValueError, match="notify") as error:
        base.act("set_up", {"notify": value})
    assert told in str(error.value)
    assert base.settings == ABOUT


def test_a_base_is_not_made_with_a_setting_that_there_is_not(calling):
    with pytest.raises(DeedUnknown, match="notify"):
        calling(settings={"notfy": []})
