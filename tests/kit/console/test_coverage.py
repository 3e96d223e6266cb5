"""The page of coverage, over subjects of two groups."""

import pytest

from sverka_emulator_kit.console.coverage import OPTIONS, coverage_page
from sverka_emulator_kit.console.page import Console
from sverka_emulator_kit.coverage import CHOICES, Coverage, Extent, Subject
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.provenance import documented, observed

SUBJECTS = [
    Subject("a.get", "one", Extent.FULL, documented("pages/a"), {"client": ["x/test_client_c.py"]}),
    Subject("b.get", "two", Extent.SHAPE, observed("a live base")),
    Subject("c.get", "two", Extent.NONE),
]
WORDS = {
    "group_one": ("first group", "первая"),
    "group_two": ("second group", "вторая"),
    "lack": ("Post", "Почта"),
    "lack_note": ("Sends none.", "Не отправляет."),
}


@pytest.fixture
def shown(notes):
    page = coverage_page(lambda _: Coverage(SUBJECTS, ("lack",)))
    client = build_app(notes, console=Console("Notes", (page,), WORDS)).test_client()
    return lambda query="": client.get(f"/_emulator/console/coverage?{query}").text


def parts(text):
    return text.split("<section")[1:]


def test_it_says_of_each_subject_what_speaks_for_it(shown):
    axes, extents, _, subjects, *_, limits = parts(shown())
    assert all(word in axes for word in ("Documented", "Real client", "Shape", "Refusal"))
    assert "not emulated" in extents
    assert all(
        word in subjects for word in ("pages/a", "<code>c</code>", "observed", "a live base")
    )
    assert "Sends none." in limits


def test_it_is_filtered_by_axis_group_and_search(shown):
    def names(query):
        return [
            name
            for name in ("a.get", "b.get", "c.get")
            if name.replace(".", ".<wbr>") in parts(shown(query))[3]
        ]

    assert names("show=client") == ["a.get"]
    assert names("show=no-client&group=two") == ["b.get", "c.get"]
    assert names("group=one") == ["a.get"]
    assert names("q=live") == []
    assert names("q=B.g") == ["b.get"]
    assert names("show=nonsense") == ["a.get", "b.get", "c.get"]


def test_a_filter_leaves_the_counts_of_the_axes_alone(shown):
    assert parts(shown("show=is-none"))[0] == parts(shown())[0]


def test_every_choice_has_a_name():
    assert set(OPTIONS) == set(CHOICES)
