"""The request path of a 1C publication, step by step."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from onec_emulator.odata import address, errors, options, strays
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.encode import encode, encode_error
from onec_emulator.odata.errors import ODataError
from onec_emulator.odata.operations import find
from onec_emulator.odata.service import Service
from onec_emulator.refusals import LOCKED, reworded, unlicensed
from onec_emulator.rules.documents import WriteRefused
from onec_emulator.sessions import NoLicence, Sessions
from onec_emulator.web_sessions import COOKIE, NoSessionFree, SessionUnknown, WebSessions
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.record import CallLine, CallRecord
from sverka_emulator_kit.trouble import NAMES, Refuse, TroubleBox, suffer

READ_TAKES_S = (0.03, 0.15)
WRITE_TAKES_S = (0.06, 0.25)
# That the caller is challenged is documented; the realm's text is inferred.
CHALLENGE = (("WWW-Authenticate", 'Basic realm="1C:Enterprise 8"'),)
HTML = "text/html; charset=utf-8"
# Web servers let an idle application go after so long; that a base sleeps then is inferred.
ASLEEP_AFTER_S = 1200.0
# The platform's usual wait for a lock; that OData waits so long is inferred.
LOCK_PATIENCE_S = 20.0


@dataclass(slots=True)
class Publication:
    """One publication of a base on a web server.

    Attributes:
        service_root: Path of the OData service, `/unf/odata/standard.odata`.
        hs_root: Path of the HTTP services, `/unf/hs`.
        hs: Answers a call of an HTTP service: request, what follows `/hs`, login.
        hs_writes: Whether such a call writes: request, what follows `/hs`.
        sessions: Who is in the base; `webs` are the sessions of calls by the root of their HTTP
            service, those of OData under `""`.
        written_until_s: Moment until which a write of a file base holds its tables.
        tokens: Login by the token of its Basic authentication.
        pace: How many times slower than usual the base is.
        called_at_s: When the last call came, None before the first one.
    """

    service: Service
    service_root: str
    hs_root: str
    hs: Callable[[Request, str, str], Reply]
    hs_writes: Callable[[Request, str], bool]
    sessions: Sessions
    webs: Mapping[str, WebSessions]
    tokens: Mapping[str, str]
    trouble: TroubleBox
    calls: CallRecord
    pace: float
    written_until_s: float = 0.0
    called_at_s: float | None = None

    def web(self, ask: Ask) -> WebSessions:
        """The sessions that the call is for; a service that there is not takes one of OData's."""
        return self.webs.get(ask.service_name, self.webs[""])


def answer(publication: Publication, request: Request) -> Reply:
    """Answer one request: address, authenticate, enter, perform under trouble, record."""
    ask, unreadable = addressed(publication, request)
    reply = unauthorized(publication, ask)
    if reply is None:
        reply = in_session(publication, ask, unreadable)
    wait_s, takes_s = reply.takes_s, duration_s(publication, ask) + waking_s(publication)
    occupy(publication, ask, wait_s + takes_s)
    reply = reply.delayed(takes_s)
    record(publication, ask, reply)
    return reply


def addressed(publication: Publication, request: Request) -> tuple[Ask, ODataError | None]:
    """Decode path and query; what cannot be decoded is refused after the caller is known."""
    root = publication.service_root
    ask = Ask(request, f"{request.verb} {request.path}", request.origin + root)
    if _is_below(request.path, publication.hs_root):
        ask.service = request.path[len(publication.hs_root) :]
        ask.name = f"{request.verb} /hs{address.decoded(ask.service)}"
        return ask, None
    if not _is_below(request.path, root):
        return ask, ODataError(8, 404, f"Публикация не найдена: {request.path}")
    ask.form = answer_form(request.headers.get("accept", ""), "")
    try:
        ask.address = address.parse(address.decoded(request.path[len(root) :]))
        ask.name = _call_name(ask)
        ask.options = options.parse(request.query)
        ask.form = answer_form(request.headers.get("accept", ""), ask.options.format)
    except ODataError as error:
        if "format=json" in request.query:
            ask.form = "minimal"
        return ask, error
    return ask, None


def unauthorized(publication: Publication, ask: Ask) -> Reply | None:
    """None if the caller is a user of the base; else the challenge."""
    scheme, _, token = ask.request.headers.get("authorization", "").partition(" ")
    login = publication.tokens.get(token.strip()) if scheme.lower() == "basic" else None
    if login is None:
        ask.error = "401"
        page = "<html><body><h1>401 Unauthorized</h1></body></html>"
        return Reply(401, page.encode(), HTML, CHALLENGE)
    ask.actor = f"odata:{login}"
    return None


def in_session(publication: Publication, ask: Ask, unreadable: ODataError | None) -> Reply:
    """Perform in a session of the base, once it is open, a session and its tables are free."""
    now_s, web = publication.service.books.clock.now_s(), publication.web(ask)
    if told := publication.sessions.locked():
        return _refused(ask, Refuse(403, description=told))
    try:
        is_limited = publication.sessions.licences is not None
        if is_limited and not web.has_one(ask.request.headers, ask.actor, now_s):
            publication.sessions.check_licence()
        cookie = web.enter(ask.request.headers, now_s)
        wait_s = web.wait_s(now_s)
    except SessionUnknown:
        ask.error = "400"
        return Reply(400, b"<html><body><h1>400 Bad Request</h1></body></html>", HTML)
    except NoSessionFree:
        return _refused(ask, Refuse(406))
    except NoLicence:
        status = publication.service.books.switches.licence_status
        ask.error = str(status)
        return unlicensed(status, ask)
    ask.is_admitted = True
    if is_exclusive_write(publication, ask):
        wait_s = max(wait_s, publication.written_until_s - now_s)
    if wait_s > LOCK_PATIENCE_S:
        return _refused(ask, Refuse(500, description=LOCKED)).delayed(LOCK_PATIENCE_S)
    reply = under_trouble(publication, ask, unreadable).delayed(wait_s)
    if cookie:
        headers = (*reply.headers, ("Set-Cookie", f"{COOKIE}={cookie}"))
        reply = replace(reply, headers=headers)
    return reply


def is_exclusive_write(publication: Publication, ask: Ask) -> bool:
    """Whether a call holds tables for itself: a write of a file base holds all of them."""
    if publication.sessions.mode != "file":
        return False
    if ask.service is not None:
        return publication.hs_writes(ask.request, ask.service)
    return ask.request.verb != "GET"


def occupy(publication: Publication, ask: Ask, takes_s: float) -> None:
    """Hold the session, and the tables of a file base, for as long as the call takes."""
    now_s = publication.service.books.clock.now_s()
    until_s = now_s + takes_s
    if ask.is_admitted:
        publication.web(ask).occupy(until_s)
    if ask.is_admitted and publication.sessions.licences is not None:
        publication.web(ask).note(ask.request.headers, ask.actor, now_s, until_s)
    if is_exclusive_write(publication, ask) and not ask.error:
        publication.written_until_s = max(publication.written_until_s, until_s)


def _refused(ask: Ask, refusal: Refuse) -> Reply:
    ask.error = str(refusal.status)
    return reworded(refusal, ask)


def under_trouble(publication: Publication, ask: Ask, unreadable: ODataError | None) -> Reply:
    """Perform, with whatever trouble stands ready for this call."""
    now_s = publication.service.books.clock.now_s()
    trouble = publication.trouble.pick(ask.name, now_s, publication.service.books.chance)
    if trouble is not None:
        ask.trouble = NAMES[type(trouble)]

    def refuse(refusal: Refuse) -> Reply:
        ask.error = refusal.error
        return reworded(refusal, ask)

    return suffer(trouble, lambda: perform(publication, ask, unreadable), refuse)


def perform(publication: Publication, ask: Ask, unreadable: ODataError | None) -> Reply:
    """Find the operation, do it, and write its answer in the form that was asked for."""
    service = publication.service
    if ask.service is not None:
        reply = publication.hs(ask.request, ask.service, ask.actor.removeprefix("odata:"))
        ask.error = str(reply.status) if reply.status >= 400 else ""
        return reply
    try:
        if unreadable is not None:
            raise unreadable
        operation = find(service, ask)
        reply = encode(service, ask, operation.handler(service, ask))
        ask.missed += strays.in_query(ask)
        return reply
    except WriteRefused as refused:
        ask.error = "-1"
        return encode_error(ask, errors.internal(str(refused)))
    except ODataError as error:
        ask.error = str(error.code)
        ask.missed += strays.in_refusal(service, ask, error)
        return encode_error(ask, error)


def duration_s(publication: Publication, ask: Ask) -> float:
    """How long the call takes, in seconds; never zero."""
    shortest, longest = READ_TAKES_S if ask.request.verb == "GET" else WRITE_TAKES_S
    return publication.service.books.chance.uniform(shortest, longest) * publication.pace


def waking_s(publication: Publication) -> float:
    """How much longer the first call takes, and the first one after a pause: `wakes_s`."""
    books, last_s = publication.service.books, publication.called_at_s
    now_s = publication.called_at_s = books.clock.now_s()
    wakes_s: float = books.settings.get("wakes_s", 0.0)
    return wakes_s if last_s is None or now_s - last_s >= ASLEEP_AFTER_S else 0.0


def record(publication: Publication, ask: Ask, reply: Reply) -> None:
    publication.calls.add(
        CallLine(
            at_s=publication.service.books.clock.now_s(),
            name=ask.name,
            actor=ask.actor,
            status=reply.status,
            error=ask.error,
            trouble=ask.trouble,
            bytes_in=len(ask.request.body),
            bytes_out=len(reply.body),
            takes_s=reply.takes_s,
            missed=tuple(ask.missed),
        )
    )


def basic_token(login: str, password: str) -> str:
    """The token of Basic authentication: UTF-8, so a login in cp1251 is nobody's."""
    return b64encode(f"{login}:{password}".encode()).decode()


@lru_cache(maxsize=256)
def answer_form(accept: str, asked: str) -> str:
    """Which form an answer takes; `$format` outweighs `Accept`, and Atom is the default.

    Raises:
        ODataError: `$format` names none that 1C writes.
    """
    text = (asked or accept).lower().replace(" ", "")
    if asked == "json" or "application/json" in text:
        return next((form for mark, form in LEVELS.items() if mark in text), "minimal")
    if asked and not any(mark in text for mark in ("atom", "xml")):
        raise errors.format_unknown(asked, 406)
    return "atom"


LEVELS = {"odata=nometadata": "none", "odata=fullmetadata": "full"}


def _is_below(path: str, root: str) -> bool:
    return path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/")


def _call_name(ask: Ask) -> str:
    # Arguments of a function are no part of its name.
    rest = (segment.partition("(")[0] for segment in ask.address.rest)
    shown = "/".join((ask.address.name, *rest)) or "/"
    return f"{ask.request.verb} {shown}"
