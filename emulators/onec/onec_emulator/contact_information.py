"""Lines of the table part КонтактнаяИнформация as the forms of 1C fill them.

The key set of an address's JSON is that of a recorded УТ 11.5 base (pavel-v-sobolev/cdc-1c:
tests/responses/trade_demo_8.5); the shape of its older XML too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import orjson

from onec_emulator.schemas import Row

KindKey = Callable[[str], str]
"""Guid of a predefined kind by its name."""
COUNTRY = "РОССИЯ"
SPACES = (
    'xmlns="http://www.v8.1c.ru/ssl/contactinfo" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A Russian address of a city that is a region of its own, or of a city within one.

    Attributes:
        area: Region without its type, `Москва` or `Тверская`; `area_type` is `г` or `обл`.
        city: City within the region, `""` where the region is the city.
    """

    zip_code: str
    area: str
    area_type: str = "г"
    city: str = ""
    street: str
    house: str

    @property
    def shown(self) -> str:
        parts = (
            self.zip_code,
            f"{self.area} {self.area_type}",
            f"{self.city} г" if self.city else "",
            f"{self.street} ул",
            f"дом № {self.house}",
        )
        return ", ".join(filter(None, parts))


def phone_line(kind_key: KindKey, kind: str, phone: str) -> Row:
    return {
        "Тип": "Телефон",
        "Вид_Key": kind_key(kind),
        "Представление": phone,
        "НомерТелефона": re.sub(r"\D", "", phone),
    }


def email_line(kind_key: KindKey, kind: str, email: str) -> Row:
    return {
        "Тип": "АдресЭлектроннойПочты",
        "Вид_Key": kind_key(kind),
        "Представление": email,
        "АдресЭП": email,
        "ДоменноеИмяСервера": email.rpartition("@")[2],
    }


def address_line(kind_key: KindKey, kind: str, address: Address) -> Row:
    """A line with the address in all its forms: text, JSON, XML, and fields for a search."""
    return {
        "Тип": "Адрес",
        "Вид_Key": kind_key(kind),
        "Представление": address.shown,
        "Значение": _as_json(address),
        "ЗначенияПолей": _as_xml(address),
        "Страна": COUNTRY,
        "Регион": f"{address.area} {address.area_type}",
        "Город": f"{address.city} г" if address.city else "",
    }


def numbered(lines: Sequence[Row]) -> list[Row]:
    """Lines of a table part, numbered from 1."""
    return [{**line, "LineNumber": str(number)} for number, line in enumerate(lines, 1)]


def _as_json(address: Address) -> str:
    city = {"city": address.city, "cityType": "г"} if address.city else {}
    return orjson.dumps(
        {
            "value": address.shown,
            "type": "Адрес",
            "country": COUNTRY,
            "addressType": "Административно-территориальный",
            "countryCode": "643",
            "ZIPcode": address.zip_code,
            "area": address.area,
            "areaType": address.area_type,
            **city,
            "street": address.street,
            "streetType": "ул",
            "houseType": "Дом",
            "houseNumber": address.house,
            "buildings": [],
            "apartments": [],
        }
    ).decode()


def _as_xml(address: Address) -> str:
    city = f"<Город>{escape(address.city)} г</Город>" if address.city else "<Город/>"
    area = escape(f"{address.area} {address.area_type}")
    return (
        f"<КонтактнаяИнформация {SPACES} Представление={quoteattr(address.shown)}>"
        f'<Комментарий/><Состав xsi:type="Адрес" Страна="{COUNTRY}"><Состав xsi:type="АдресРФ">'
        f"<СубъектРФ>{area}</СубъектРФ>{city}<Улица>{escape(address.street)} ул</Улица>"
        f'<ДопАдрЭл><Номер Тип="1010" Значение={quoteattr(address.house)}/></ДопАдрЭл>'
        f'<ДопАдрЭл ТипАдрЭл="10100000" Значение={quoteattr(address.zip_code)}/>'
        "</Состав></Состав></КонтактнаяИнформация>"
    )
