"""`batch`: up to 50 commands in one call, later ones may use the answers of earlier ones.

Source: b24restdocs: settings/how-to-call-rest-api/batch.md; the shapes of the sections are
observed: fast_bitrix24: tests/real_responses/*.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from b24_emulator import php
from b24_emulator.calls import Caller, Result
from b24_emulator.dispatch import dispatch, operating_key
from b24_emulator.envelope import refusal, time_of
from b24_emulator.refusals import PortalRefusal
from sverka_emulator_kit.record import Miss
from sverka_emulator_kit.trouble import Refuse, Standing

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

COMMANDS_MAX = 50
BATCH = "batch"
_REFERENCE = re.compile(r"\$result((?:\[[^\]]*\])+)")
_KEY = re.compile(r"\[([^\]]*)\]")


@dataclass(slots=True)
class Sections:
    """The answer as it grows; each section is encoded on its own, an empty one as `[]`."""

    result: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    result_error: dict[str, Any] = field(default_factory=dict)
    result_total: dict[str, Any] = field(default_factory=dict)
    result_next: dict[str, Any] = field(default_factory=dict)
    result_time: dict[str, Any] = field(default_factory=dict)

    def enter(self, key: str, answer: Result, time: Mapping[str, object]) -> None:
        self.result[key] = [] if answer.value == {} else answer.value
        self.result_time[key] = time
        if answer.total is not None:
            self.result_total[key] = answer.total
        if answer.next_start is not None:
            self.result_next[key] = answer.next_start

    def encoded(self) -> dict[str, object]:
        return {
            name: php.encoded(getattr(self, name))
            for name in ("result", "result_error", "result_total", "result_next", "result_time")
        }


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a batch, read: its key, the method, the undecoded rest."""

    key: str
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What a batch did: the answer and how long its commands took together."""

    result: Result
    work_s: float


def commands(params: Mapping[str, Any]) -> list[Command]:  # Any: what was sent
    """Read `cmd`, an object or an array of `method?query`; a name may have any form."""
    sent = params.get("cmd")
    if isinstance(sent, list):
        sent = {str(index): text for index, text in enumerate(sent)}
    if not isinstance(sent, dict):
        return []
    return [_command(str(key), str(text)) for key, text in sent.items()]


def _command(key: str, text: str) -> Command:
    name, _, query = text.partition("?")
    return Command(key, name.strip().strip("/").lower().removesuffix(".json"), query)


def run(
    portal: "Portal",
    params: Mapping[str, Any],  # Any: what was sent
    caller: Caller,
    missed: list[Miss],
) -> BatchDone:
    """Do the commands one after another; an error of one is an entry in `result_error`.

    Args:
        missed: Gets the names that nobody read in any of the commands.

    Raises:
        PortalRefusal: There are more than 50, and the portal refuses such a batch whole.
    """
    lines = commands(params)
    if len(lines) > COMMANDS_MAX and portal.switches.batch_over_50_whole:
        raise _too_long()
    halts = php.flag(params.get("halt", ""))
    sections, work_s = Sections(), 0.0
    for index, line in enumerate(lines):
        begun_s, took_s = portal.now_s + work_s, portal.command_s(line.name)
        work_s += took_s
        try:
            answer = _answer(portal, index, line, sections.result, caller, missed)
        except PortalRefusal as refused:
            sections.result_error[line.key] = _worded(refused)
            if halts:
                break
        else:
            key = operating_key(line.name, caller)
            portal.operating.enter(key, took_s, begun_s)
            sections.enter(line.key, answer, time_of(portal, key, begun_s, took_s, took_s))
    return BatchDone(Result(sections.encoded()), work_s)


def _answer(
    portal: "Portal",
    index: int,
    line: Command,
    earlier: Mapping[str, Any],  # Any: JSON
    caller: Caller,
    missed: list[Miss],
) -> Result:
    if index >= COMMANDS_MAX:
        raise _too_long()
    _meet_refusal(portal, line.name)
    sent = php.parse_query(line.query)
    if "$result" in line.query or "%24result" in line.query:
        sent = referred(sent, earlier)
    params = {name.lower(): value for name, value in sent.items()}
    if connector := params.get("auth_connector"):
        caller = replace(caller, connector=str(connector))
    return dispatch(portal, line.name, params, caller, missed)


def referred(value: Any, earlier: Mapping[str, Any]) -> Any:  # Any: JSON
    """Put the answers of earlier commands in place of `$result[key][field]…`, at any depth.

    A text that is a reference and nothing else becomes the value itself; what cannot be
    resolved stays as the text it is (b24restdocs: sdk/b24gosdk/index.md).
    """
    if isinstance(value, dict):
        return {key: referred(inner, earlier) for key, inner in value.items()}
    if isinstance(value, list):
        return [referred(inner, earlier) for inner in value]
    if not isinstance(value, str) or "$result" not in value:
        return value
    if whole := _REFERENCE.fullmatch(value):
        return _resolved(whole, earlier)
    return _REFERENCE.sub(lambda found: str(_resolved(found, earlier)), value)


def _resolved(reference: re.Match[str], earlier: Mapping[str, Any]) -> Any:  # Any: JSON
    node: Any = earlier
    for key in _KEY.findall(reference[1]):
        if isinstance(node, Mapping) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdecimal() and php.integer(key) < len(node):
            node = node[php.integer(key)]
        else:
            return reference[0]
    return node


def _meet_refusal(portal: "Portal", name: str) -> None:
    """A refusal that is set for a method's name also meets that command inside a batch.

    A pattern that matches `batch` too is about HTTP calls and spares the commands.
    """
    if not portal.trouble.standing:
        return
    trouble = portal.trouble.pick(
        name, portal.now_s, portal.chances.trouble, meets=_is_for_commands
    )
    if isinstance(trouble, Refuse):
        raise PortalRefusal(trouble.error, trouble.description, trouble.status)


def _is_for_commands(entry: Standing) -> bool:
    return isinstance(entry.trouble, Refuse) and not fnmatchcase(BATCH, entry.match)


def _too_long() -> PortalRefusal:
    return PortalRefusal("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")


def _worded(refused: PortalRefusal) -> dict[str, str]:
    words = refusal(refused)
    # Inside a batch this one comes without its text (observed: b24pysdk: tests/integration).
    return words | {"error_description": ""} if refused.code == "insufficient_scope" else words
