"""Keeps 1C and Bitrix24 in step: the sync core, to embed anywhere."""

from sverka.connection import AsyncConnection, Connection
from sverka.engine import Report
from sverka.errors import SettingsError, SverkaError, TryLater
from sverka.preview import Preview
from sverka.settings import (
    ClientSettings,
    Criterion,
    Directions,
    InfobaseSettings,
    Pace,
    Policy,
    PortalSettings,
    Settings,
    Shape,
    Winner,
)

__all__ = [
    "AsyncConnection",
    "ClientSettings",
    "Connection",
    "Criterion",
    "Directions",
    "InfobaseSettings",
    "Pace",
    "Policy",
    "PortalSettings",
    "Preview",
    "Report",
    "Settings",
    "SettingsError",
    "Shape",
    "SverkaError",
    "TryLater",
    "Winner",
]
