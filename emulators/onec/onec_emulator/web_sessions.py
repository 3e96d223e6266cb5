"""Sessions of web calls: reused by themselves, kept by the caller's cookie, or one per call.

The three modes, the headers and the answers 400 and 406 are documented (developer guide, 17.7).
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
class WebSessions:
    """The sessions of one publication.

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
    _kept: dict[str, float] = field(default_factory=dict)
    _busy_until_s: list[float] = field(default_factory=list)
    _given: int = 0

    def enter(self, headers: Mapping[str, str], now_s: float) -> str:
        """Find the session of a call; return the cookie to set, `""` for none.

        Raises:
            SessionUnknown: The cookie's session is finished or expired.
            NoSessionFree: As many sessions live as may.
        """
        if self.reuse != "use":
            return ""
        order, asked = headers.get("ibsession", "").lower(), _cookie(headers.get("cookie", ""))
        self._kept = {key: at for key, at in self._kept.items() if now_s - at < self.max_age_s}
        if asked:
            if asked not in self._kept:
                raise SessionUnknown(asked)
            self._kept[asked] = now_s
            if order == "finish":
                del self._kept[asked]
            return ""
        if order != "start":
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

    def occupy(self, until_s: float) -> None:
        """Hold a session of the pool until a moment, in unix seconds."""
        if self.pool_size is not None:
            self._busy_until_s.append(until_s)


def _cookie(header: str) -> str:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")
