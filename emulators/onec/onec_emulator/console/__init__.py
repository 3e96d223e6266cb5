"""The infobase's console in the browser: which pages it has, in the order of the menu."""

from typing import TYPE_CHECKING

from onec_emulator.console import notices, overview, plan, sessions, settings
from onec_emulator.console.records import CATALOGS, DOCUMENTS, REGISTERS, REST
from onec_emulator.console.words import WORDS
from onec_emulator.coverage import coverage
from sverka_emulator_kit.console import calls, clocks, states, troubles
from sverka_emulator_kit.console.coverage import coverage_page
from sverka_emulator_kit.console.page import Console

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

CONSOLE: "Console[Infobase]" = Console(
    title="1C",
    pages=(
        overview.PAGE,
        *CATALOGS.pages(),
        *DOCUMENTS.pages(),
        *REGISTERS.pages(),
        *REST.pages(),
        plan.PAGE,
        notices.PAGE,
        calls.PAGE,
        sessions.PAGE,
        clocks.PAGE,
        troubles.PAGE,
        settings.PAGE,
        states.PAGE,
        coverage_page(lambda base: coverage(base.configuration)),
    ),
    words=WORDS,
)
