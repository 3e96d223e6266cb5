"""The '1C + CRM' application on a portal: installed, brought to a new version, installed anew.

An update removes the application's bindings (b24restdocs: api-reference/events/event-bind.md).
That an update leaves tokens and queued records, and that a removal ends both, is inferred.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from b24_emulator.access import STATUS, Application, hexes
from b24_emulator.app_events import receivers, tell
from b24_emulator.connection_key import key_of
from b24_emulator.event_names import INSTALLED, PAID, REMOVED, UPDATED
from b24_emulator.rules.tariffs import Block

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

TOKEN_BYTES = 16


def install(portal: "Portal") -> str:
    """Install for the administrator and return the connection key.

    Done again, it gives a new key of the same application; old keys stay good.
    """
    application = present(portal)
    refresh = portal.access.grant_refresh(application, portal.chances.secrets, portal.now_s)
    return key_of(
        {
            "client_endpoint": f"{portal.origin}/rest/",
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "refresh_token": refresh.text,
            "member_id": portal.access.member_id,
        }
    )


def update(portal: "Portal") -> int:
    """Put a new version in place: bindings are gone; returns the version."""
    application = present(portal)
    told = receivers(portal, application.client_id, UPDATED)
    _unbind(portal, application.client_id)
    newer = _keep(portal, replace(application, version=application.version + 1))
    tell(portal, newer, told, {"VERSION": newer.version, "PREVIOUS_VERSION": application.version})
    return newer.version


def remove(portal: "Portal", *, clean: bool) -> None:
    """Remove the application: bindings, queue, channels and tokens are gone.

    Args:
        clean: The user asked that its settings be wiped, too; that is told, and for it to do.
    """
    application = present(portal)
    told = receivers(portal, application.client_id, REMOVED)
    _unbind(portal, application.client_id)
    portal.offline.forget(application.client_id)
    portal.pull.drop(application.client_id)
    portal.access.revoke(application.client_id)
    _keep(portal, replace(application, is_installed=False))
    tell(portal, application, told, {"CLEAN": int(clean)})


def reinstall(portal: "Portal") -> str:
    """Remove and install again; returns the new key."""
    remove(portal, clean=False)
    return install(portal)


def pay(portal: "Portal", days: int) -> None:
    """Somebody pays for the application: it may be used again for so many days."""
    application = present(portal)
    if portal.block is Block.UNPAID:
        portal.block = Block.NONE
    data = {
        "CODE": application.code,
        "VERSION": application.version,
        "STATUS": STATUS,
        "PAYMENT_EXPIRED": "N",
        "DAYS": days,
    }
    tell(portal, application, receivers(portal, application.client_id, PAID), data)


def _known(portal: "Portal") -> Application | None:
    return next(iter(portal.access.applications.values()), None)


def present(portal: "Portal") -> Application:
    """The application, which is installed if it is not."""
    application = _known(portal)
    if application is None or not application.is_installed:
        application = _begun(portal, application)
    return application


def _begun(portal: "Portal", former: Application | None) -> Application:
    """A new installation of the application, with an application token of its own."""
    begun = _new(portal) if former is None else _again(portal, former)
    told = receivers(portal, begun.client_id, INSTALLED)
    tell(portal, begun, told, {"VERSION": begun.version, "ACTIVE": "Y", "INSTALLED": "Y"})
    return begun


def _again(portal: "Portal", former: Application) -> Application:
    return _keep(portal, replace(former, token=_token(portal), is_installed=True))


def _new(portal: "Portal") -> Application:
    secrets = portal.chances.secrets
    client_id = f"app.{hexes(secrets, 7)}.{secrets.randrange(10**7, 10**8)}"
    secret = hexes(secrets, 25)
    return _keep(
        portal, Application(client_id, secret, "sverka.onec_crm", "1", token=_token(portal))
    )


def _token(portal: "Portal") -> str:
    return hexes(portal.chances.events, TOKEN_BYTES)


def _keep(portal: "Portal", application: Application) -> Application:
    portal.access.applications[application.client_id] = application
    return application


def _unbind(portal: "Portal", client_id: str) -> None:
    """Calls that are on their way to the old handlers are lost too (inferred)."""
    portal.offline.unbind(client_id)
    portal.online.drop(client_id)
