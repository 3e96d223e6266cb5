"""A portal of 10,000 deals behind a server, for a process of its own.

`python served.py PORT` is waitress, as `serve` starts it; `granian served:app` is granian.
Its limits count and let all calls pass; a call takes no time of its own.
"""

import sys

import portals
from flask import Flask

from b24_emulator.access import Webhook
from b24_emulator.portal import Portal
from b24_emulator.rules.limits import LimitProfile
from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.door import build_app
from sverka_emulator_kit.serve import serve, until_stopped

DEALS = 10_000
HOOK = Webhook("1", "benchmark")
WIDE = LimitProfile(threshold=1_000_000, drain_per_s=1_000_000.0)


def app() -> Flask:
    portal = Portal(WallClock(), pace=0.0)
    portals.fill(portal, deal=DEALS)
    portal.limits = WIDE
    portal.webhook = portal.access.add_webhook(HOOK)
    return build_app(portal)


def main(port: int) -> None:
    with serve(app(), port=port):
        until_stopped()()


if __name__ == "__main__":
    main(int(sys.argv[1]))
