"""What a call sends, and which of it is read: so that a misspelt name does not pass unseen."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sverka_emulator_kit.record import Miss

BESIDE = frozenset(("auth", "auth_connector", "sessid"))
"""What the request path reads, before any method."""


class Watched(Mapping[str, Any]):  # Any: what was sent
    """Parameters of one call that remember which names were asked for.

    Attributes:
        asked: Those names, sent or not: what else would have been read.
    """

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self._sent = sent
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self._sent[name]

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return self._sent.get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return name in self._sent

    def __iter__(self) -> Iterator[str]:
        self.asked.update(self._sent)
        return iter(self._sent)

    def __len__(self) -> int:
        return len(self._sent)

    def unread(self) -> list[Miss]:
        """Parameters that nobody asked for."""
        return unread("parameter", self._sent, self.asked, BESIDE)


def unread(
    place: str, sent: Iterable[str], known: Collection[str], besides: Collection[str] = ()
) -> list[Miss]:
    """Names of `sent` that are not among the known ones."""
    return [Miss(place, name, known) for name in sent if name not in known and name not in besides]
