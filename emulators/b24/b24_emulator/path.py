"""The way of a request: decode, authenticate, trouble, limit, dispatch, encode, record."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson

from b24_emulator import (
    batch,
    envelope,
    file_addresses,
    oauth,
    pull_server,
    refusals,
    rest_v3,
    xml_answers,
)
from b24_emulator.calls import Caller, Result, Way
from b24_emulator.decode import Asked, Door, decode
from b24_emulator.dispatch import dispatch, operating_key
from b24_emulator.files import File
from b24_emulator.refusals import PortalRefusal, V3Refusal
from b24_emulator.rules.tariffs import Block
from sverka_emulator_kit.held import Answer, Upgrade
from sverka_emulator_kit.messages import Reply, Request
from sverka_emulator_kit.record import CallLine, Miss
from sverka_emulator_kit.trouble import NAMES, DropRequest, Html, Refuse, Trouble, suffer

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

NOWHERE = b"<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>"
MOVED = b"<html><head><title>302 Found</title></head><body>302 Found</body></html>"
NOBODY = ""
HTML = "text/html; charset=utf-8"
PUBLIC = {Door.REST, Door.REST_V3, Door.FILE}
"""Doors at which a caller says who he is."""


@dataclass(slots=True)
class Visit:
    """One request on its way.

    Attributes:
        caller: None until he is known, and at doors that ask nobody who he is.
        error: Code of the refusal that ended it, for the record of calls.
        missed: Names that nobody read, for the same.
    """

    portal: "Portal"
    request: Request
    asked: Asked
    at_s: float
    caller: Caller | None = None
    trouble: Trouble | None = None
    error: str = ""
    missed: list[Miss] = field(default_factory=list)


def answer(portal: "Portal", request: Request) -> Answer:
    """Answer one request; the steps below are the whole of it, in this order."""
    visit = Visit(portal, request, decode(request), portal.now_s)
    if request.origin in portal.former_origins and visit.asked.door in PUBLIC:
        return _redirected(visit)
    if visit.asked.door is Door.PULL:
        return _by_push(visit)
    try:
        _authenticate(visit)
    except PortalRefusal as refused:
        reply = _refusal(visit, refused)
    else:
        _meet_trouble(visit)
        reply = suffer(visit.trouble, lambda: _served(visit), lambda set_: _injected(visit, set_))
    reply = _timed(visit, _encoded(visit, reply))
    _record(visit, reply)
    return reply


def _by_push(visit: Visit) -> Answer:
    """Nothing is limited here; a trouble meets the call, or the answer that it waits for."""
    portal, asked = visit.portal, visit.asked
    _meet_trouble(visit)

    def finish(reply: Reply) -> Reply:
        met = suffer(visit.trouble, lambda: reply, lambda set_: _injected(visit, set_))
        left = _timed(visit, met)
        _record(visit, left)
        return left

    if isinstance(visit.trouble, Refuse | Html | DropRequest):
        return finish(Reply(200))
    if asked.name == "pull.publish":
        return finish(pull_server.published(portal, asked.params, visit.request.body))
    answer = pull_server.answer(portal, asked.name, asked.params, finish)
    if isinstance(answer, Upgrade):
        _record(visit, Reply(101))
    return answer


def _redirected(visit: Visit) -> Reply:
    """The portal has another address now (b24restdocs: change-domen.md); the body is inferred."""
    asked = visit.request
    target = visit.portal.origin + asked.path + (f"?{asked.query}" if asked.query else "")
    moved = Reply(302, MOVED, HTML, (("Location", target),))
    reply = _timed(visit, moved)
    _record(visit, reply)
    return reply


def _authenticate(visit: Visit) -> None:
    portal, asked = visit.portal, visit.asked
    if asked.door not in PUBLIC:
        return
    if asked.webhook is None:
        caller = portal.access.by_token(str(asked.params.get("auth") or ""), visit.at_s)
    else:
        status = portal.switches.wrong_secret_status
        caller = portal.access.by_webhook(*asked.webhook, status=status)
    _check_standing(portal, caller)
    if connector := asked.params.get("auth_connector"):
        caller = replace(caller, connector=str(connector))
    visit.caller = caller


def _check_standing(portal: "Portal", caller: Caller) -> None:
    """Whether this portal lets programs in at all."""
    if portal.block is Block.OVERLOAD:
        raise refusals.overloaded()
    if not portal.tariff.rest:
        raise refusals.plan_without_rest()
    if portal.block is Block.UNPAID and caller.way is Way.APP:
        raise refusals.subscription_ended()


def _meet_trouble(visit: Visit) -> None:
    portal = visit.portal
    if portal.trouble.standing:
        chance = portal.chances.trouble
        visit.trouble = portal.trouble.pick(visit.asked.name, visit.at_s, chance, _parts(visit))


def _served(visit: Visit) -> Reply:
    try:
        if visit.asked.door in (Door.FILE, Door.UPLOAD):
            return _by_address(visit)
        if visit.caller is not None:
            _limit(visit)
            return _called(visit, visit.caller)
        if visit.asked.door is Door.OAUTH:
            return _by_oauth(visit)
    except PortalRefusal as refused:
        return _refusal(visit, refused)
    return Reply(404, NOWHERE, HTML)


def _by_oauth(visit: Visit) -> Reply:
    portal, params = visit.portal, visit.asked.params
    if visit.asked.name == "oauth.token":
        return Reply(200, orjson.dumps(oauth.token_answer(portal, params, visit.request.origin)))
    info, takes_s = oauth.app_info(portal, params), portal.http_s()
    return _success(visit, visit.asked.name, info, takes_s, takes_s)


def _limit(visit: Visit) -> None:
    portal = visit.portal
    if not portal.bucket.admits(
        portal.limits,
        visit.request.peer,
        visit.at_s,
        refused_count=portal.switches.refused_calls_count,
    ):
        raise refusals.too_many_requests()


def _called_v3(visit: Visit, caller: Caller) -> Reply:
    portal, name = visit.portal, visit.asked.name
    body, takes_s = rest_v3.answered(portal, name, visit.request), portal.http_s()
    if not rest_v3.is_bare(name):
        key = operating_key(name, caller)
        body |= {"time": envelope.time_of(portal, key, visit.at_s, takes_s, takes_s)}
    echoed = rest_v3.echoed(visit.request)
    return Reply(200, orjson.dumps(body), headers=echoed, takes_s=takes_s)


def _called(visit: Visit, caller: Caller) -> Reply:
    if visit.asked.door is Door.REST_V3:
        return _called_v3(visit, caller)
    portal, name, params = visit.portal, visit.asked.name, visit.asked.params
    key = operating_key(name, caller)
    if name == batch.BATCH:
        done = batch.run(portal, params, caller, visit.missed)
        result, work_s = done.result, done.work_s
    else:
        result, work_s = (
            dispatch(portal, name, params, caller, visit.missed),
            portal.command_s(name),
        )
        portal.operating.enter(key, work_s, visit.at_s)
    takes_s = portal.http_s() + work_s
    if result.file is not None:
        return _sent(result.file, takes_s)
    return _success(visit, key, result, takes_s, work_s)


def _sent(file: File, takes_s: float) -> Reply:
    named = (("Content-Disposition", file.disposition),)
    return Reply(200, file.content, file.kind, named, takes_s=takes_s)


def _by_address(visit: Visit) -> Reply:
    """A file by an address that a record shows; no limit counts it (inferred)."""
    file = file_addresses.found(visit.portal, visit.caller, visit.asked)
    return Reply(404, NOWHERE, HTML) if file is None else _sent(file, visit.portal.http_s())


def _success(visit: Visit, key: str, result: Result, takes_s: float, work_s: float) -> Reply:
    time = envelope.time_of(visit.portal, key, visit.at_s, takes_s, work_s)
    return Reply(200, envelope.success(result, time), takes_s=takes_s)


def _injected(visit: Visit, order: Refuse) -> Reply:
    return _refusal(visit, PortalRefusal(order.error, order.description, order.status))


def _refusal(visit: Visit, refused: PortalRefusal) -> Reply:
    visit.error = refused.code or refused.text
    if isinstance(refused, V3Refusal):
        return Reply(refused.status, orjson.dumps(envelope.refusal_v3(refused)))
    return Reply(refused.status, orjson.dumps(envelope.refusal(refused)))


def _encoded(visit: Visit, reply: Reply) -> Reply:
    """XML for who asked for it; a page that trouble put there stays one."""
    if not visit.asked.wants_xml or "json" not in reply.content_type:
        return reply
    body = xml_answers.encoded(reply.body)
    return replace(reply, body=body, content_type=xml_answers.CONTENT_TYPE)


def _timed(visit: Visit, reply: Reply) -> Reply:
    """No reply is instant: one that has no time yet gets that of an empty call."""
    return reply if reply.takes_s > 0 else reply.delayed(visit.portal.http_s())


def _parts(visit: Visit) -> tuple[str, ...]:
    """Names of the commands inside a batch."""
    if visit.asked.name != batch.BATCH:
        return ()
    return tuple(line.name for line in batch.commands(visit.asked.params))


def _record(visit: Visit, reply: Reply) -> None:
    asked = visit.asked
    visit.portal.calls.add(
        CallLine(
            at_s=visit.at_s,
            name=asked.name,
            actor=visit.caller.actor if visit.caller else NOBODY,
            status=reply.status,
            error=visit.error,
            parts=_parts(visit),
            trouble=NAMES[type(visit.trouble)] if visit.trouble else "",
            bytes_in=len(visit.request.body),
            bytes_out=len(reply.body),
            takes_s=reply.takes_s,
            missed=tuple(visit.missed),
        )
    )
