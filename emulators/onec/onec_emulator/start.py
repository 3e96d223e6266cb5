"""What a base holds right after its installation: predefined items, one organisation, users."""

from collections.abc import Iterable

from onec_emulator.books import Books

ORGANISATION = {
    "Description": "Наша фирма ООО",
    "НаименованиеПолное": 'Общество с ограниченной ответственностью "Наша фирма"',
    "НаименованиеСокращенное": 'ООО "Наша фирма"',
    "Префикс": "НФ",
    "ИНН": "7707083893",
    "КПП": "770701001",
    "ОГРН": "1027700132195",
    "ЮридическоеФизическоеЛицо": "ЮридическоеЛицо",
}
ADMINISTRATOR = "Администратор"


def furnish(books: Books, logins: Iterable[str]) -> None:
    """Put the initial records there; none of them is registered or anybody's edit."""
    configuration = books.configuration
    for entity, items in configuration.predefined.items():
        for item in items:
            books.place(entity, {"Predefined": True, "Используется": True, **item})
    code = books.numbering.code(books.tables["Catalog_Организации"])
    books.place("Catalog_Организации", {"Code": code, **ORGANISATION})
    for login in (ADMINISTRATOR, *logins):
        books.place("Catalog_Пользователи", {"Description": login})
    this = {"Code": "1C", "Description": ORGANISATION["Description"], "ThisNode": True}
    books.place(configuration.plan, this)
    books.place(configuration.plan, configuration.node)
