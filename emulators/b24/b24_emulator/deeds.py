"""What is done to a portal that no REST method does: the control plane's own acts, by name."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from b24_emulator import automation, pull
from b24_emulator.rules.tariffs import TARIFFS, Block

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


def _tariff(portal: "Portal", params: Params) -> object:
    """Change the tariff, `{"name": "basic"}`; any feature beside the name differs from it."""
    changes = {name: value for name, value in params.items() if name != "name"}
    named = TARIFFS[params["name"]] if "name" in params else portal.tariff
    portal.tariff = replace(named, **changes)
    return asdict(portal.tariff)


def _block(portal: "Portal", params: Params) -> object:
    """Close the portal to programs, `{"why": "unpaid"}` or `overload`; `""` opens it again."""
    portal.block = Block(params["why"])
    return portal.block


def _rename(portal: "Portal", params: Params) -> object:
    """Give the portal another address, `{"origin": "https://new.example"}`."""
    portal.rename(str(params["origin"]))
    return portal.origin


def _switches(portal: "Portal", params: Params) -> object:
    """Choose disputed behaviours, `{"scope_status": 403}`; those not named stay."""
    present = asdict(portal.switches)
    for name, value in params.items():
        if name not in present:
            raise LookupError(f"No switch {name!r}. There are: {', '.join(present)}.")
        if type(value) is not (list if isinstance(present[name], tuple) else type(present[name])):
            raise TypeError(f"Switch {name!r} is {present[name]!r} now and cannot be {value!r}.")
    # Any: each switch has a type of its own, and was held against it above.
    values: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in params.items()
    }
    portal.switches = replace(portal.switches, **values)
    return asdict(portal.switches)


def _update_app(portal: "Portal", params: Params) -> object:
    return portal.update_app()


def _reinstall_app(portal: "Portal", params: Params) -> object:
    return portal.reinstall_app()


def _pull(portal: "Portal", params: Params) -> object:
    """Set the Push & Pull server up or take it away, `{"on": false}`.

    With `{"tell": "server_restart"}` or `config_expire` all who listen are told that.
    """
    if "on" in params:
        pull.switch(portal, is_on=bool(params["on"]))
    if "tell" in params:
        pull.tell_all(portal, str(params["tell"]))
    return {"on": portal.pull.is_on}


def _pushes(portal: "Portal", params: Params) -> object:
    """The notes for telephones, the oldest first."""
    return list(portal.pull.pushes)


DEEDS: Mapping[str, Callable[["Portal", Params], object]] = {
    "portal.costs": _costs,
    "portal.deliveries": _deliveries,
    "portal.tariff": _tariff,
    "portal.block": _block,
    "portal.rename": _rename,
    "portal.switches": _switches,
    "portal.pull": _pull,
    "portal.pushes": _pushes,
    "portal.robot": automation.set_robot,
    "portal.demand": automation.set_demand,
    "portal.stock": automation.set_stock,
    "portal.update_app": _update_app,
    "portal.reinstall_app": _reinstall_app,
}
