"""The '1C + CRM' application on a portal: installed, brought to a new version, installed anew.

An update removes the application's bindings (b24restdocs: api-reference/events/event-bind.md).
That an update leaves tokens and queued records, and that a removal ends both, is inferred.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from b24_emulator.access import Application, hexes
from b24_emulator.connection_key import key_of

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

TOKEN_BYTES = 16


def install(portal: "Portal") -> str:
    """Install for the administrator and return the connection key.

    Done again, it gives a new key of the same application; old keys stay good.
    """
    application = _installed(portal) or _new(portal)
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
    application = _installed(portal) or _new(portal)
    _unbind(portal, application.client_id)
    _keep(portal, replace(application, version=application.version + 1))
    return application.version + 1


def reinstall(portal: "Portal") -> str:
    """Remove and install again: bindings, queue and tokens are gone; returns the new key."""
    application = _installed(portal) or _new(portal)
    _unbind(portal, application.client_id)
    portal.offline.forget(application.client_id)
    portal.pull.drop(application.client_id)
    portal.access.revoke(application.client_id)
    _keep(portal, replace(application, token=_token(portal)))
    return install(portal)


def _installed(portal: "Portal") -> Application | None:
    return next(iter(portal.access.applications.values()), None)


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
