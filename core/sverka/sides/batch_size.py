"""How many commands go into one batch: the portal cuts a call off after a minute."""

from dataclasses import dataclass

GROWTH = 5
"""Commands that a batch is larger by after one that was answered in time."""


@dataclass(slots=True)
class BatchSize:
    """Half as many after a batch that took too long, and more again after each that did not.

    Attributes:
        largest: As many as the settings allow.
    """

    largest: int
    _withheld: int = 0

    @property
    def commands(self) -> int:
        return self.largest - self._withheld

    def too_long(self, commands: int) -> None:
        """A batch of so many commands was not answered in time."""
        self._withheld = self.largest - max(min(self.commands, commands // 2), 1)

    def in_time(self) -> None:
        self._withheld = max(self._withheld - GROWTH, 0)
