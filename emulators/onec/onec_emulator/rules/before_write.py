"""What a configuration does itself before a record is written; a table of rules.

Two rules hold in all configurations, by what a set has: codes, and the date of creation. The
others are named by the declaration of their set, and are those of the object modules of УТ
11.5.20.68 (work1cblackbird/ut11) and БП 3.0.82.24 (kucheryavenkovn/eco_accounting). All rest
in load mode.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from onec_emulator.schemas import EMPTY_DATE, EMPTY_GUID, NAMESPACE, Row
from onec_emulator.switches import Switches
from onec_emulator.table import Table

CODE_LENGTH = 9
NUMBER_LENGTH = 11
ZONE = timedelta(hours=3)
"""A base knows no zones: its dates are those of its server, here Moscow's."""


class Numbering:
    """The last number that each set's codes were given."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def code(self, table: Table) -> str:
        """The next code that no record bears, `НФ-000001`, as long as the set's codes are."""
        length = table.schema.fields["Code"].length or CODE_LENGTH
        return self.next(
            table.schema.name,
            table.schema.code_prefix or "",
            lambda code: bool(table.having("Code", code)),
            length,
        )

    def next(
        self,
        series: str,
        prefix: str,
        is_taken: Callable[[str], bool],
        length: int = NUMBER_LENGTH,
    ) -> str:
        """The next code or number of a series that is not taken."""
        while True:
            number = self.last[series] = self.last.get(series, 0) + 1
            text = f"{prefix}{number:0{length - len(prefix)}}"
            if not is_taken(text):
                return text


def local_time(now_s: float) -> str:
    """The base's wall time at a unix moment, as 1C stores it: whole seconds, no zone."""
    return (datetime.fromtimestamp(now_s, UTC) + ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def give_code(row: Row, table: Table, numbering: Numbering, now_s: float) -> None:
    if table.schema.code_prefix is not None and not row["Code"]:
        row["Code"] = numbering.code(table)


def note_creation(row: Row, table: Table, numbering: Numbering, now_s: float) -> None:
    if row.get("ДатаСоздания") == EMPTY_DATE:
        row["ДатаСоздания"] = local_time(now_s)


AT_CREATION: tuple[Callable[[Row, Table, Numbering, float], None], ...] = (give_code, note_creation)


def own_head(row: Row) -> None:
    """Who is no branch is his own head (УТ, БП)."""
    if row["ГоловнойКонтрагент_Key"] == EMPTY_GUID and not row["ОбособленноеПодразделение"]:
        row["ГоловнойКонтрагент_Key"] = row["Ref_Key"]


def law_kind(row: Row) -> None:
    """The kind in law follows the finer kind (УТ)."""
    row["ЮридическоеФизическоеЛицо"] = LAW_KINDS.get(
        row["ЮрФизЛицо"], row["ЮридическоеФизическоеЛицо"]
    )


def company_is_no_person(row: Row) -> None:
    """A partner that is a company has neither sex nor birthday (УТ)."""
    if row["ЮрФизЛицо"] == "Компания":
        row.update({"Пол": "", "ДатаРождения": EMPTY_DATE})


def trimmed_inn(row: Row) -> None:
    """Blanks at the end of an ИНН go (БП)."""
    row["ИНН"] = row["ИНН"].rstrip()


def name_of_words(row: Row) -> None:
    """A contact person without a name is called by surname, name, patronymic and post (БП)."""
    if not row["Description"].strip():
        words = (row[name].strip() for name in ("Фамилия", "Имя", "Отчество"))
        post = f", {row['Должность']}" if row["Должность"] else ""
        row["Description"] = (" ".join(filter(None, words)) + post)[:NAME_LENGTH]


def personal_contact(row: Row) -> None:
    """Only a user's own contact keeps whose it is (БП)."""
    is_own = row["ВидКонтактногоЛица"] == "ЛичныйКонтакт"
    is_user = row["ОбъектВладелец_Type"] == f"{NAMESPACE}Catalog_Пользователи"
    row["ПользовательЛичногоКонтакта_Key"] = (
        row["ОбъектВладелец"] if is_own and is_user else EMPTY_GUID
    )


def search_copies(row: Row) -> None:
    """A client's phones and mails stand once more where people search for them (УНФ 3.0).

    The platform cuts what is longer than the property (AlexanderYekat/unf:
    Catalogs/Контрагенты/Ext/ObjectModule.bsl, ЗаполнитьНомерТелефона and ЗаполнитьАдресЭП).
    """
    for copy, kind, name in COPIES:
        lines = [line[name] for line in row["КонтактнаяИнформация"] if line["Тип"] == kind]
        row[copy] = ", ".join(lines)[:NAME_LENGTH]


COPIES = (
    ("НомерТелефонаДляПоиска", "Телефон", "НомерТелефона"),
    ("АдресЭПДляПоиска", "АдресЭлектроннойПочты", "Представление"),
)
NAME_LENGTH = 100
LAW_KINDS = {
    "ЮрЛицо": "ЮридическоеЛицо",
    "ЮрЛицоНеРезидент": "ЮридическоеЛицо",
    "ФизЛицо": "ФизическоеЛицо",
    "ИндивидуальныйПредприниматель": "ФизическоеЛицо",
}
RULES: Mapping[str, Callable[[Row], None]] = {
    rule.__name__: rule
    for rule in (
        *(own_head, law_kind, company_is_no_person),
        *(trimmed_inn, name_of_words, personal_contact, search_copies),
    )
}
"""Rules of an item at each write, by the name under which a declaration asks for them."""


def follow_rules(row: Row, table: Table) -> None:
    """Do to an item what its configuration does; a folder has nothing of it."""
    if not row.get("IsFolder"):
        for name in table.schema.rules:
            RULES[name](row)


def strip_folder(row: Row, table: Table, switches: Switches) -> None:
    """A folder has no items' attributes and no table parts, whatever was sent."""
    if not row.get("IsFolder"):
        return
    empty = dict.fromkeys(table.schema.item_only)
    if switches.folder_attributes == "default":
        empty = {name: table.schema.blank[name] for name in table.schema.item_only}
    row.update(empty)
    row.update({name: [] for name in table.schema.parts})
