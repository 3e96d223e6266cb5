"""Trouble is a value: set for the next calls of a method, for a time, or by chance."""

import fnmatch
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from sverka_emulator_kit.messages import Reply


@dataclass(frozen=True, slots=True)
class Refuse:
    """The system answers with an error of its own and does nothing."""

    status: int = 503
    error: str = "QUERY_LIMIT_EXCEEDED"
    description: str = "Too many requests"


@dataclass(frozen=True, slots=True)
class Html:
    """A web server in front answers with a page instead of JSON; nothing is done."""

    status: int = 502
    body: str = "<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Delay:
    """The reply leaves later, in seconds."""

    delay_s: float = 30.0


@dataclass(frozen=True, slots=True)
class DropRequest:
    """The request never arrives; the connection closes after `after_s` seconds."""

    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class DropReply:
    """Everything is done and committed, but the reply is lost after `after_s` seconds."""

    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CutReply:
    """Everything is done; the connection closes half way through the reply."""


@dataclass(frozen=True, slots=True)
class Twice:
    """The request arrives twice; the second reply is what the caller sees."""


Trouble = Refuse | Html | Delay | DropRequest | DropReply | CutReply | Twice

KINDS: dict[str, type[Trouble]] = {
    "refuse": Refuse,
    "html": Html,
    "delay": Delay,
    "drop_request": DropRequest,
    "drop_reply": DropReply,
    "cut_reply": CutReply,
    "twice": Twice,
}
NAMES: dict[type[Trouble], str] = {kind: name for name, kind in KINDS.items()}


class TroubleUnknown(ValueError):
    """The control plane was asked for a trouble that does not exist."""


class TroubleMisfit(ValueError):
    """A value of a trouble is none that it could have."""

    def __init__(self, trouble: str, name: str, value: object, wanted: str) -> None:
        super().__init__(f"Trouble {trouble!r}: {name} is {value!r}. Give {wanted}.")


def _is_number(value: object, least: float, most: float, kind: type = float) -> bool:
    # JSON writes whole numbers without a point; True is an int to Python.
    fits = isinstance(value, kind | int) and not isinstance(value, bool)
    return fits and least <= value <= most  # type: ignore[operator]  # a number by now


def _is_text(value: object) -> bool:
    return isinstance(value, str)


YEAR_S = 366 * 86_400.0
_SECONDS = (lambda value: _is_number(value, 0, YEAR_S), "seconds, from 0 to a year")
_TEXT = (_is_text, "a text")
VALUES: dict[str, tuple[Callable[[object], bool], str]] = {
    "status": (lambda value: _is_number(value, 200, 599, int), "an HTTP status from 200 to 599"),
    "error": _TEXT,
    "description": _TEXT,
    "body": _TEXT,
    "delay_s": _SECONDS,
    "after_s": _SECONDS,
    "match": (_is_text, "a shell pattern over names of calls, as *.add"),
    "times": (
        lambda value: value is None or _is_number(value, 1, 1e9, int),
        "a whole number from 1, or null for without end",
    ),
    "until_s": (
        lambda value: value is None or _is_number(value, 0, 1e12),
        "a moment in unix seconds, or null for never",
    ),
    "chance": (lambda value: _is_number(value, 0, 1), "a probability from 0 to 1"),
    "spares": (lambda value: _is_number(value, 0, 1e9, int), "a whole number from 0"),
}
"""What a value must be, by its name, and how that is told."""


@dataclass(slots=True)
class Standing:
    """One trouble that stands ready.

    Attributes:
        match: Shell pattern over call names, as the record of calls shows them.
        times: How many calls it still spoils; None is without end.
        until_s: When it ends, unix seconds; None is never.
        chance: Probability that a matching call is spoiled, 0 to 1.
        spares: How many matching calls still go unharmed before the first.
    """

    trouble: Trouble
    match: str = "*"
    times: int | None = 1
    until_s: float | None = None
    chance: float = 1.0
    spares: int = 0

    def as_json(self) -> dict[str, object]:
        rest = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "trouble"}
        return {"kind": NAMES[type(self.trouble)], **asdict(self.trouble), **rest}


@dataclass(slots=True)
class TroubleBox:
    """The troubles of one system, and how often each kind was met."""

    standing: list[Standing] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def set(
        self,
        trouble: Trouble,
        *,
        match: str = "*",
        times: int | None = 1,
        until_s: float | None = None,
        chance: float = 1.0,
        spares: int = 0,
    ) -> None:
        self.standing.append(Standing(trouble, match, times, until_s, chance, spares))

    def clear(self) -> None:
        self.standing.clear()

    def pick(
        self,
        name: str,
        now_s: float,
        chance: random.Random,
        parts: Sequence[str] = (),
        *,
        meets: Callable[[Standing], bool] = lambda entry: True,
    ) -> Trouble | None:
        """The trouble that this call meets, if any; counts it.

        A call made of `parts` also goes by the names `name/part`: `batch/crm.company.add`.

        Args:
            meets: Which of the troubles can befall a call of this sort at all.
        """
        names = [name, *(f"{name}/{part}" for part in parts)]
        for entry in list(self.standing):
            if entry.until_s is not None and now_s >= entry.until_s:
                self.standing.remove(entry)
            elif (
                meets(entry)
                and any(fnmatch.fnmatchcase(n, entry.match) for n in names)
                and chance.random() < entry.chance
            ):
                if entry.spares:
                    entry.spares -= 1
                    continue
                self._spend(entry)
                self.met[NAMES[type(entry.trouble)]] += 1
                return entry.trouble
        return None

    def _spend(self, entry: Standing) -> None:
        if entry.times is None:
            return
        entry.times -= 1
        if entry.times <= 0:
            self.standing.remove(entry)


def from_json(order: dict[str, Any]) -> Standing:  # Any: a JSON object
    """Read `{"kind": "drop_reply", "match": "crm.company.add", "times": 1, …}`.

    Raises:
        TroubleUnknown: The kind or a key is unknown; the message names the known ones.
        TroubleMisfit: A value is of another type or out of its range.
    """
    order = dict(order)
    name = order.pop("kind", None)
    if not isinstance(name, str) or name not in KINDS:
        raise TroubleUnknown(f"Trouble {name!r} is unknown. Use one of: {', '.join(KINDS)}.")
    kind = KINDS[name]
    own = {f.name for f in fields(kind)}
    common = {"match", "times", "until_s", "chance", "spares"}
    if unknown := set(order) - own - common:
        raise TroubleUnknown(
            f"Trouble {name!r} has no {sorted(unknown)}. Known: {sorted(own | common)}."
        )
    for key, value in order.items():
        fits, wanted = VALUES[key]
        if not fits(value):
            raise TroubleMisfit(name, key, value, wanted)
    trouble = kind(**{key: value for key, value in order.items() if key in own})
    return Standing(trouble, **{key: value for key, value in order.items() if key in common})


def suffer(
    trouble: Trouble | None, answer: Callable[[], Reply], refuse: Callable[[Refuse], Reply]
) -> Reply:
    """Answer a call under `trouble`; `refuse` words a refusal the way the system does."""
    match trouble:
        case None:
            return answer()
        case Refuse():
            return refuse(trouble)
        case Html(status=status, body=body):
            return Reply(status, body.encode(), "text/html; charset=utf-8")
        case Delay(delay_s=delay_s):
            return answer().delayed(delay_s)
        case DropRequest(after_s=after_s):
            return Reply(200, cut_at=0, takes_s=after_s)
        case DropReply(after_s=after_s):
            return replace(answer(), cut_at=0, takes_s=after_s)
        case CutReply():
            reply = answer()
            return replace(reply, cut_at=len(reply.body) // 2)
        case Twice():
            answer()
            return answer()
