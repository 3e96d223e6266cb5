"""The portal's console in the browser: which pages it has, in the order of the menu."""

from typing import TYPE_CHECKING

from b24_emulator.console import events, overview, rights, settings
from b24_emulator.console.records import RECORDS
from b24_emulator.console.words import WORDS
from b24_emulator.coverage import coverage
from sverka_emulator_kit.console import calls, clocks, states, troubles
from sverka_emulator_kit.console.coverage import coverage_page
from sverka_emulator_kit.console.page import Console

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

CONSOLE: "Console[Portal]" = Console(
    title="Bitrix24",
    pages=(
        overview.OVERVIEW,
        *RECORDS.pages(),
        calls.PAGE,
        overview.LIMITS,
        events.PAGE,
        clocks.PAGE,
        troubles.PAGE,
        settings.PAGE,
        rights.PAGE,
        states.PAGE,
        coverage_page(lambda portal: coverage()),
    ),
    words=WORDS,
)
