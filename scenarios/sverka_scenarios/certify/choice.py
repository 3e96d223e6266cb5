"""What `--suite` asks for: names of suites and IDs of scenarios become scenarios."""

from collections.abc import Iterable, Mapping

from sverka_scenarios.suites.registry import SUITES, Scenario

EVERYTHING = "all"
CATALOGUE_SIZE = 194
"""Scenarios of the whole catalogue, built or not."""


class WrongUsage(Exception):
    """The command line asks for what is not there; the text is one sentence for a person."""


def chosen(asked: str, built: Mapping[str, Scenario]) -> list[Scenario]:
    """Scenarios in the catalogue's order, each once.

    Args:
        asked: Names and IDs separated by commas; `all` or nothing means everything built.

    Raises:
        WrongUsage: A word is unknown, or nothing of it is built.
    """
    words = [word.strip() for word in asked.split(",") if word.strip()] or [EVERYTHING]
    found = {scenario.id: scenario for word in words for scenario in _meant(word, built)}
    return in_order(found.values())


def _meant(word: str, built: Mapping[str, Scenario]) -> list[Scenario]:
    if word.lower() == EVERYTHING:
        return list(built.values())
    if word.lower() in SUITES:
        return _of_suite(word.lower(), built)
    if word.upper() in built:
        return [built[word.upper()]]
    raise WrongUsage(f"--suite {word} is neither a suite nor a built scenario. {known(built)}")


def _of_suite(suite: str, built: Mapping[str, Scenario]) -> list[Scenario]:
    found = [scenario for scenario in built.values() if scenario.suite == suite]
    if not found:
        raise WrongUsage(f"--suite {suite} has no built scenario yet. {known(built)}")
    return found


def known(built: Mapping[str, Scenario]) -> str:
    suites = list(dict.fromkeys(scenario.suite for scenario in in_order(built.values())))
    ids = [scenario.id for scenario in in_order(built.values())]
    return f"Suites: {', '.join(suites)}; scenarios: {', '.join(ids)}."


def in_order(scenarios: Iterable[Scenario]) -> list[Scenario]:
    suites = list(SUITES)
    return sorted(scenarios, key=lambda scenario: (suites.index(scenario.suite), scenario.id))
