"""The three files of a report: for programs, for build servers, for people."""

import json
import re
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from sverka_scenarios.certify.certificate import Certificate
from sverka_scenarios.certify.page import html
from sverka_scenarios.certify.runner import Status, Verdict

PAGE, TREE, DATA = "index.html", "junit.xml", "result.json"

# What XML 1.0 cannot hold at all; a reason may quote such bytes of a broken answer.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

JUNIT_RESULTS = {
    Status.FAILED: Failure,
    Status.SKIPPED: Skipped,
    Status.NOT_APPLICABLE: Skipped,
    Status.INCONCLUSIVE: Error,
}
"""How JUnit names a verdict; passed and warning are a test case without a result."""


def write_reports(certificate: Certificate, folder: Path) -> Path:
    """Write `result.json`, `junit.xml` and `index.html`; returns the page to open."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(certificate.as_json(), ensure_ascii=False, indent=2)
    # Lone surrogates of a broken answer stay visible instead of stopping the report.
    (folder / DATA).write_text(data + "\n", encoding="utf-8", errors="backslashreplace")
    junit(certificate).write(str(folder / TREE), pretty=True)
    page = folder / PAGE
    page.write_text(html(certificate), encoding="utf-8", errors="backslashreplace")
    return page


def junit(certificate: Certificate) -> JUnitXml:
    tree = JUnitXml("sverka certify")
    for name, verdicts in certificate.suites().items():
        suite = TestSuite(name)
        for key, value in conditions(certificate).items():
            suite.add_property(key, value)
        suite.add_testcases([_case(verdict) for verdict in verdicts])
        tree.add_testsuite(suite)
    tree.update_statistics()  # type: ignore[no-untyped-call]  # junitparser is half typed
    return tree


def _case(verdict: Verdict) -> TestCase:
    case = TestCase(verdict.id, verdict.suite, round(verdict.seconds, 3))
    kind = JUNIT_RESULTS.get(verdict.status)
    reason = writable("\n".join(verdict.reason))
    if kind is not None:
        result = kind(reason)
        result.text = f"{writable(verdict.claim)}\n{verdict.replay}"
        case.result = [result]
    elif reason:
        case.system_out = reason
    return case


def writable(text: str) -> str:
    r"""The text with characters that XML cannot hold as escapes, `\\x00`."""
    return UNWRITABLE.sub(lambda found: ascii(found.group())[1:-1], text)


def conditions(certificate: Certificate) -> dict[str, str]:
    """What the verdicts hold for, by the names of the command's options."""
    usual = certificate.usual
    return {
        "target": certificate.target,
        "clock": certificate.clock,
        "through": usual.through,
        "limits": usual.limits,
        "configuration": usual.configuration,
        "mode": certificate.mode,
        "policy": usual.policy,
        "seed": str(usual.seed),
    }
