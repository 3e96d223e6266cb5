"""The errors of 1C's OData interface, with its codes, statuses and Russian texts.

    ODataError
        one class, since a client tells them apart by status and code only; the functions below
        name each kind and say where its text was seen

Texts in «» of the reference were recorded from live bases; the others follow their pattern.
"""


class ODataError(ValueError):
    """A request was refused.

    Attributes:
        code: 1C's own code, a number.
        status: HTTP status.
        text: What a person reads, in Russian.
        unknown: Which name it is about and where that stood: `("set", …)`, `("property", …)`.
    """

    def __init__(
        self, code: int, status: int, text: str, unknown: tuple[str, str] = ("", "")
    ) -> None:
        super().__init__(f"{text} (OData code {code}, HTTP {status})")
        self.code = code
        self.status = status
        self.text = text
        self.unknown = unknown


def internal(text: str) -> ODataError:
    return ODataError(-1, 500, text)


def not_emulated(what: str) -> ODataError:
    where = "См. README, 'What it does not do'"
    return ODataError(0, 501, f"Не поддерживается эмулятором: {what}. {where}")


def unparsable(value: object, edm: str) -> ODataError:
    return ODataError(1, 400, f"Не удалось разобрать строку '{value}' как значение типа {edm}!")


def format_unknown(name: str, status: int) -> ODataError:
    return ODataError(2, status, f"Неизвестный формат '{name}'")


def segment_unknown(name: str) -> ODataError:
    return ODataError(6, 400, f"Сегмент пути {name} не найден!", ("property", name))


def method_unknown() -> ODataError:
    return ODataError(6, 400, "Метод не найден")


def bad_key(text: str) -> ODataError:
    return ODataError(7, 400, f"Неверный ключ сущности '{text}'")


def set_unknown(name: str) -> ODataError:
    return ODataError(8, 404, f"Сущность '{name}' не найдена", ("set", name))


def instance_unknown(entity: str) -> ODataError:
    return ODataError(9, 404, f'Экземпляр сущности "{entity}" не найден по переданному ключу')


def unwritable_in_xml() -> ODataError:
    return ODataError(3, 400, "Текст XML содержит недопустимый символ")


def argument_missing(name: str) -> ODataError:
    return ODataError(12, 400, f"Аргумент '{name}' не найден")


def bad_line_number(part: str) -> ODataError:
    return ODataError(13, 400, f"Не удалось создать строку табличной части '{part}'")


def rows_written_with_owner() -> ODataError:
    return ODataError(13, 400, "Создание строк табличных частей напрямую не поддерживается")


def bad_option(name: str) -> ODataError:
    return ODataError(14, 400, f"Ошибка при разборе опции запроса {name}")


def option_unknown(name: str) -> ODataError:
    return ODataError(14, 400, f"Ошибка при разборе опции запроса {name}", ("option", name))


def expand_of_one() -> ODataError:
    text = "Опция $expand не поддерживается при запросе одиночных сущностей"
    return ODataError(14, 400, text)


def key_exists(entity: str) -> ODataError:
    return ODataError(15, 400, f'Экземпляр сущности "{entity}" с переданным ключом уже существует')


def bad_load_mode(value: str) -> ODataError:
    return ODataError(17, 400, f"Неверное значение режима загрузки данных '{value}'")


def method_not_allowed(verb: str) -> ODataError:
    return ODataError(19, 405, f"Метод {verb} не разрешен для данного ресурса")


def rights_violated() -> ODataError:
    return ODataError(20, 401, "Нарушение прав доступа")


def version_differs() -> ODataError:
    return ODataError(-1, 412, "Версия данных не совпадает с переданной в заголовке If-Match")


def bad_comparison() -> ODataError:
    return internal("{(3, 23)}: Неверные параметры в операции сравнения")


def forbidden_in_where() -> ODataError:
    return internal('Операция не разрешена в предложении "ГДЕ"')
