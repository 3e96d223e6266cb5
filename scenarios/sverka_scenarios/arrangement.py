"""How a world is set up, and what settings the exchange gets from that."""

from dataclasses import dataclass

from b24_emulator.rules.limits import LIMITS
from sverka.settings import (
    PRESETS,
    ClientSettings,
    Criterion,
    Directions,
    InfobaseSettings,
    Pace,
    Policy,
    PortalSettings,
    RealtimeSettings,
    Settings,
    Winner,
)

LIMITLESS = (100_000, 1_000.0)
"""How hard a portal without limits may be pressed: calls at once, calls a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a world is set up.

    Attributes:
        configuration: Of the base: `unf` or `bp30`.
        limits: Profile of the portal's rate limits.
        told_limits: The profile that the settings tell the exchange to keep.
        tariff: Of the portal; `standard` sets no events aside until they are confirmed.
        connector: The tariff lets an application mark its own writes, if it does so at all.
        through: `direct`, `flask` or `sockets`.
        await_portal: In realtime the exchange waits for the portal's word.
    """

    seed: int = 1
    configuration: str = "unf"
    limits: str = "50-2-100"
    told_limits: str = "50-2-100"
    policy: str = "strict"
    winner: str = "infobase"
    criteria: tuple[str, ...] = ()
    tariff: str = "professional"
    connector: bool = True
    through: str = "direct"
    portion: int = 500
    batch: int = 50
    presets: dict[str, str] | None = None
    to_infobase: bool = True
    to_portal: bool = True
    await_portal: bool = False


def settings_of(
    arrangement: Arrangement, portal: PortalSettings, infobase: InfobaseSettings
) -> Settings:
    """The settings of an exchange between these two."""
    a = arrangement
    return Settings(
        portal=portal,
        infobase=infobase,
        clients=ClientSettings(
            criteria=tuple(Criterion(by) for by in a.criteria),
            policy=Policy(a.policy),
            presets=PRESETS if a.presets is None else a.presets,
            winner=Winner(a.winner),
        ),
        pace=_pace(a),
        directions=Directions(to_infobase=a.to_infobase, to_portal=a.to_portal),
        realtime=RealtimeSettings(await_portal=a.await_portal),
    )


def _pace(arrangement: Arrangement) -> Pace:
    told = LIMITS[arrangement.told_limits]
    threshold, drain_per_s = (
        LIMITLESS if told.threshold is None else (told.threshold, told.drain_per_s)
    )
    return Pace(
        portion=arrangement.portion,
        batch=arrangement.batch,
        threshold=threshold,
        drain_per_s=drain_per_s,
        operating_s=told.operating_s or 0.0,
    )
