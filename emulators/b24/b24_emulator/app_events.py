"""Events of an application itself: installed, updated, paid, removed, tried out.

Source: b24restdocs: api-reference/common/events/on-app-*.md, api-reference/events/test-handler.md.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from b24_emulator import online
from b24_emulator.access import ADMINISTRATOR, Application
from b24_emulator.event_calls import in_brackets
from b24_emulator.offline import ONLINE, Binding

if TYPE_CHECKING:
    from b24_emulator.portal import Portal

LANGUAGE = {"LANGUAGE_ID": "ru"}


def receivers(portal: "Portal", client_id: str, event: str) -> list[Binding]:
    """Who is told: the handlers that were bound, and the one in the application's own card.

    To be asked before an update or a removal takes the bindings away.
    """
    bound = [
        one
        for one in portal.offline.bindings
        if (one.client_id, one.event, one.event_type) == (client_id, event, ONLINE)
    ]
    card = portal.access.app_handler
    return bound + ([Binding(client_id, event, ONLINE, card)] if card else [])


def tell(
    portal: "Portal",
    application: Application,
    told: list[Binding],
    data: Mapping[str, object],
    user_id: str = ADMINISTRATOR,
) -> None:
    """Call the handlers; the calls bear the token of this installation, whatever comes after."""
    for binding in told:
        about = in_brackets({**data, **LANGUAGE})
        online.send(portal, binding, user_id, data=about, token=application.token)
