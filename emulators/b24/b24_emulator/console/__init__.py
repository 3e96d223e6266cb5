"""The portal's console in the browser: which pages it has, and what each shows."""

from typing import TYPE_CHECKING

from b24_emulator.console.records import RECORDS
from b24_emulator.console.words import WORDS
from sverka_emulator_kit.console import calls
from sverka_emulator_kit.console.page import Console

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

CONSOLE: "Console[Portal]" = Console(
    title="Bitrix24",
    pages=(*RECORDS.pages(), calls.PAGE),
    words=WORDS,
)
