"""Named snapshots of one system, and what differs between two of them."""

from dataclasses import dataclass, field

from sverka_emulator_kit.system import Records, System, difference


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state: as bytes to restore, and as records to compare."""

    at_s: float
    state: bytes
    records: Records


@dataclass(slots=True)
class NamedStates:
    """The snapshots of one system by name, the oldest first."""

    system: System
    kept: dict[str, Snapshot] = field(default_factory=dict)

    def take(self, name: str = "") -> str:
        """Keep the present state; a snapshot without a name gets one."""
        system = self.system
        name = name or f"snapshot-{len(self.kept) + 1}"
        self.kept[name] = Snapshot(
            system.clock.now_s(), system.snapshot(), _copied(system.records())
        )
        return name

    def restore(self, name: str) -> None:
        self.system.restore(self._found(name).state)

    def difference(self, before: str, after: str = "") -> list[dict[str, object]]:
        """What changed from one snapshot to another, or to the present state.

        Raises:
            LookupError: There is no such snapshot; the message names those there are.
        """
        until = self._found(after).records if after else self.system.records()
        return difference(self._found(before).records, until)

    def _found(self, name: str) -> Snapshot:
        if name not in self.kept:
            raise LookupError(f"No snapshot {name!r}. There are: {sorted(self.kept)}.")
        return self.kept[name]


def _copied(records: Records) -> Records:
    return {
        entity: {key: dict(row) for key, row in rows.items()} for entity, rows in records.items()
    }
