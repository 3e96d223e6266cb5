"""The one table of methods. What has no row answers 'method not found', as the portal does."""

from b24_emulator.methods import events, links, records, statuses, system, users
from b24_emulator.methods.row import Method

GROUPS = (system, users, statuses, records, links, events)

METHODS: dict[str, Method] = {row.name: row for group in GROUPS for row in group.ROWS}
