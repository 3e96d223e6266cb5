"""Users: flags that are booleans, moments in forms of their own."""

import pytest

from b24_emulator.refusals import PortalRefusal


def test_a_user_has_booleans_and_numbers_among_his_texts(hook):
    answer = hook.said("user.get")
    (row,) = answer["result"]
    assert answer["total"] == 1
    assert (row["ID"], row["ACTIVE"], row["IS_ONLINE"]) == ("1", True, "Y")
    assert row["UF_DEPARTMENT"] == [1]
    assert row["TIMESTAMP_X"] == row["LAST_ACTIVITY_DATE"] == {}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"ID": 1}, 1),
        ({"ID": 2}, 0),
        ({"FILTER": {"ACTIVE": True}}, 1),
        ({"FILTER": {"ACTIVE": "Y"}}, 1),
        ({"ACTIVE": False}, 0),
        ({"FILTER": {"@ID": [1, 2]}, "sort": "ID", "order": "DESC"}, 1),
        ({"FILTER": {"EMAIL": "ADMIN@portal.example"}}, 1),
        ({"start": 50}, 0),
    ],
)
def test_users_are_found_by_flat_keys_and_by_filter(hook, asked, count):
    assert len(hook.result("user.get", asked)) == count


def test_users_are_counted_even_without_counting(hook):
    """`user.get` always tells a total, 0 with start=-1."""
    assert hook.said("user.get", {"start": -1})["total"] == 0


def test_an_application_is_a_user_too(app, hook):
    assert app.result("profile") == hook.result("profile")
    fields = hook.result("user.fields")
    assert fields["EMAIL"]
    assert all(isinstance(label, str) for label in fields.values())


def test_a_user_who_is_not_there_has_no_profile(portal):
    with pytest.raises(PortalRefusal, match="Unable to authorize user") as refused:
        portal.act("profile", {}, user="9")
    assert refused.value.status == 401


def test_the_moments_of_user_current_come_in_two_forms_of_their_own(hook):
    row = hook.result("user.current")
    moments = (row["TIMESTAMP_X"], row["LAST_ACTIVITY_DATE"])
    assert moments == ("03.11.2025 09:00:00", "2025-11-03 09:00:00")
