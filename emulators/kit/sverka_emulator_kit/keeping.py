"""A system's state in a directory: what changed is written down before the lock is let go.

So no answer leaves before its change is kept. A process that is killed loses what it did not
answer yet; a machine that loses power may lose its last moments too, never the file.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.state import Shelf, whole
from sverka_emulator_kit.system import System

FILE_NAME = "state.sqlite"
FORMAT = 1
TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE rest (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    "CREATE TABLE kept (place INTEGER PRIMARY KEY, shelf TEXT NOT NULL, key TEXT NOT NULL,"
    " value BLOB NOT NULL, UNIQUE (shelf, key))",
)
PUT = (
    "INSERT INTO kept (shelf, key, value) VALUES (?, ?, ?)"
    " ON CONFLICT (shelf, key) DO UPDATE SET value = excluded.value"
)
PUT_REST = "INSERT INTO rest VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
CLOCK = "clock shift"
ABSENT = object()


class DirectoryUnusable(ValueError):
    """A directory cannot hold this system's state; the message names the file and the remedy."""


class Keeper:
    """The state of one system in the file `state.sqlite` of a directory, for one process at a time.

    Attributes:
        is_new: Nothing is kept there yet; the first `save` begins with what the system holds.

    Raises:
        DirectoryUnusable: The file is another process's, another system's, of another version of
            the emulator, or damaged; nothing is changed then.
    """

    def __init__(self, directory: Path, system: System) -> None:
        self.file = directory / FILE_NAME
        self._system = system
        self._shelves: dict[str, dict[Any, object]] = {}  # Any: numbers or texts
        self._rest: dict[str, bytes] = {}
        self._kept = self._opened(directory)
        try:
            with self._readable():
                self.is_new = not self._kept.execute("SELECT * FROM sqlite_master").fetchone()
                if not self.is_new:
                    self._check()
                    self._load()
        except BaseException:
            self._kept.close()
            raise

    def _opened(self, directory: Path) -> sqlite3.Connection:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(
                self.file, timeout=0, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.OperationalError) as error:
            raise DirectoryUnusable(
                f"{directory} cannot hold the state: {error}. Give --data a directory to write to."
            ) from error
        try:
            # Held as long as the connection lives; a killed process lets it go.
            for words in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
                opened.execute(f"PRAGMA {words}")
            opened.execute("BEGIN EXCLUSIVE")
            opened.execute("COMMIT")
        except sqlite3.OperationalError as error:
            opened.close()
            raise DirectoryUnusable(
                f"{self.file} is in use ({error}). Stop the other emulator, or give another --data."
            ) from error
        except sqlite3.DatabaseError as error:
            opened.close()
            raise self._damaged(error) from error
        return opened

    def _about(self) -> dict[str, str]:
        system = self._system
        return {"system": system.name, "layout": system.layout, "format": str(FORMAT)}

    def _check(self) -> None:
        found, asked = dict(self._kept.execute("SELECT * FROM about")), self._about()
        if found.get("system") != asked["system"]:
            raise DirectoryUnusable(
                f"{self.file} holds the state of {found.get('system')!r}, not of "
                f"{asked['system']!r}. Give another --data, or start that system."
            )
        if found != asked:
            raise DirectoryUnusable(
                f"{self.file} was kept by another version of the emulator or of the configuration"
                f" ({found.get('layout')}, not {asked['layout']}). Start that one, or give another"
                " --data."
            )
        if (said := self._kept.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise self._damaged(said)

    def _load(self) -> None:
        rest = {name: orjson.loads(text) for name, text in self._kept.execute("SELECT * FROM rest")}
        shift_s = rest.pop(CLOCK)
        shelves: dict[str, dict[str, object]] = {}
        for shelf, key, value in self._kept.execute(
            "SELECT shelf, key, value FROM kept ORDER BY place"
        ):
            shelves.setdefault(shelf, {})[key] = orjson.loads(value)
        if isinstance(self._system.clock, WallClock):
            self._system.clock.shift_s = shift_s
        self._system.restore(orjson.dumps(whole(rest, shelves)))
        # What the file holds, each value as an object that is in no system.
        self._shelves = {name: dict(shelf) for name, shelf in shelves.items()}
        self._align()

    def _align(self) -> None:
        """Take the system's own objects for those that were read: they were made of them."""
        live = self._system.shelves()
        for name, shelf in self._shelves.items():
            by_text = {str(key): key for key in live.get(name, {})}
            self._shelves[name] = {
                by_text.get(key, key): live[name][by_text[key]] if key in by_text else value
                for key, value in shelf.items()
            }

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except DirectoryUnusable:
            raise
        except (sqlite3.DatabaseError, ValueError, LookupError, TypeError) as error:
            raise self._damaged(error) from error

    def _damaged(self, why: object) -> DirectoryUnusable:
        return DirectoryUnusable(
            f"{self.file} is damaged or no state of an emulator: {why}. Put back a copy, or give"
            " another --data."
        )

    def save(self) -> None:
        """Write down what changed since the last time, in one transaction.

        A value is taken as unchanged while it is the same object.
        """
        rest, live = self._remainder(), self._system.shelves()
        changed = {n: changes(self._shelves.get(n, {}), shelf) for n, shelf in live.items()}
        lost = [name for name in self._shelves if name not in live]
        self._kept.execute("BEGIN")
        try:
            if self.is_new:
                self._begin()
            self._kept.executemany("DELETE FROM kept WHERE shelf = ?", [(name,) for name in lost])
            for name, (put, gone) in changed.items():
                self._kept.executemany(
                    "DELETE FROM kept WHERE shelf = ? AND key = ?",
                    [(name, str(key)) for key in gone],
                )
                self._kept.executemany(
                    PUT,
                    [
                        (name, str(key), orjson.dumps(value, default=dict))
                        for key, value in put.items()
                    ],
                )
            fresh = [pair for pair in rest.items() if self._rest.get(pair[0]) != pair[1]]
            self._kept.executemany(PUT_REST, fresh)
            self._kept.execute("COMMIT")
        except BaseException:
            self._kept.execute("ROLLBACK")
            raise
        self.is_new, self._rest = False, rest
        for name in lost:
            del self._shelves[name]
        for name, (put, gone) in changed.items():
            shelf = self._shelves.setdefault(name, {})
            for key in gone:
                del shelf[key]
            shelf.update(put)

    def _begin(self) -> None:
        for table in TABLES:
            self._kept.execute(table)
        self._kept.executemany("INSERT INTO about VALUES (?, ?)", self._about().items())

    def _remainder(self) -> dict[str, bytes]:
        clock = self._system.clock
        shift_s = clock.shift_s if isinstance(clock, WallClock) else 0.0
        rest = {**self._system.rest(), CLOCK: shift_s}
        option = orjson.OPT_NON_STR_KEYS
        return {name: orjson.dumps(part, option=option) for name, part in rest.items()}

    def close(self) -> None:
        self._kept.close()


def changes(was: Shelf, now: Shelf) -> tuple[dict[Any, object], list[Any]]:  # Any: keys
    """What stands in `now` as another object than in `was`, and the keys that are gone."""
    put = {key: value for key, value in now.items() if was.get(key, ABSENT) is not value}
    new = sum(key not in was for key in put)
    gone = [key for key in was if key not in now] if len(was) + new != len(now) else []
    return put, gone


class KeepingLock:
    """A lock that has the state written down each time it is let go.

    Args:
        keeper: None for a system whose state ends with its process.
    """

    def __init__(self, keeper: Keeper | None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._keeper = keeper

    def __enter__(self) -> bool:
        taken = self._lock.__enter__()
        self._depth += 1
        return taken

    def __exit__(self, *_: object) -> None:
        try:
            if self._depth == 1 and self._keeper is not None:
                self._keeper.save()
        finally:
            self._depth -= 1
            self._lock.release()


@contextmanager
def kept(
    system: System, directory: Path | None, begin: Callable[[], object] = lambda: None
) -> Iterator[KeepingLock]:
    """The lock of a system whose state is in `directory`; `begin` fills a new one.

    Raises:
        DirectoryUnusable: See `Keeper`.
    """
    keeper = Keeper(directory, system) if directory is not None else None
    try:
        if keeper is None or keeper.is_new:
            begin()
        if keeper is not None:
            keeper.save()
        yield KeepingLock(keeper)
    finally:
        if keeper is not None:
            keeper.close()
