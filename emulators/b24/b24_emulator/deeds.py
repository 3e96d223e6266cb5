"""What is done to a portal that no REST method does: the control plane's own acts, by name."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from b24_emulator import automation, installation, php, pull, rights
from b24_emulator.access import SCOPES, OutgoingWebhook, Webhook, hexes
from b24_emulator.event_names import is_event
from b24_emulator.methods import users
from b24_emulator.rules.tariffs import TARIFFS, Block

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

SECRET_BYTES = 8
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


def _app_handler(portal: "Portal", params: Params) -> object:
    """Enter in the application's card who is told of events of its own, `{"handler": URL}`."""
    portal.access.app_handler = str(params["handler"])
    return portal.access.app_handler


def _install_app(portal: "Portal", params: Params) -> object:
    return portal.install_app()


def _remove_app(portal: "Portal", params: Params) -> object:
    """Remove the application; with `{"clean": true}` the user wants its settings wiped."""
    installation.remove(portal, clean=bool(params.get("clean", False)))
    return True


def _pay_app(portal: "Portal", params: Params) -> object:
    """Pay for the application, `{"days": 28}`."""
    installation.pay(portal, int(params.get("days", 30)))
    return True


def _outgoing_webhook(portal: "Portal", params: Params) -> object:
    """Make an outgoing webhook, `{"handler": URL, "events": [...]}`; returns its token."""
    token = hexes(portal.chances.events, installation.TOKEN_BYTES)
    events = tuple(str(event).upper() for event in params["events"])
    if unknown := [event for event in events if not is_event(event)]:
        raise ValueError(f"{unknown} are no events of this portal. Give names that `events` lists.")
    number = portal.offline.number_of_handler()
    webhook = OutgoingWebhook(number, str(params["handler"]), events, token)
    portal.access.outgoing.append(webhook)
    return {"application_token": token}


def _user(portal: "Portal", params: Params) -> str:
    user = str(params["user"])
    if php.integer(user) not in portal.tables["user"].rows:
        raise LookupError(f"No user {user!r}. Add him first: user.add.")
    return user


def _webhook(portal: "Portal", params: Params) -> object:
    """Make an incoming webhook of a user, `{"user": 2, "scopes": ["crm"]}`; returns its path."""
    scopes = tuple(str(scope) for scope in params.get("scopes", SCOPES))
    secret = hexes(portal.chances.secrets, SECRET_BYTES)
    return portal.access.add_webhook(Webhook(_user(portal, params), secret, scopes)).path


def _token(portal: "Portal", params: Params) -> object:
    """Let a user open the application, `{"user": 2}`; returns the access token he gets."""
    user, application = _user(portal, params), installation.present(portal)
    expires_s = portal.now_s + portal.token_life_s
    return portal.access.grant_access(application, portal.chances.secrets, expires_s, user).text


def _slow_handler(portal: "Portal", params: Params) -> object:
    """Call a handler no oftener than that, `{"handler": URL, "every_s": 10}`; 0 ends it."""
    portal.online.paces_s[str(params["handler"])] = float(params["every_s"])
    return dict(portal.online.paces_s)


def _hidden_user(portal: "Portal", params: Params) -> object:
    """Let somebody in whom `user.get` does not show, `{"NAME": "Бот"}`; returns his number."""
    return users.enter_hidden(portal, params)


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
    "portal.rights": rights.set_rights,
    "portal.webhook": _webhook,
    "portal.token": _token,
    "portal.app_handler": _app_handler,
    "portal.install_app": _install_app,
    "portal.remove_app": _remove_app,
    "portal.pay_app": _pay_app,
    "portal.outgoing_webhook": _outgoing_webhook,
    "portal.slow_handler": _slow_handler,
    "portal.hidden_user": _hidden_user,
    "portal.update_app": _update_app,
    "portal.reinstall_app": _reinstall_app,
}
