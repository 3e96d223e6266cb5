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
    "ЮрФизЛицо": "ЮрЛицо",
}
ADMINISTRATOR = "Администратор"


def furnish(books: Books, logins: Iterable[str]) -> None:
    """Put the initial records there; none of them is registered or anybody's edit."""
    configuration = books.configuration
    for entity, items in configuration.predefined.items():
        for item in items:
            # What the library makes by its own name is not predefined for the platform.
            predefined = "PredefinedDataName" in item
            books.place(entity, {"Predefined": predefined, "Используется": True, **item})
    _organisation(books)
    # A declaration of one's own may lack what every real configuration has.
    users = (ADMINISTRATOR, *logins) if "Catalog_Пользователи" in books.tables else ()
    for login in users:
        books.place("Catalog_Пользователи", {"Description": login})
    if configuration.plan:
        this = {"Code": "1C", "Description": ORGANISATION["Description"], "ThisNode": True}
        books.place(configuration.plan, this)
        books.place(configuration.plan, configuration.node)


def _organisation(books: Books) -> None:
    table = books.tables.get("Catalog_Организации")
    if table is None:
        return
    known = {name: value for name, value in ORGANISATION.items() if name in table.schema.fields}
    if "Code" in table.schema.fields:
        known["Code"] = books.numbering.code(table)
    books.place(table.schema.name, known)
