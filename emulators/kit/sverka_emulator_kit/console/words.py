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
    "record": ("Record", "Запись"),
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
    "latest_calls": ("Last calls", "Последние вызовы"),
    "no_calls": ("Nobody has called yet.", "Вызовов пока не было."),
    # The clock.
    "clock": ("Clock", "Часы"),
    "time": ("Time", "Время"),
    "now": ("Now", "Сейчас"),
    "clock_is": ("The clock", "Часы"),
    "runs": ("runs with the wall's", "идут вместе с настоящими"),
    "is_virtual": ("virtual: stands until it is moved", "виртуальные: стоят, пока их не двинут"),
    "next_due": ("Next thing due", "Ближайшее событие"),
    "none_due": ("nothing is due", "ничего не ожидается"),
    "due_in": ("Due in", "До него"),
    "advance": ("Advance", "Перевести вперёд"),
    "advance_note": (
        "All that falls due on the way is done, in order: deliveries, deferred jobs.",
        "Всё, чему настал срок по пути, выполняется по порядку: доставки, отложенные задания.",
    ),
    "one_second": ("+ 1 second", "+ 1 секунда"),
    "ten_seconds": ("+ 10 seconds", "+ 10 секунд"),
    "one_minute": ("+ 1 minute", "+ 1 минута"),
    "one_hour": ("+ 1 hour", "+ 1 час"),
    "one_day": ("+ 1 day", "+ 1 день"),
    "advance_by": ("Advance by", "Перевести вперёд на"),
    "seconds": ("Seconds", "Секунд"),
    "standing_still": ("Standing still", "Остановка"),
    "freeze": ("Freeze", "Остановить"),
    "run": ("Let it run", "Пустить"),
    "freeze_note": (
        "While it is frozen nothing falls due by itself.",
        "Пока часы стоят, ничто не наступает само.",
    ),
    # Trouble.
    "troubles": ("Trouble", "Помехи"),
    "standing": ("Stands ready", "Наготове"),
    "no_trouble": ("No call will meet trouble.", "Ни один вызов не встретит помех."),
    "match": ("Calls", "Вызовы"),
    "match_hint": ("a name, * for any part of it", "имя, * вместо любой части"),
    "times": ("Times", "Раз"),
    "without_end": ("without end", "без конца"),
    "chance": ("Chance", "Вероятность"),
    "chance_hint": ("0 to 1, empty is always", "от 0 до 1, пусто: всегда"),
    "spares": ("Spares", "Пропустит"),
    "spares_hint": ("calls before the first", "вызовов до первого"),
    "until": ("Until", "До"),
    "details": ("Details", "Подробности"),
    "status_hint": ("of a refusal or a page", "для отказа или страницы"),
    "error_code": ("Error", "Ошибка"),
    "error_hint": ("of a refusal", "для отказа"),
    "delay_s": ("Delay, s", "Задержка, с"),
    "delay_hint": ("of a delay", "для задержки"),
    "after_s": ("Closes after, s", "Обрыв через, с"),
    "after_hint": ("of a drop", "для обрыва"),
    "next_call": ("The next call", "Следующий вызов"),
    "next_call_note": (
        "A button spoils one call, whichever comes next.",
        "Кнопка портит один вызов: тот, что придёт следующим.",
    ),
    "next_refuse": ("is refused", "получит отказ"),
    "next_html": ("gets a page of HTML", "получит страницу HTML"),
    "next_delay": ("is late by 30 s", "опоздает на 30 с"),
    "next_drop_request": ("does not arrive", "не дойдёт"),
    "next_drop_reply": ("is done, its reply lost", "выполнится, ответ пропадёт"),
    "next_cut_reply": ("is done, its reply cut", "выполнится, ответ оборвётся"),
    "next_twice": ("arrives twice", "придёт дважды"),
    "kind_refuse": ("refusal", "отказ"),
    "kind_html": ("page of HTML", "страница HTML"),
    "kind_delay": ("late reply", "поздний ответ"),
    "kind_drop_request": ("lost request", "потерянный запрос"),
    "kind_drop_reply": ("lost reply", "потерянный ответ"),
    "kind_cut_reply": ("cut reply", "оборванный ответ"),
    "kind_twice": ("arrives twice", "приходит дважды"),
    "set_trouble": ("Set trouble", "Устроить помеху"),
    "set": ("Set", "Устроить"),
    "clear_trouble": ("Clear all", "Убрать все"),
    "met": ("Met so far", "Уже встретились"),
    "none_met": ("No call has met trouble yet.", "Помех пока никто не встретил."),
    "count": ("Calls", "Вызовов"),
    # Coverage.
    "coverage": ("Coverage", "Покрытие"),
    "axes": ("Evidence by axis", "Доказательства по осям"),
    "axes_note": ("each by itself, never added up", "каждая сама по себе, без общей суммы"),
    "axis": ("Axis", "Ось"),
    "meaning": ("What it says", "Что означает"),
    "with_evidence": ("There is", "Есть"),
    "without_evidence": ("There is none", "Нет"),
    "axis_documented": ("Documented", "Документация"),
    "axis_documented_note": (
        "A page of the vendor's documents describes it.",
        "Описано на странице документации производителя.",
    ),
    "axis_client": ("Real client", "Реальный клиент"),
    "axis_client_note": (
        "A client that nobody patched has called it in a test and was answered.",
        "Готовый клиент без правок вызвал его в тесте и получил ответ.",
    ),
    "axis_shape": ("Shape", "Форма ответа"),
    "axis_shape_note": (
        "A test has held its names and types against an example, metadata or a recording.",
        "Тест сверил имена и типы в ответе с примером, метаданными или записью.",
    ),
    "axis_refusal": ("Refusal", "Отказ"),
    "axis_refusal_note": (
        "A test has made it refuse, and has checked what it said.",
        "Тест добился отказа и проверил его текст или код.",
    ),
    "subjects": ("By name", "Поимённо"),
    "subject": ("Name", "Имя"),
    "no_subjects": ("Nothing fits.", "Ничего не подходит."),
    "all_subjects": ("all", "все"),
    "coverage_hint": ("name, page or test", "имя, страница или тест"),
    "has": ("there is:", "есть:"),
    "lacks": ("there is not:", "нет:"),
    "extent": ("Emulated", "Эмуляция"),
    "extent_full": ("in full", "полностью"),
    "extent_shape": ("shape only", "только форма"),
    "extent_none": ("not emulated", "не эмулируется"),
    "known_observed": ("observed", "наблюдалось"),
    "known_inferred": ("inferred", "выведено"),
    "not_emulated_besides": ("Not emulated besides", "Кроме того, не эмулируется"),
    # States.
    "states": ("States", "Состояния"),
    "take_snapshot": ("Take a snapshot", "Сделать снимок"),
    "take": ("Take", "Сделать"),
    "name": ("Name", "Имя"),
    "name_hint": ("empty: a number is given", "пусто: получит номер"),
    "snapshots": ("Snapshots", "Снимки"),
    "snapshot": ("Snapshot", "Снимок"),
    "no_snapshots": ("None was taken yet.", "Снимков пока нет."),
    "size": ("Size", "Размер"),
    "since": ("Compare", "Сравнить"),
    "changes_since": ("with now", "с текущим"),
    "restore": ("Restore", "Вернуть"),
    "compare": ("Compare", "Сравнить"),
    "changes": ("Differences", "Отличия"),
    "no_changes": ("They are the same.", "Отличий нет."),
    "reset": ("Back to the seed", "Вернуть к началу"),
    "reset_note": (
        "As it was when it was started: records, calls, trouble and history are gone.",
        "Как при запуске: записи, вызовы, помехи и история пропадут.",
    ),
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
