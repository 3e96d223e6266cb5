"""What both drivers over httpx share: the machine's clock and chance, and what is said in calls."""

import random
import time
import uuid
from typing import TypedDict

import httpx

from sverka.asks import NoReply, Request, Response

FAILURES = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""No whole reply, or an address that cannot be called: a host name may fail in its encoding."""
SURELY_NOT_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class RealTime:
    """Time, ids and chance of this machine."""

    _chance = random.SystemRandom()

    def now_s(self) -> float:
        return time.time()

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def random(self) -> float:
        return self._chance.random()


class Sent(TypedDict):
    """Arguments of `request` of either client of httpx."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes
    timeout: float


def sent(request: Request) -> Sent:
    return Sent(
        method=request.verb,
        url=request.url,
        headers=dict(request.headers),
        content=request.body,
        timeout=request.timeout_s,
    )


def answered(reply: httpx.Response) -> Response:
    return Response(reply.status_code, reply.content, dict(reply.headers))


def unanswered(failure: Exception) -> NoReply:
    """What one of `FAILURES` says of a call."""
    arrived = isinstance(failure, httpx.HTTPError) and not isinstance(failure, SURELY_NOT_ARRIVED)
    late = arrived and isinstance(failure, httpx.TimeoutException)
    return NoReply(f"{type(failure).__name__}: {failure}", arrived, late)
