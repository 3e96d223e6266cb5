"""The one table of methods. What has no row answers 'method not found', as the portal does."""

from b24_emulator.methods import (
    addresses,
    catalogue,
    categories,
    currencies,
    deal_categories,
    duplicates,
    enums,
    events,
    field_configs,
    items,
    links,
    old_catalogue,
    product_rows,
    products,
    records,
    stage_history,
    statuses,
    system,
    types,
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
    deal_categories,
    product_rows,
    stage_history,
    catalogue,
    products,
    old_catalogue,
    types,
    field_configs,
    currencies,
    events,
)

METHODS: dict[str, Method] = {row.name: row for group in GROUPS for row in group.ROWS}
