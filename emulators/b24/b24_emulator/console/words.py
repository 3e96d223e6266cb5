"""The words of the portal's own pages, in English and Russian."""

from sverka_emulator_kit.console.page import Words

WORDS: Words = {
    "records": ("Records", "Записи"),
    "overview": ("Overview", "Обзор"),
    "portal": ("Portal", "Портал"),
    "address": ("Address", "Адрес"),
    "webhook": ("Webhook", "Вебхук"),
    "tariff": ("Tariff", "Тариф"),
    "programs": ("Programs", "Программы"),
    "let_in": ("let in", "допущены"),
    "kept_out": ("kept out", "не допущены"),
    "in_queue": ("In the offline queue", "В очереди событий"),
    "on_their_way": ("Calls to handlers on their way", "Вызовов обработчиков в пути"),
    "held": ("Holds", "Хранит"),
    # Limits.
    "limits": ("Limits", "Лимиты"),
    "bucket": ("Calls at once, by source address", "Вызовы подряд, по адресам"),
    "no_threshold": ("This portal has no such limit.", "У этого портала такого лимита нет."),
    "no_peers": ("Nobody has called yet.", "Вызовов пока не было."),
    "operating": (
        "Running time in ten minutes, by method and caller",
        "Время работы за десять минут, по методам и вызывающим",
    ),
    "none_spent": (
        "Nothing is on account. Calls below 0.1 s are not counted.",
        "На счету ничего нет. Вызовы короче 0,1 с не считаются.",
    ),
    "profile": ("Profile", "Профиль"),
    "threshold": ("Calls at once", "Вызовов подряд"),
    "drain": ("Forgotten each second", "Забывается в секунду"),
    "page_size": ("Rows of a page", "Строк на странице"),
    "budget": ("Running time of a method", "Время работы метода"),
    "unlimited": ("without limit", "без лимита"),
    # Events.
    "events": ("Events", "События"),
    "bindings": ("Bindings", "Подписки"),
    "no_bindings": ("Nobody has asked for events.", "На события никто не подписан."),
    "number": ("No.", "№"),
    "event": ("Event", "Событие"),
    "way": ("Way", "Способ"),
    "online": ("call to a handler", "вызов обработчика"),
    "offline": ("queue", "очередь"),
    "handler": ("Handler", "Обработчик"),
    "connector": ("Source", "Источник"),
    "application": ("Application", "Приложение"),
    "queue": ("Offline queue", "Очередь офлайн-событий"),
    "no_queue": ("The queue is empty.", "Очередь пуста."),
    "object": ("Object", "Объект"),
    "state": ("State", "Состояние"),
    "free": ("waits", "ждёт"),
    "reserved": ("reserved", "занята"),
    "failed": ("failed", "с ошибкой"),
    "waiting": ("On their way to handlers", "В пути к обработчикам"),
    "none_waits": ("No call is on its way.", "В пути вызовов нет."),
    "due_at": ("Due", "Срок"),
    "sent": ("Left for handlers, or lost", "Отправлены обработчикам или потеряны"),
    "none_sent": ("No handler was called yet.", "Обработчики ещё не вызывались."),
    "answer": ("Answer", "Ответ"),
    "not_told": ("not known", "неизвестен"),
    # Settings.
    "settings": ("Settings", "Настройки"),
    "change_tariff": ("Another tariff", "Сменить тариф"),
    "block": ("Close the portal to programs", "Закрыть портал для программ"),
    "match_hint": (
        "crm.company.*, batch/crm.deal.add, event/*",
        "crm.company.*, batch/crm.deal.add, event/*",
    ),
    "block_": ("open", "открыт"),
    "block_unpaid": ("application not paid", "приложение не оплачено"),
    "block_overload": ("overloaded", "перегружен"),
    "switches": ("Disputed behaviours", "Спорное поведение"),
    "switches_note": ("where the sources contradict each other", "где источники расходятся"),
    "switch": ("Switch", "Переключатель"),
    "value": ("Now", "Сейчас"),
    "change": ("Change", "Изменить"),
    "turn": ("Turn", "Переключить"),
    "costs": ("How long methods take", "Сколько длятся методы"),
    "costs_json": ("Method and seconds, JSON", "Метод и секунды, JSON"),
    "costs_note": (
        'From and to, in seconds: {"crm.company.add": [2, 3]}; {} is as usual.',
        'От и до, в секундах: {"crm.company.add": [2, 3]}; {} — как обычно.',
    ),
    "rename": ("Give the portal another address", "Сменить адрес портала"),
    "update_app": ("Install its next version", "Установить новую версию"),
    "reinstall_app": ("Install it anew", "Переустановить"),
    "application_note": (
        "The '1C + CRM' application. Its bindings are gone afterwards.",
        "Приложение «1C + CRM». Подписки после этого пропадут.",
    ),
    # Coverage.
    "group_method": ("method", "метод"),
    "lack_methods": ("Other methods", "Другие методы"),
    "lack_methods_note": (
        "Tasks, chats, files, telephony, business processes and all else that is not in the list "
        "is answered as a method that is not there.",
        "Задачи, чаты, диск, телефония, бизнес-процессы и всё, чего нет в списке, отвечают как "
        "несуществующий метод.",
    ),
    "lack_consequences": ("What follows from 'shape only'", "Последствия «только формы»"),
    "lack_consequences_note": (
        "Layouts, badges, templates of documents, lists of calls, repeating deals, deliveries are "
        "kept as sent: no document is made, nothing repeats by itself.",
        "Разметка, значки, шаблоны документов, списки обзвона, регулярные сделки и доставки "
        "хранятся как присланы: документы не создаются, само ничего не повторяется.",
    ),
    "lack_files": ("Files", "Файлы"),
    "lack_files_note": (
        "Attachments of activities, comments and documents have names and numbers; their bytes"
        " are not kept.",
        "У вложений дел, комментариев и документов есть имена и номера, содержимое не хранится.",
    ),
    "lack_locations": ("Locations", "Местоположения"),
    "lack_locations_note": (
        "Addresses of the Location module.",
        "Адреса модуля «Местоположения».",
    ),
    "lack_user_fields": ("User fields", "Пользовательские поля"),
    "lack_user_fields_note": (
        "Only crm.item.* insists on mandatory ones; defaults are not filled in.",
        "Обязательность проверяет только crm.item.*; значения по умолчанию не подставляются.",
    ),
    "lack_stocks": ("Stocks", "Остатки"),
    "lack_stocks_note": (
        "Are read only; people lay goods in by portal.stock.",
        "Только для чтения; товар на склад кладёт portal.stock.",
    ),
    "lack_rates": ("Rates of currencies", "Курсы валют"),
    "lack_rates_note": (
        "Amounts in another currency than the base are not converted.",
        "Суммы в валюте, отличной от базовой, не пересчитываются.",
    ),
    "lack_merging": ("Duplicates", "Дубликаты"),
    "lack_merging_note": (
        "Merging and the search know contacts and companies only.",
        "Поиск и слияние знают только контакты и компании.",
    ),
    "lack_robots": ("Robots", "Роботы"),
    "lack_robots_note": (
        "There are those that portal.robot sets: they change a record once more after a write.",
        "Есть только заданные через portal.robot: они меняют запись ещё раз после записи.",
    ),
    "lack_confirmation": ("ONAPPMETHODCONFIRM", "ONAPPMETHODCONFIRM"),
    "lack_confirmation_note": (
        "Can be bound and is never sent.",
        "Подписаться можно, событие не приходит.",
    ),
    "lack_rights": ("Rights", "Права"),
    "lack_rights_note": (
        "No rights of single users; scopes and kinds of callers are checked.",
        "Прав отдельных пользователей нет; проверяются scope и вид вызывающего.",
    ),
    "lack_rest_v3": ("REST 3.0", "REST 3.0"),
    "lack_rest_v3_note": (
        "rest.scope.list, the OpenAPI document, batch without references; no Idempotency-Key.",
        "rest.scope.list, документ OpenAPI, batch без ссылок; без Idempotency-Key.",
    ),
    "lack_pull": ("Push & Pull", "Push & Pull"),
    "lack_pull_note": (
        "No protobuf, no jwt, no statuses of users, no telephones.",
        "Нет protobuf, jwt, статусов пользователей и телефонов.",
    ),
}
