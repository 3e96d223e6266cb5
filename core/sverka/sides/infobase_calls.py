"""Calling the infobase: OData in JSON, its change feed in Atom, and what its answers mean."""

from collections.abc import Mapping, Sequence

from sverka.asks import Flow, Request, Response
from sverka.errors import AccessRefused, ProtocolSurprise
from sverka.records import SideName
from sverka.settings import Settings
from sverka.sides.delivery import Again, Delivery, Doubt
from sverka.wire import atom, odata
from sverka.wire.odata import Json, OdataError

Answer = Json | OdataError | Doubt


class InfobaseCalls:
    """Speaks to one publication."""

    def __init__(self, settings: Settings) -> None:
        own = settings.infobase
        self._plan = own.plan
        self._root = own.url.rstrip("/") + "/odata/standard.odata"
        self._headers = {
            "Authorization": odata.basic_auth(own.user, own.password),
            "Accept": "application/json",
        }
        self._json: Delivery[Json | OdataError] = Delivery(_read_json, settings.pace)
        self._atom: Delivery[list[atom.Registered] | OdataError] = Delivery(
            _read_feed, settings.pace
        )
        self._done: Delivery[Json | OdataError] = Delivery(_read_done, settings.pace)

    def ask(self, path: str) -> Flow[Json]:
        """One reading call.

        Raises:
            AccessRefused: The base does not let us in.
            ProtocolSurprise: It refused the call for another reason.
        """
        reply = (yield from self.send([self.get(path)]))[0]
        if isinstance(reply, OdataError | Doubt):
            raise surprise(f"GET {path}", reply)
        return reply

    def ask_rows(self, requests: Sequence[Request]) -> Flow[list[Json]]:
        """Rows of all these reading calls; a single entity that is not there gives none."""
        rows: list[Json] = []
        for request, reply in zip(requests, (yield from self.send(requests)), strict=True):
            if isinstance(reply, OdataError) and reply.code == odata.NOT_FOUND:
                continue
            if isinstance(reply, OdataError | Doubt):
                raise surprise(request.name, reply)
            rows += reply.get("value", [reply])
        return rows

    def send(self, requests: Sequence[Request]) -> Flow[list[Answer]]:
        return (yield from self._json.deliver(requests))

    def carry_out(self, requests: Sequence[Request]) -> Flow[list[Answer]]:
        """Writes of which only the success counts."""
        return (yield from self._done.deliver(requests))

    def select_changes(self, node: str, number: int) -> Flow[list[atom.Registered]]:
        reply = (yield from self._atom.deliver([self._exchange("SelectChanges", node, number)]))[0]
        if isinstance(reply, OdataError | Doubt):
            raise surprise("SelectChanges", reply)
        return reply

    def notify_received(self, node: str, number: int) -> Flow[None]:
        request = self._exchange("NotifyChangesReceived", node, number)
        reply = (yield from self._done.deliver([request]))[0]
        if isinstance(reply, OdataError | Doubt):
            raise surprise("NotifyChangesReceived", reply)

    def _exchange(self, function: str, node: str, number: int) -> Request:
        # Selecting or confirming the same number again changes nothing more.
        return Request(
            side=SideName.INFOBASE,
            name=f"POST {function}",
            verb="POST",
            url=odata.exchange_url(self._root, function, self._plan, node, number),
            headers={**self._headers, "Accept": "application/atom+xml,application/xml"},
        )

    def get(self, path: str, options: Mapping[str, str] | None = None) -> Request:
        return Request(
            side=SideName.INFOBASE,
            name=f"GET {path.partition('(')[0]}",
            verb="GET",
            url=odata.resource_url(self._root, path, options),
            headers=self._headers,
        )

    def write(self, verb: str, path: str, properties: Mapping[str, Json]) -> Request:
        return Request(
            side=SideName.INFOBASE,
            name=f"{verb} {path.partition('(')[0]}",
            verb=verb,
            url=odata.resource_url(self._root, path),
            headers={**self._headers, "Content-Type": "application/json"},
            body=odata.encode_entity(properties),
            safe=False,
        )


def _read_json(request: Request, response: Response) -> Json | OdataError | Again:
    reply = odata.decode_json(response.status, response.body)
    if response.status == 401 and not _rights_error(reply):
        return OdataError(401, "401", "login or password is not accepted")
    if reply is None:
        return Again(f"HTTP {response.status} with a body that is no JSON of 1C's")
    if isinstance(reply, OdataError) and reply.status in {403, 406, 503}:
        # Locked, in exclusive mode or without a free session: 1C did nothing.
        return Again(str(reply), untouched=True)
    return reply


def _read_feed(request: Request, response: Response) -> list[atom.Registered] | OdataError | Again:
    if response.status == 200:
        feed = atom.decode_feed(response.body)
        return feed if feed is not None else Again("HTTP 200 with a body that is no whole feed")
    reply = _read_json(request, response)
    if isinstance(reply, OdataError | Again):
        return reply
    return Again(f"HTTP {response.status} instead of a feed")


def _read_done(request: Request, response: Response) -> Json | OdataError | Again:
    """A call without an answer of its own: a good status is all there is."""
    return {} if 200 <= response.status < 300 else _read_json(request, response)


def _rights_error(reply: Json | OdataError | None) -> bool:
    return isinstance(reply, OdataError) and reply.code == "20"


def surprise(call: str, reply: OdataError | Doubt) -> AccessRefused | ProtocolSurprise:
    if isinstance(reply, OdataError) and reply.status == 401:
        return AccessRefused(
            side="infobase",
            answer=f"{call}: {reply.text}",
            remedy="Check infobase.user and infobase.password, and the user's rights to OData.",
        )
    return ProtocolSurprise(side="infobase", call=call, what=str(reply))
