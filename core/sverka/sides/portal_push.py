"""Waiting for the portal's word of a change, by long polling.

Source: b24restdocs: settings/interactivity/custom-push-and-pull-client.md.
"""

from sverka.asks import Flow, Request, calls, draw, sleep
from sverka.records import SideName
from sverka.sides.portal_calls import PortalCalls
from sverka.sides.side import Word
from sverka.wire.b24 import Command, Result
from sverka.wire.b24_push import Ear, decode_answer, decode_config

HELD_S = 75.0
"""The server answers within about a minute."""
AWAY_LEAST_S, AWAY_MORE_S = 10.0, 110.0
NO_KEY = "a webhook has no channel of its own, a connection key has"
NO_PLACE = "the portal names no address for long polling"


class PortalPush:
    """Listens to the application's channels at the portal's push server."""

    def __init__(self, portal: PortalCalls) -> None:
        self._calls = portal
        self._ear: Ear | None = None
        self._is_dismissed = False

    def word(self) -> Flow[Word]:
        """The next word. Where to listen is asked for in a turn of its own.

        What happens before the first answer may go unheard, so until then nothing is sure;
        after it each call names the last message that we have, and none is missed.
        """
        if self._ear is None:
            return (yield from self._find())
        request = Request(
            side=SideName.PORTAL,
            name="pull.listen",
            verb="GET",
            url=self._ear.url,
            timeout_s=HELD_S,
            waits=True,
        )
        (answer,) = yield from calls([request])
        heard = decode_answer(self._ear, answer)
        self._ear, self._is_dismissed = heard.ear, not heard.ear and not heard.trouble
        return Word(heard.is_news, is_sure=heard.ear is not None, trouble=heard.trouble)

    def _find(self) -> Flow[Word]:
        if not self._calls.is_application:
            return Word(trouble=NO_KEY)
        if self._is_dismissed:
            # All that listen are sent away at once: they come back one by one.
            yield from sleep(AWAY_LEAST_S + AWAY_MORE_S * (yield from draw()))
        command = Command("pull.application.config.get")
        reply = (yield from self._calls.send([command], safe=True))[0]
        if not isinstance(reply, Result):
            return Word(trouble=str(reply))
        self._ear = decode_config(reply.value)
        return Word(trouble="" if self._ear else NO_PLACE)
