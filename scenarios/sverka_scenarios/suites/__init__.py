"""The suites. Importing this package fills the table of scenarios."""

from sverka_scenarios.suites import (
    clients,
    conflicts,
    departures,
    faults,
    initial,
    limits,
    matching,
    partners,
    realtime,
    recovery,
    requisites,
    schedule,
)
from sverka_scenarios.suites.registry import SCENARIOS, SUITES, Scenario

__all__ = [
    "SCENARIOS",
    "SUITES",
    "Scenario",
    "clients",
    "conflicts",
    "departures",
    "faults",
    "initial",
    "limits",
    "matching",
    "partners",
    "realtime",
    "recovery",
    "requisites",
    "schedule",
]
