"""Tells the collector which methods of a portal answered or refused."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from b24_emulator.batch import BATCH
from b24_emulator.calls import Call, Result, Way
from b24_emulator.coverage import PACKAGE, spelt
from b24_emulator.methods.row import Method
from b24_emulator.methods.table import METHODS
from b24_emulator.refusals import PortalRefusal
from collecting import Collector, Found
from sverka_emulator_kit.coverage import Axis
from sverka_emulator_kit.record import CallLine

BATCH_TOO_LONG = "ERROR_BATCH_LENGTH_EXCEEDED"


def watch(collector: Collector) -> None:
    for name, row in list(METHODS.items()):
        METHODS[name] = replace(row, handler=_watched(collector, row))
    collector.readers.append(_told)


def _watched(collector: Collector, row: Method) -> Callable[[Call], Result]:
    subject = spelt()[row.name]

    def handler(call: Call) -> Result:
        is_call = call.caller.way is not Way.WINDOW
        try:
            result = row.handler(call)
        except PortalRefusal:
            if is_call:
                collector.refused(PACKAGE, subject)
            raise
        if is_call:
            collector.answered(PACKAGE, subject)
        return result

    return handler


def _told(line: CallLine) -> Iterator[Found]:
    """What no handler sees: batches, and callers whom a method's row keeps out."""
    row = METHODS.get(line.name)
    if row is None:
        return
    if line.name == BATCH and not line.error:
        yield PACKAGE, BATCH, Axis.CLIENT
    if line.error and line.error in (row.app_refusal, BATCH_TOO_LONG):
        yield PACKAGE, spelt()[row.name], Axis.REFUSAL
