"""`--evidence DIR`: each run leaves there what its tests have found out about the emulators."""

import json
import os
from pathlib import Path

import pytest

from collecting import COLLECTOR

TESTS = Path(__file__).parent


def pytest_addoption(parser):
    parser.addoption("--evidence", metavar="DIR", help="Leave there what tests find out.")


def pytest_configure(config):
    if folder := config.getoption("--evidence"):
        import watching_b24
        import watching_onec

        COLLECTOR.watch_calls()
        watching_b24.watch(COLLECTOR)
        watching_onec.watch(COLLECTOR)
        config.pluginmanager.register(Evidence(Path(folder)))


class Evidence:
    """Keeps what was found out by modules; a test that did not pass has found out nothing."""

    def __init__(self, folder):
        self.folder, self.modules, self.passed = folder, {}, True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        COLLECTOR.begin(is_client=item.get_closest_marker("clients") is not None)
        self.passed = True
        done = yield
        name = item.path.relative_to(TESTS).as_posix()
        module = self.modules.setdefault(name, {"passed": True, "found": set()})
        module["passed"] &= self.passed
        if self.passed:
            module["found"] |= COLLECTOR.found
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        report = yield
        self.passed &= report.passed
        return report

    def pytest_sessionfinish(self):
        if self.modules:
            self.folder.mkdir(parents=True, exist_ok=True)
            worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
            told = json.dumps(self.modules, default=sorted)
            (self.folder / f"{worker}-{os.getpid()}.json").write_text(told, "utf-8")


@pytest.fixture
def evidence():
    """Takes what a test knows about an answer that its calls alone do not tell."""
    return COLLECTOR
