"""Bases with many products, each entered as a person enters it."""

import time
import tracemalloc
from base64 import b64encode
from urllib.parse import quote

from sizes import resident_bytes

from onec_emulator.infobase import Infobase
from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.messages import Reply, Request

PRODUCTS = "Catalog_Номенклатура"
PLAIN = "/()'=,$:&"
ACCESS = {"authorization": "Basic " + b64encode(b"obmen:secret").decode()}


def base_with(products: int) -> Infobase:
    """A base of УНФ; a minute passes after each thousand, so that moments differ."""
    base = Infobase(clock=VirtualClock())
    for number in range(1, products + 1):
        fields = {
            "Description": f"Товар {number}",
            "НаименованиеПолное": f"Товар {number}, упаковка {number % 7}",
            "Артикул": f"А-{number:08}",
            "Комментарий": f"Партия {number % 1000}",
        }
        base.act("create", {"set": PRODUCTS, "fields": fields}, user="Иванова")
        if number % 1000 == 0:
            base.clock.advance(60.0)
    return base


def request(base: Infobase, path: str, query: str = "$format=json", verb: str = "GET") -> Request:
    target = f"{base.service_root}/{quote(path, safe=PLAIN)}"
    return Request(verb, target, quote(query, safe=PLAIN), ACCESS)


def asked(base: Infobase, sent: Request) -> Reply:
    reply = base.answer(sent)
    assert isinstance(reply, Reply)
    assert reply.status == 200, reply.body.decode()
    return reply


def cost_of(products: int) -> tuple[float, float]:
    """Bytes and seconds that a base with so many products costs this process."""
    base_with(1)
    before, begun_s = resident_bytes(), time.perf_counter()
    base = base_with(products)
    took_s = time.perf_counter() - begun_s
    grown = resident_bytes() - before
    del base
    return grown, took_s


def changes_of(base: Infobase, number: int) -> Request:
    point = f"'{base.plan}(guid'{base.node_key('B24')}')'"
    query = f"DataExchangePoint={point}&MessageNo={number}"
    return request(base, "SelectChanges", query, "POST")


def feed_of(products: int) -> tuple[int, int, float]:
    """Length of the feed of so many registrations, memory that it took at most, seconds.

    Memory is what was taken beside the base and what its ledger of reads keeps.
    """
    base = base_with(products)
    asked(base, changes_of(base, 1))
    begun_s = time.perf_counter()
    reply = asked(base, changes_of(base, 1))
    length = len(reply.body) + sum(map(len, reply.rest))
    took_s = time.perf_counter() - begun_s
    tracemalloc.start()
    reply = asked(base, changes_of(base, 1))
    for _ in reply.rest:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    return length, peak, took_s
