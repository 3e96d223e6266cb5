"""The words of the portal's own pages, in English and Russian."""

from sverka_emulator_kit.console.page import Words

WORDS: Words = {
    "records": ("Records", "Записи"),
}
