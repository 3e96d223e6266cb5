"""Who may come to the control plane and the console: programs and pages of this machine only."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

LOOPBACK = {"127.0.0.1", "::1"}


def barred() -> str:
    """Why the present request may not come here, `""` if it may."""
    if request.remote_addr not in LOOPBACK:
        return f"The control plane answers loopback only, not {request.remote_addr}."
    # Whoever owns a name may have it lead here, and then his page is one of our own origin.
    host = request.headers.get("Host", "localhost")
    if not is_local(host):
        return f"Host {host!r} is not this machine. Call http://127.0.0.1 or http://localhost."
    origin = request.headers.get("Origin", "")
    if origin and origin != request.host_url.rstrip("/"):
        return f"Origin {origin} is foreign. Call without it."
    return ""


def is_local(host: str) -> bool:
    """Whether a host with its port, `localhost:8024`, names this machine and cannot another."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
        # RFC 6761: names below localhost lead to loopback, whoever resolves them.
        return f".{name}".endswith(".localhost") or ip_address(name).is_loopback
    except ValueError:
        return False
