"""Every operation that the interface answers, one row each, and how we know it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from onec_emulator.odata import balances, changes, errors, posting, reading, rights, slices, writing
from onec_emulator.odata.answers import Answer
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.service import Service
from sverka_emulator_kit.provenance import Provenance, documented, inferred, observed

GUIDE = "hacker-cb/1c-odata: docs/1c/markdown, 17.4"
PROBES = "Romandredan/odata1c-gate: docs/probes/P8-write-forms.md, УТ 11 on 8.3"


class Target(StrEnum):
    """What an address points at."""

    ROOT = "root"
    METADATA = "$metadata"
    SET = "Set"
    COUNT = "Set/$count"
    RECORD = "Set(key)"
    PATH = "Set(key)/Property"
    SLICE = "Register/SliceLast"
    TOTALS = "Register/Balance"
    POSTING = "Document(key)/Post"
    SELECT_CHANGES = "SelectChanges"
    NOTIFY_RECEIVED = "NotifyChangesReceived"


@dataclass(frozen=True, slots=True)
class Operation:
    """One row: a verb on a target, what does it, and how we know that 1C does so."""

    verb: str
    target: Target
    handler: Callable[[Service, Ask], Answer]
    source: Provenance


TABLE = (
    Operation("GET", Target.ROOT, reading.show_sets, documented(GUIDE)),
    Operation("GET", Target.METADATA, reading.show_metadata, documented(GUIDE)),
    Operation("GET", Target.SET, reading.list_rows, documented(GUIDE)),
    Operation("GET", Target.COUNT, reading.count_rows, observed(PROBES)),
    Operation("GET", Target.RECORD, reading.get_record, documented(GUIDE)),
    Operation("GET", Target.PATH, reading.follow_path, documented(GUIDE)),
    Operation("GET", Target.SLICE, slices.slice_rows, documented(GUIDE)),
    Operation("GET", Target.TOTALS, balances.total_rows, documented(GUIDE)),
    Operation("POST", Target.SET, writing.create_record, documented(GUIDE)),
    Operation("PATCH", Target.RECORD, writing.patch_record, observed(PROBES)),
    Operation(
        "MERGE", Target.RECORD, writing.patch_record, inferred("older OData clients send it")
    ),
    Operation("PUT", Target.RECORD, writing.put_record, documented(GUIDE)),
    Operation("DELETE", Target.RECORD, writing.delete_record, documented(GUIDE)),
    Operation("POST", Target.POSTING, posting.post_document, documented(GUIDE)),
    # A live base posts whoever only looks.
    Operation("GET", Target.POSTING, posting.post_document, observed(PROBES)),
    Operation(
        "POST",
        Target.SELECT_CHANGES,
        changes.select_changes,
        observed("pavel-v-sobolev/cdc-1c: tests/responses/trade_demo_8.5"),
    ),
    Operation(
        "POST",
        Target.NOTIFY_RECEIVED,
        changes.notify_received,
        observed("pavel-v-sobolev/onecdc: DESIGN.md"),
    ),
)
OPERATIONS = {(row.verb, row.target): row for row in TABLE}
BY_NAME = {
    "": Target.ROOT,
    "$metadata": Target.METADATA,
    "SelectChanges": Target.SELECT_CHANGES,
    "NotifyChangesReceived": Target.NOTIFY_RECEIVED,
}
NOT_BUILT = frozenset(
    (
        *("$batch", "$links"),
        *("Start", "ExecuteTask"),
        *("DrCrTurnovers", "ExtDimensions"),
    )
)
"""Segments that 1C knows, or refuses with code 0 itself (`$batch`, inferred): never "unknown"."""


def find(service: Service, ask: Ask) -> Operation:
    """The operation that an ask means.

    Raises:
        ODataError: The set is unknown, the path leads to what is not emulated, or the verb
            is not allowed there.
    """
    operation = OPERATIONS.get((ask.request.verb, _target(service, ask)))
    if operation is None:
        raise errors.method_not_allowed(ask.request.verb)
    if ask.request.verb != "GET" or operation.target is Target.POSTING:
        rights.check_write(service, ask)
    return operation


def _target(service: Service, ask: Ask) -> Target:
    address = ask.address
    if address.name in BY_NAME:
        return BY_NAME[address.name]
    _refuse_not_built(address.name)
    service.require(address.name)
    rights.check_set(service, ask)
    if address.key is None:
        return _below_set(address.rest)
    if address.rest:
        if len(address.rest) == 1 and address.rest[0].partition("(")[0] in posting.FUNCTIONS:
            return Target.POSTING
        _refuse_not_built(address.rest[0].partition("(")[0])
        return Target.PATH
    return Target.RECORD


def _below_set(rest: tuple[str, ...]) -> Target:
    if not rest:
        return Target.SET
    if rest == ("$count",):
        return Target.COUNT
    name = rest[0].partition("(")[0]
    if name in slices.CHOOSE and len(rest) == 1:
        return Target.SLICE
    if name in balances.FUNCTIONS and len(rest) == 1:
        return Target.TOTALS
    _refuse_not_built(name)
    raise errors.method_unknown()


def _refuse_not_built(name: str) -> None:
    if name in NOT_BUILT:
        raise errors.not_emulated(name)
