"""The three files of a report hold the same verdicts, whatever a reason quotes."""

import json
from html.parser import HTMLParser

import pytest
from junitparser import Failure, JUnitXml, Skipped

from sverka_scenarios.arrangement import Arrangement
from sverka_scenarios.certify.page import TITLES, html
from sverka_scenarios.certify.reports import write_reports
from sverka_scenarios.certify.runner import Status
from sverka_scenarios.suites import SUITES

KEYS = {
    "schema",
    "verdict",
    "target",
    "clock",
    "limits",
    "configuration",
    "mode",
    "policy",
    "seeds",
    "scenarios",
}
SCENARIO_KEYS = ["id", "behaviours", "verdict", "scope", "checks", "reason", "replay"]


@pytest.fixture
def mixed(certificate):
    return certificate(
        IL_01=Status.PASSED,
        IL_02=Status.FAILED,
        LF_05=Status.NOT_APPLICABLE,
        LF_07=Status.SKIPPED,
    )


def test_result_json_has_exactly_the_keys_of_schema_1(mixed, tmp_path):
    write_reports(mixed, tmp_path)
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert set(result) == KEYS | {"through"}
    assert all(set(row) == set(SCENARIO_KEYS) for row in result["scenarios"])
    assert (result["schema"], result["verdict"], result["clock"]) == (1, "failed", "virtual")
    assert (result["target"], result["seeds"], result["mode"]) == ("embedded", [1], "server")


def test_result_json_tells_each_verdict_with_its_reason_and_replay(mixed, tmp_path):
    write_reports(mixed, tmp_path)
    rows = json.loads((tmp_path / "result.json").read_text("utf-8"))["scenarios"]
    assert [row["verdict"] for row in rows] == ["passed", "failed", "not applicable", "skipped"]
    assert rows[0]["reason"] == ""
    assert "Reason of IL-02" in rows[1]["reason"]
    assert rows[1]["replay"] == "sverka certify --suite IL-02 --seed 1"
    assert rows[1]["behaviours"] == ["H1", "B2"]


def test_junit_names_each_scenario_once_under_its_suite(mixed, tmp_path):
    write_reports(mixed, tmp_path)
    cases = {c.name: c for suite in JUnitXml.fromfile(str(tmp_path / "junit.xml")) for c in suite}
    assert {name: case.classname for name, case in cases.items()} == {
        "IL-01": "initial",
        "IL-02": "initial",
        "LF-05": "limits",
        "LF-07": "limits",
    }
    assert not cases["IL-01"].result
    assert isinstance(cases["IL-02"].result[0], Failure)
    assert "Reason of IL-02" in cases["IL-02"].result[0].message
    assert isinstance(cases["LF-05"].result[0], Skipped)


def test_junit_counts_failures_and_skips(mixed, tmp_path):
    write_reports(mixed, tmp_path)
    tree = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (tree.tests, tree.failures, tree.skipped) == (4, 1, 2)


class Page(HTMLParser):
    """Tags, addresses and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []
        self.ids: set[str | None] = set()
        self.open_details = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.ids.add(given.get("id"))
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        self.open_details += tag == "details" and "open" in given


def test_the_page_needs_nothing_from_outside(mixed):
    text = html(mixed)
    page = Page(text)
    assert all(address and address.startswith("#") for address in page.addresses)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_holds_each_scenario_and_the_reason_of_the_failed_one(mixed):
    text = html(mixed)
    page = Page(text)
    assert {"IL-01", "IL-02", "LF-05", "LF-07"} <= page.ids
    assert page.addresses == ["#IL-02"], "the top leads to what failed"
    assert "Reason of IL-02" in text
    assert "sverka certify --suite IL-02 --seed 1" in text


def test_what_a_reason_quotes_is_shown_and_not_run(mixed):
    text = html(mixed)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_only_scenarios_with_something_to_say_lie_open(mixed):
    assert Page(html(mixed)).open_details == 3


def test_the_page_says_on_top_what_it_holds_for(certificate):
    usual = Arrangement(seed=77, limits="enterprise", policy="module", through="sockets")
    top = html(certificate(usual, IL_01=Status.PASSED)).partition("</header>")[0]
    for fact in ("virtual", "enterprise", "module", "sockets", "unf", "server", "77"):
        assert f"<dd>{fact}<" in top
    assert "02 January 2026" in top
    assert "Every check and every law held" in top


def test_the_page_says_how_much_of_the_catalogue_is_built(mixed):
    assert "194 scenarios; 16 of them are built" in html(mixed)


def test_every_suite_has_a_title():
    assert set(TITLES) == set(SUITES)


def test_a_lone_surrogate_in_a_reason_stops_no_report(certificate, tmp_path):
    broken = certificate(IL_01=Status.FAILED)
    object.__setattr__(broken.verdicts[0], "reason", ("half a pair: \ud800",))
    write_reports(broken, tmp_path)
    assert "half a pair" in (tmp_path / "index.html").read_text("utf-8")
    assert "half a pair" in (tmp_path / "result.json").read_text("utf-8")
    assert JUnitXml.fromfile(str(tmp_path / "junit.xml")).failures == 1
