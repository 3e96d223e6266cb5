"""What passes through a door: one request, one reply, as bytes and plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it came.

    Attributes:
        verb: GET, POST, PATCH…, upper case.
        path: Raw path, still percent-encoded, with its leading slash.
        query: Raw query, still percent-encoded, without the question mark.
        headers: Values by lower-case name.
        body: Bytes of the body.
        peer: Source address, the key of a portal's rate limit.
        origin: Scheme, host and port that the client used: `https://localhost:8024`.
    """

    verb: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = "127.0.0.1"
    origin: str = "http://localhost"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply, and what happens to it on the way.

    Attributes:
        rest: What follows the body, made while it is sent; may be gone through once, without the
            system's lock.
        takes_s: Time from the request's arrival to the reply's departure, in seconds.
        cut_at: None if the reply arrives whole; else only so many bytes of the body leave
            before the connection is closed. 0 is a reply that never came.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    rest: Iterable[bytes] = ()
    takes_s: float = 0.0
    cut_at: int | None = None

    def delayed(self, seconds_s: float) -> "Reply":
        return replace(self, takes_s=self.takes_s + seconds_s)
