"""The one table of methods. What has no row answers 'method not found', as the portal does."""

from b24_emulator.methods import (
    addresses,
    categories,
    duplicates,
    enums,
    events,
    items,
    links,
    records,
    statuses,
    system,
    userfields,
    users,
)
from b24_emulator.methods.row import Method

GROUPS = (
    system,
    users,
    statuses,
    enums,
    records,
    addresses,
    links,
    duplicates,
    userfields,
    items,
    categories,
    events,
)

METHODS: dict[str, Method] = {row.name: row for group in GROUPS for row in group.ROWS}
