"""Settings of one connection: values that are checked when they are made, and passed in."""

from dataclasses import dataclass, field

from sverka.settings.clients import (
    COMPANY_PRESET,
    FIELDS,
    INDIVIDUAL_PRESET,
    PERSON_PRESET,
    PRESETS,
    SHAPES,
    ClientSettings,
    Criterion,
    OnDeletion,
    Policy,
    Shape,
    Winner,
)
from sverka.settings.pace import Pace, RealtimeSettings
from sverka.settings.systems import Directions, InfobaseSettings, PortalSettings

__all__ = [
    "COMPANY_PRESET",
    "FIELDS",
    "INDIVIDUAL_PRESET",
    "PERSON_PRESET",
    "PRESETS",
    "SHAPES",
    "ClientSettings",
    "Criterion",
    "Directions",
    "InfobaseSettings",
    "OnDeletion",
    "Pace",
    "Policy",
    "PortalSettings",
    "RealtimeSettings",
    "Settings",
    "Shape",
    "Winner",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything one connection needs to know."""

    portal: PortalSettings
    infobase: InfobaseSettings
    clients: ClientSettings = field(default_factory=ClientSettings)
    pace: Pace = field(default_factory=Pace)
    realtime: RealtimeSettings = field(default_factory=RealtimeSettings)
    directions: Directions = field(default_factory=Directions)
