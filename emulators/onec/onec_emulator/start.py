"""What a base holds right after its installation: predefined items, one organisation, users."""

from collections.abc import Iterable

from onec_emulator.books import Books
from onec_emulator.schemas import Row

NAME = "="
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
        known = books.schema(entity).blank
        for item in items:
            # What the library makes by its own name is not predefined for the platform.
            predefined = "PredefinedDataName" in item
            row = {"Predefined": predefined, "Используется": True, **_resolved(books, entity, item)}
            books.place(entity, {name: value for name, value in row.items() if name in known})
    _organisation(books)
    # A declaration of one's own may lack what every real configuration has.
    users = (ADMINISTRATOR, *logins) if "Catalog_Пользователи" in books.tables else ()
    for login in users:
        books.place("Catalog_Пользователи", {"Description": login})
    if configuration.plan:
        this = {"Code": "1C", "Description": ORGANISATION["Description"], "ThisNode": True}
        books.place(configuration.plan, this)
        books.place(configuration.plan, configuration.node)


def _resolved(books: Books, entity: str, item: Row) -> Row:
    """The item with its own guid and those that it names: `=` its name, `=Set.name` another's."""
    row = {name: _named(books, value) for name, value in item.items()}
    return row if NAME not in item else {**row, "Ref_Key": books.named_guid(entity, item[NAME])}


def _named(books: Books, value: object) -> object:
    if isinstance(value, list):
        return [{name: _named(books, inner) for name, inner in line.items()} for line in value]
    if isinstance(value, str) and value.startswith(NAME):
        return books.named_guid(*value.removeprefix(NAME).split(".", 1))
    return value


def _organisation(books: Books) -> None:
    table = books.tables.get("Catalog_Организации")
    if table is None:
        return
    known = {name: value for name, value in ORGANISATION.items() if name in table.schema.fields}
    if "Code" in table.schema.fields:
        known["Code"] = books.numbering.code(table)
    books.place(table.schema.name, known)
