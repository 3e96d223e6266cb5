"""The words of the frame and of the pages that every console has, in English and Russian."""

from collections.abc import Mapping

from sverka_emulator_kit.console.page import Words

LANGUAGES = ("en", "ru")

WORDS: Words = {
    # The frame.
    "console": ("console", "консоль"),
    "skip": ("To the content", "К содержанию"),
    "menu": ("Pages", "Страницы"),
    "language": ("Language", "Язык"),
    "en": ("English", "English"),
    "ru": ("Русский", "Русский"),
    "theme": ("Colours", "Тема"),
    "auto": ("auto", "авто"),
    "light": ("light", "светлая"),
    "dark": ("dark", "тёмная"),
    "live": ("Live", "Обновлять"),
    "live_title": ("Draw the page anew every second", "Обновлять страницу каждую секунду"),
    "above": ("Way down to this page", "Путь к странице"),
    "is_frozen": ("frozen", "стоит"),
    "done": ("Done", "Сделано"),
    "sure": ("Are you sure?", "Вы уверены?"),
    "out_of_reach": ("The emulator does not answer", "Эмулятор не отвечает"),
    "no_script": (
        "Without JavaScript the pages can be read, but the buttons do nothing.",
        "Без JavaScript страницы можно читать, но кнопки не работают.",
    ),
    "page_before": ("← Before", "← Назад"),
    "page_after": ("Next →", "Дальше →"),
    "pages": ("Further pages", "Другие страницы"),
    "nothing": ("Nothing here.", "Здесь ничего нет."),
    "yes": ("yes", "да"),
    "no": ("no", "нет"),
    "show": ("Show", "Показать"),
    # Records.
    "kinds": ("Kinds of records", "Виды записей"),
    "kind": ("Kind", "Вид"),
    "records_count": ("Records", "Записей"),
    "list": ("Records", "Записи"),
    "key": ("Key", "Ключ"),
    "search": ("Search", "Поиск"),
    "search_hint": ("any field, any part of it", "любое поле, любая его часть"),
    "all_of_them": ("in all", "всего"),
    "of_them": ("found", "найдено"),
    "nothing_found": ("No record fits.", "Подходящих записей нет."),
    "fields": ("Fields", "Поля"),
    "empty_fields": ("empty fields", "пустых полей"),
    "is_gone": ("The record is deleted", "Запись удалена"),
    "history": ("History", "История"),
    "no_history": (
        "Nobody has written this record since the start or the last reset.",
        "После запуска или сброса эту запись никто не менял.",
    ),
    "ledger_leaves_out": (
        "The ledger does not follow records of this kind.",
        "За записями этого вида журнал записи не следит.",
    ),
    "field": ("Field", "Поле"),
    "was": ("Before", "Было"),
    "is": ("After", "Стало"),
    "add": ("created", "создание"),
    "update": ("changed", "изменение"),
    "delete": ("deleted", "удаление"),
    # Calls.
    "calls": ("Calls", "Вызовы"),
    "at": ("When", "Когда"),
    "call": ("Call", "Вызов"),
    "actor": ("Who", "Кто"),
    "status": ("Status", "Ответ"),
    "trouble": ("Trouble", "Помеха"),
    "took": ("Took", "Длился"),
    "bytes_in": ("In", "Принято"),
    "bytes_out": ("Out", "Отдано"),
    "missed": ("Not read", "Не прочитано"),
    "commands": ("commands", "команд"),
    "perhaps": ("perhaps", "возможно,"),
    "place_method": ("no method", "нет метода"),
    "place_parameter": ("parameter", "параметр"),
    "place_fields": ("field", "поле"),
    "place_filter": ("filter", "отбор"),
    "place_select": ("select", "выборка"),
    "place_order": ("order", "порядок"),
    "place_set": ("no set", "нет набора"),
    "place_property": ("property", "свойство"),
    "place_option": ("option", "параметр"),
    "which": ("Which", "Какие"),
    "all_calls": ("all", "все"),
    "refused": ("refused", "отказы"),
    "troubled": ("with trouble", "с помехами"),
    "call_hint": ("name, caller or error", "имя, кто вызвал, ошибка"),
    "no_calls": ("Nobody has called yet.", "Вызовов пока не было."),
}


def preferred(accepted: str) -> str:
    """The language for an `Accept-Language` header: Russian if it stands before English."""
    ranked = sorted(_weighted(accepted), key=lambda pair: -pair[1])
    return next((name for name, weight in ranked if name in LANGUAGES and weight > 0), "en")


def _weighted(accepted: str) -> list[tuple[str, float]]:
    found = []
    for part in accepted.split(","):
        name, _, weight = part.partition(";q=")
        try:
            found.append((name.strip().lower().partition("-")[0], float(weight or 1)))
        except ValueError:
            continue
    return found


def translated(words: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    """The word in a language.

    Raises:
        LookupError: The table has no such key.
    """
    return words[key][LANGUAGES.index(language)]
