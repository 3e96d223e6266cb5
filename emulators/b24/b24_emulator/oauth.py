"""The OAuth server's door: `/oauth/token/`, and `/rest/app.info` under the server's own name.

Source: b24restdocs: settings/oauth/*.md.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from b24_emulator import moments
from b24_emulator.access import STATUS, Application, Token
from b24_emulator.calls import Result
from b24_emulator.refusals import PortalRefusal
from b24_emulator.rules.tariffs import Block

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

Sent = Mapping[str, Any]  # Any: what the caller sent


def token_answer(portal: "Portal", params: Sent, origin: str) -> dict[str, object]:
    """Answer of the token endpoint to a refresh; there is no envelope around it.

    Args:
        origin: Under which the OAuth server was called: its own address, not the portal's.

    Raises:
        PortalRefusal: In the OAuth server's words; an unknown client is refused with HTTP 200.
    """
    if params.get("grant_type") != "refresh_token":
        raise PortalRefusal("invalid_request", "Grant type is missing or not supported")
    application = _application(portal, params)
    if not application.is_installed:
        raise PortalRefusal("NOT_INSTALLED", "Application not installed", 401)
    if portal.block is Block.UNPAID:
        raise PortalRefusal("PAYMENT_REQUIRED", "Payment required", 401)
    present = portal.access.refresh_tokens.get(str(params.get("refresh_token") or ""))
    if not params.get("refresh_token"):
        raise PortalRefusal("invalid_request", "The refresh token is missing")
    if present is None or present.client_id != application.client_id:
        raise PortalRefusal("invalid_grant", "Invalid refresh token")
    if present.expires_s <= portal.now_s:
        raise PortalRefusal("invalid_grant", "The refresh token has expired")
    return _granted(portal, application, present, origin)


def app_info(portal: "Portal", params: Sent) -> Result:
    """Prove that a token is real: whose it is, and where the application is installed.

    Source of the shape: observed: b24pysdk: PY/schemas/api.py.
    """
    caller = portal.access.by_token(str(params.get("auth") or ""), portal.now_s)
    token = portal.access.access_tokens[str(params["auth"])]
    application = portal.access.applications[caller.client_id]
    scope, client = ",".join(application.scopes), f"{portal.origin}/rest/"
    install = {
        "installed": True,
        "version": application.version,
        "status": STATUS,
        "scope": scope,
        # Without a port, which real portals lack: the SDK compares it with a bare host name.
        "domain": urlsplit(portal.origin).hostname,
        "uri": "",
        "client_endpoint": client,
        "member_id": portal.access.member_id,
        "member_type": "PORTAL",
    }
    return Result(
        {
            "client_id": application.client_id,
            "scope": scope,
            "expires": moments.written(token.expires_s),
            "install": install,
            "user_id": int(caller.user_id),
        }
    )


def _application(portal: "Portal", params: Sent) -> Application:
    application = portal.access.applications.get(str(params.get("client_id") or ""))
    if application is None:
        # The body has `error` only (observed: b24pysdk: PY/errors/oauth.py).
        raise PortalRefusal("wrong_client", "", 200)
    if application.client_secret != params.get("client_secret"):
        raise PortalRefusal("invalid_client", "Invalid client credentials")
    return application


def _granted(
    portal: "Portal", application: Application, present: Token, origin: str
) -> dict[str, object]:
    secrets = portal.chances.secrets
    expires_s = portal.now_s + portal.token_life_s
    access = portal.access.grant_access(application, secrets, expires_s)
    refresh = portal.access.grant_refresh(application, secrets, portal.now_s)
    if not portal.switches.old_refresh_token_lives:
        del portal.access.refresh_tokens[present.text]
    return {
        "access_token": access.text,
        "expires": int(expires_s),
        "expires_in": int(portal.token_life_s),
        "scope": ",".join(application.scopes),
        # The OAuth server's host, not the portal's.
        "domain": urlsplit(origin).netloc,
        "server_endpoint": f"{origin}/rest/",
        "status": STATUS,
        "client_endpoint": f"{portal.origin}/rest/",
        "member_id": portal.access.member_id,
        "user_id": int(application.user_id),
        "refresh_token": refresh.text,
    }
