"""Who is in the base: people's windows, jobs that run in it, exclusive mode.

Each window, and each session of a call, takes a licence where their number is limited; a job takes
none.

A file base runs one background job at a time, and only while a client's window lives, which
carries it; a further job needs a window of its own. A cluster runs all of them by itself. The
rules are those of the platform's documentation of file bases; that a window carries one job, and
how long a silent job counts as running, is ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sverka_emulator_kit.clock import VirtualClock

LEASE_S = 30.0
"""A job that gives no sign of life for so long has died with its process."""


class JobRefused(ValueError):
    """The base does not run this job now; the message says why and what would help."""


class NoLicence(ValueError):
    """A session beyond the number of licences: the platform's own words say so."""

    def __init__(self, licences: int) -> None:
        super().__init__(
            f"{NO_LICENCE} Лицензий: {licences}, все заняты сеансами."
            " Закройте сеанс или добавьте лицензии: set_licences."
        )


@dataclass(slots=True)
class Job:
    """One job that runs.

    Attributes:
        carrier: The client session that carries it, `""` for a cluster's own.
        is_background: Whether it holds the slot of background jobs.
        until_s: When it ends by itself; None if it must give signs of life.
    """

    key: str
    name: str
    carrier: str
    is_background: bool
    beat_at_s: float
    until_s: float | None = None

    def lives(self, now_s: float) -> bool:
        if self.until_s is not None:
            return now_s < self.until_s
        return now_s - self.beat_at_s <= LEASE_S


@dataclass(slots=True)
class Sessions:
    """Windows, jobs and exclusive mode of one base.

    Attributes:
        mode: `server` or `file`.
        clients: Whose window each client session is.
        exclusive: What clients are told while the base is locked, `""` while it is open.
        exclusive_until_s: Moment at which the lock goes by itself, None if a person ends it.
        licences: How many sessions may live, None without a limit.
        called: How many sessions of calls live.
    """

    mode: str
    clock: VirtualClock
    clients: dict[str, str] = field(default_factory=dict)
    exclusive: str = ""
    exclusive_until_s: float | None = None
    licences: int | None = None
    called: Callable[[], int] = lambda: 0
    _jobs: dict[str, Job] = field(default_factory=dict)
    _given: int = 0

    def taken(self) -> int:
        """How many licences the sessions that live have taken."""
        return len(self.clients) + self.called()

    def check_licence(self) -> None:
        """Let nobody begin a session for whom no licence is free.

        Raises:
            NoLicence: All of them are taken.
        """
        if self.licences is not None and self.taken() >= self.licences:
            raise NoLicence(self.licences)

    def open_client(self, user: str) -> str:
        """Open a window and return its session.

        Raises:
            NoLicence: All licences are taken.
        """
        self.check_licence()
        session = self._key("client")
        self.clients[session] = user
        return session

    def close_client(self, session: str) -> str:
        """Close a window; the job that it carries ends with it.

        Raises:
            LookupError: No such window is open.
        """
        if session not in self.clients:
            known = ", ".join(self.clients) or "none"
            raise LookupError(f"Client session {session!r} is not open. Open are: {known}.")
        del self.clients[session]
        self._jobs = {key: job for key, job in self._jobs.items() if job.carrier != session}
        return session

    def lock(self, text: str, for_s: float | None = None) -> None:
        """Enter exclusive mode; whoever calls from outside is told `text`."""
        self.exclusive = text
        self.exclusive_until_s = None if for_s is None else self.clock.now_s() + for_s

    def unlock(self) -> None:
        self.exclusive, self.exclusive_until_s = "", None

    def locked(self) -> str:
        """What a caller is told, `""` if the base is open."""
        if self.exclusive_until_s is not None and self.clock.now_s() >= self.exclusive_until_s:
            self.unlock()
        return self.exclusive

    def runs_jobs(self) -> bool:
        """Whether the base's own scheduled jobs are run."""
        return self.mode == "server" or bool(self.clients)

    def jobs(self) -> list[Job]:
        """Those that run: a job that fell silent is none."""
        now_s = self.clock.now_s()
        self._jobs = {key: job for key, job in self._jobs.items() if job.lives(now_s)}
        return list(self._jobs.values())

    def start(self, name: str, session: str = "", for_s: float | None = None) -> Job:
        """Start a job: in the window `session`, or in the background.

        Args:
            for_s: How long it runs by itself, None if it gives signs of life.

        Raises:
            JobRefused: The slot is taken, or no window is free to carry it.
        """
        carrier = session if session or self.mode == "server" else self._free_client(name)
        if session and session not in self.clients:
            raise JobRefused(f"Сеанс клиента {session} не открыт. Откройте его.")
        if session and any(job.carrier == session for job in self.jobs()):
            raise JobRefused(f"Сеанс клиента {session} уже выполняет задание.")
        now_s = self.clock.now_s()
        until_s = None if for_s is None else now_s + for_s
        job = Job(self._key("job"), name, carrier, not session, now_s, until_s)
        self._jobs[job.key] = job
        return job

    def beat(self, key: str) -> Job | None:
        """Note a sign of life; None if the job runs no longer."""
        self.jobs()
        job = self._jobs.get(key)
        if job is not None:
            job.beat_at_s = self.clock.now_s()
        return job

    def stop(self, key: str) -> bool:
        """End a job; False if it did not run."""
        return self._jobs.pop(key, None) is not None

    def _free_client(self, name: str) -> str:
        """The window that shall carry a background job of a file base."""
        if not self.clients:
            raise JobRefused(
                f"Задание {name} не запущено: файловая база выполняет задания, только пока"
                " открыт сеанс клиента."
            )
        jobs = self.jobs()
        if any(job.is_background for job in jobs):
            raise JobRefused(
                f"Задание {name} не запущено: файловая база выполняет одно фоновое задание."
                " Запустите его в отдельном сеансе клиента."
            )
        busy = {job.carrier for job in jobs}
        free = [session for session in self.clients if session not in busy]
        if not free:
            raise JobRefused(f"Задание {name} не запущено: все сеансы клиентов заняты.")
        return free[0]

    def _key(self, kind: str) -> str:
        self._given += 1
        return f"{kind}-{self._given}"


Params = Mapping[str, Any]  # Any: JSON values from a test or the control plane


def _lock(sessions: Sessions, params: Params, user: str) -> str:
    sessions.lock(str(params.get("text") or LOCKED), params.get("for_s"))
    return ""


def _unlock(sessions: Sessions, params: Params, user: str) -> str:
    sessions.unlock()
    return ""


def _start_job(sessions: Sessions, params: Params, user: str) -> str:
    """Start a job of the base's own, `for_s` seconds long: another one's place is taken by it."""
    for_s = float(params.get("for_s", HOUR_S))
    return sessions.start(str(params["name"]), str(params.get("session") or ""), for_s).key


def _stop_job(sessions: Sessions, params: Params, user: str) -> str:
    key = str(params["job"])
    if not sessions.stop(key):
        known = ", ".join(job.key for job in sessions.jobs()) or "none"
        raise LookupError(f"Job {key!r} does not run. These do: {known}.")
    return key


HOUR_S = 3600.0


def _set_licences(sessions: Sessions, params: Params, user: str) -> str:
    """Limit the number of licences, or with `null` lift the limit; sessions that live go on."""
    sessions.licences = checked_licences(params.get("count"))
    return ""


def checked_licences(count: object) -> int | None:
    """A number of licences.

    Raises:
        ValueError: It is neither a whole number from 0 nor None.
    """
    if count is None or (isinstance(count, int) and not isinstance(count, bool) and count >= 0):
        return count
    raise ValueError(f"licences are {count!r}. Give a whole number from 0, or null for no limit.")


NO_LICENCE = "Не обнаружено свободной лицензии!"
LOCKED = "Начало сеанса с информационной базой запрещено."
DEEDS: Mapping[str, Callable[[Sessions, Params, str], str]] = {
    "open_client": lambda sessions, params, user: sessions.open_client(user),
    "close_client": lambda sessions, params, user: sessions.close_client(str(params["session"])),
    "begin_exclusive": _lock,
    "end_exclusive": _unlock,
    "set_licences": _set_licences,
    "start_job": _start_job,
    "stop_job": _stop_job,
}
"""What people do with the base as a whole; each returns the session concerned, or nothing."""
