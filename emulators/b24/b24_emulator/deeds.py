"""What is done to a portal that no REST method does: the control plane's own acts, by name."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Params = Mapping[str, Any]  # Any: JSON values from a test or the control plane


def _costs(portal: "Portal", params: Params) -> object:
    """Set how long commands take: `{"crm.company.add": [2, 3]}`; `{}` is back to the usual."""
    portal.costs.set(params)
    return dict(portal.costs.by_method)


def _deliveries(portal: "Portal", params: Params) -> object:
    """The calls to event handlers that left or were lost, the oldest first."""
    return [asdict(line) for line in portal.online.sent]


DEEDS: Mapping[str, Callable[["Portal", Params], object]] = {
    "portal.costs": _costs,
    "portal.deliveries": _deliveries,
}
