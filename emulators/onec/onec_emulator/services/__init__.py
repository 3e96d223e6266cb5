"""HTTP services of a base, `/hs/<root>/<template>`: one's own in a few lines of Python.

    shop = HttpService("shop")

    @shop.route("GET", "/orders/{number}")
    def order(call: Call) -> Answer:
        return Answer.json({"number": call.params["number"]})

    base = Infobase(clock=clock, services=[shop])

Matching rules, 404, 405 and 500 are those of the platform (developer guide, 17.3.2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from onec_emulator.web_sessions import WebSessions

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

ANY = "*"
"""A route of any verb, or the rest of a path."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler gets.

    Attributes:
        base: The base that was called, with `records()` and `act()`.
        params: What the template's `{name}` segments held; `*` is the rest with its slash.
        query: Parameters of the query, decoded.
        headers: Values by lower-case name.
        user: Login of the caller.
    """

    base: "Infobase"
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    user: str

    @property
    def actor(self) -> str:
        """Whom the ledger names for what a handler does by itself, not by a person's deed."""
        return f"hs:{self.user}"

    def json(self) -> Any:  # Any: whatever the caller sent
        """The body as JSON; an empty one is an empty object."""
        return orjson.loads(self.body) if self.body else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns; anything else is an error of the service, 500."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def json(cls, value: object, status: int = 200) -> "Answer":
        return cls(status, orjson.dumps(value), "application/json; charset=utf-8")


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Template:
    """A path of a service by its segments, and what answers each verb.

    Attributes:
        writing: Verbs whose handlers write, so that a file base's tables are theirs meanwhile.
    """

    segments: tuple[str, ...]
    handlers: dict[str, Handler] = field(default_factory=dict)
    writing: set[str] = field(default_factory=set)


@dataclass(slots=True)
class HttpService:
    """One service.

    Attributes:
        root: Its place under `/hs`.
        web: How sessions of its calls are reused; None for the publication's way.
    """

    root: str
    templates: list[Template] = field(default_factory=list)
    web: WebSessions | None = None

    def route(self, verb: str, path: str, *, writes: bool = False) -> Callable[[Handler], Handler]:
        """Enter a handler for a verb, or `*` for any, on a template like `/orders/{id}/*`.

        Args:
            writes: Whether it writes records, and waits in a file base for others who do.

        Raises:
            ValueError: The template is malformed, or as good as another one.
        """
        template = self._template(path)
        if verb in template.handlers:
            raise ValueError(f"/hs/{self.root}{path} answers {verb} already. Choose another path.")

        def enter(handler: Handler) -> Handler:
            template.handlers[verb] = handler
            if writes:
                template.writing.add(verb)
            return handler

        return enter

    def _template(self, path: str) -> Template:
        segments = tuple(path.strip("/").split("/"))
        if not path.startswith("/") or ANY in segments[:-1] or not all(segments):
            raise ValueError(
                f"{path!r} is no template. Write it as '/orders/{{id}}' or '/files/*'."
            )
        for template in self.templates:
            if template.segments == segments:
                return template
            if _shape(template.segments) == _shape(segments):
                other = "/".join(template.segments)
                raise ValueError(f"{path!r} is as good as '/{other}': nobody could choose.")
        self.templates.append(Template(segments))
        return self.templates[-1]


def _shape(segments: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("{}" if is_parameter(one) else one for one in segments)


def is_parameter(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")
