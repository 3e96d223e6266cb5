"""Sessions of web calls: reused by themselves, kept by the caller's cookie, or one per call.

The three modes, the headers and the answers 400 and 406 are documented (developer guide, 17.7).
Each service of a publication has sessions of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

REUSE = ("autouse", "use", "dontuse")
COOKIE = "ibsession"


class SessionUnknown(LookupError):
    """The cookie names no session that lives: 400."""


class NoSessionFree(RuntimeError):
    """No further session can be started: 406."""


@dataclass(slots=True)
class Session:
    """A session that was started for a call, not by a cookie.

    Attributes:
        caller: Who it is kept for, `""` if it ends with its call.
        busy_until_s: When its call is over; it ends at `ends_s` if no other one comes.
    """

    caller: str
    busy_until_s: float
    ends_s: float


@dataclass(slots=True)
class WebSessions:
    """The sessions of one service.

    Attributes:
        reuse: A mode of `REUSE`.
        max_age_s: Idle life of a session, in seconds.
        pool_size: Sessions at most, None without a limit.
        pool_timeout_s: How long a call waits for a session of a busy pool.
    """

    reuse: str = "autouse"
    max_age_s: float = 20.0
    pool_size: int | None = None
    pool_timeout_s: float = 5.0
    _kept: dict[str, float] = field(default_factory=dict, init=False)
    _started: list[Session] = field(default_factory=list, init=False)
    _busy_until_s: list[float] = field(default_factory=list, init=False)
    _given: int = field(default=0, init=False)

    def enter(self, headers: Mapping[str, str], now_s: float) -> str:
        """Find the session of a call; return the cookie to set, `""` for none.

        Raises:
            SessionUnknown: The cookie's session is finished or expired.
            NoSessionFree: As many sessions live as may.
        """
        if self.reuse != "use":
            return ""
        order, asked = headers.get("ibsession", "").lower(), _cookie(headers.get("cookie", ""))
        self._expire(now_s)
        if asked:
            if asked not in self._kept:
                raise SessionUnknown(asked)
            self._kept[asked] = now_s
            if order == "finish":
                del self._kept[asked]
            return ""
        if not _starts(headers):
            return ""
        if self.pool_size is not None and len(self._kept) >= self.pool_size:
            raise NoSessionFree(f"{self.pool_size} sessions live")
        self._given += 1
        key = f"00000000-0000-4000-8000-{self._given:012}"
        self._kept[key] = now_s
        return key

    def wait_s(self, now_s: float) -> float:
        """How long a call waits until a session of the pool is free for it.

        Raises:
            NoSessionFree: Longer than a caller is let wait.
        """
        if self.reuse == "use" or self.pool_size is None:
            return 0.0
        busy = sorted(until_s for until_s in self._busy_until_s if until_s > now_s)
        self._busy_until_s = busy
        wait_s = busy[-self.pool_size] - now_s if len(busy) >= self.pool_size else 0.0
        if wait_s > self.pool_timeout_s:
            raise NoSessionFree(f"{self.pool_size} sessions are busy")
        return wait_s

    def living(self, now_s: float) -> int:
        """How many sessions there are, each of which takes a licence."""
        self._expire(now_s)
        return len(self._kept) + len(self._started)

    def has_one(self, headers: Mapping[str, str], caller: str, now_s: float) -> bool:
        """Whether a call needs no new session: it brings one, or one waits for its caller."""
        if self.reuse == "use" and _cookie(headers.get("cookie", "")):
            return True
        return self._idle(caller, now_s) is not None

    def note(self, headers: Mapping[str, str], caller: str, now_s: float, until_s: float) -> None:
        """Have the call's session live until the call is over, and then as long as is usual."""
        is_pooled = self.reuse == "autouse"
        if self.reuse == "use" and (_cookie(headers.get("cookie", "")) or _starts(headers)):
            return
        idle = self._idle(caller, now_s)
        if idle is None:
            idle = Session(caller if is_pooled else "", until_s, until_s)
            self._started.append(idle)
        idle.busy_until_s = until_s
        idle.ends_s = until_s + (self.max_age_s if is_pooled else 0.0)

    def _idle(self, caller: str, now_s: float) -> Session | None:
        found = (one for one in self._started if one.caller == caller and one.caller)
        return next((one for one in found if one.busy_until_s <= now_s < one.ends_s), None)

    def _expire(self, now_s: float) -> None:
        self._kept = {key: at for key, at in self._kept.items() if now_s - at < self.max_age_s}
        self._started = [one for one in self._started if now_s < one.ends_s]

    def occupy(self, until_s: float) -> None:
        """Hold a session of the pool until a moment, in unix seconds."""
        if self.pool_size is not None:
            self._busy_until_s.append(until_s)


def _starts(headers: Mapping[str, str]) -> bool:
    return headers.get("ibsession", "").lower() == "start"


def _cookie(header: str) -> str:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")
