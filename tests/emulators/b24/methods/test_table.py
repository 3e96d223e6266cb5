"""The table of methods is total: each row says how we know it, and nothing answers without one."""

import ast
import pathlib

import pytest

import b24_emulator
from b24_emulator.methods.table import GROUPS, METHODS
from b24_emulator.portal import Portal
from sverka_emulator_kit.provenance import Known, Provenance

ROWS = [row for group in GROUPS for row in group.ROWS]
SOURCES = pathlib.Path(next(iter(b24_emulator.__path__)))


def test_no_method_has_two_rows():
    assert len(ROWS) == len(METHODS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_lower_case_and_says_how_we_know_it(row):
    assert row.name == row.name.lower()
    assert isinstance(row.source, Provenance)
    assert row.source.how in Known
    assert row.source.where.strip()


def test_a_documented_row_names_a_page_of_its_own():
    pages = [row.source.where for row in ROWS if row.source.how is Known.DOCUMENTED]
    assert len(set(pages)) == len(pages)
    assert all(page.startswith(("api-reference/", "settings/")) for page in pages)


def test_methods_names_exactly_the_rows(hook, app):
    assert set(hook.result("methods", {"full": True})) == set(METHODS)
    assert set(app.result("methods")) == set(METHODS)


def test_a_webhook_is_told_only_what_it_may_call(hook):
    hidden = set(METHODS) - set(hook.result("methods"))
    assert hidden == {name for name, row in METHODS.items() if row.app_refusal}


def test_methods_of_one_scope_are_those_that_need_it(hook):
    named = hook.result("methods", {"scope": "user_brief"})
    assert sorted(named) == ["user.current", "user.fields", "user.get", "user.search"]


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_row_answers_an_application(portal, installing, name):
    """An answer or a refusal in the portal's words; never 'not found', never a crash."""
    reply = installing(portal).send(name)
    assert reply.status in (200, 400, 405)


@pytest.mark.parametrize(
    ("name", "existing", "available"),
    [
        ("crm.company.add", True, True),
        ("CRM.Company.ADD", True, True),
        ("event.bind", True, False),
        ("crm.deal.guess", False, False),
        ("", False, False),
    ],
)
def test_method_get_tells_what_exists_and_what_may_be_called(hook, name, existing, available):
    answer = hook.result("method.get", {"name": name})
    assert answer == {"isExisting": existing, "isAvailable": available}


def test_a_portal_shows_its_table():
    assert Portal.methods is METHODS


def test_state_and_rules_know_no_flask():
    """Only the command may: the door is the kit's."""
    for file in SOURCES.rglob("*.py"):
        names = {
            alias.name.partition(".")[0]
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert "flask" not in names
