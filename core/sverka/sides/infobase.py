"""The infobase as a side: clients over OData, the exchange plan as its change table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sverka.asks import Flow, Request, Response
from sverka.decide.steps import Outcome, Step
from sverka.entities.clients import CLIENT
from sverka.entities.configurations import CONFIGURATIONS, NOT_EXCHANGED_YET
from sverka.errors import AccessRefused, ProtocolSurprise, SettingsError
from sverka.records import Change, Fate, Record, SideName, Values, split_key, typed_key
from sverka.settings import Settings
from sverka.sides.delivery import Again, Delivery, Doubt
from sverka.sides.side import Feed, Survey
from sverka.wire import atom, odata, odata_clients
from sverka.wire.odata import Json, OdataError
from sverka.wire.odata_clients import Dialect

KEYS_A_FILTER = 20
"""IIS refuses query strings above 2,048 characters; so many keys stay below it."""

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Message:
    """The number under which a packet of changes was taken."""

    number: int


class InfobaseSide:
    """One infobase behind its OData publication."""

    name = SideName.INFOBASE

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.infobase
        self._root = settings.infobase.url.rstrip("/") + "/odata/standard.odata"
        self._headers = {
            "Authorization": odata.basic_auth(settings.infobase.user, settings.infobase.password),
            "Accept": "application/json",
        }
        self._json: Delivery[Json | OdataError] = Delivery(_read_json, settings.pace)
        self._atom: Delivery[list[atom.Registered] | OdataError] = Delivery(
            _read_feed, settings.pace
        )
        self._done: Delivery[Json | OdataError] = Delivery(_read_done, settings.pace)
        self._node = ""
        self._next_number: int | None = None
        self._recognised: Dialect | None = None

    def open(self) -> Flow[tuple[str, ...]]:
        if not self._node:
            yield from self._find_node()
            self._recognised = yield from self._recognise()
        return ()

    def _find_node(self) -> Flow[None]:
        nodes = yield from self._ask(self._settings.plan)
        for node in nodes["value"]:
            if node["Code"] == self._settings.node:
                self._node = str(node["Ref_Key"])
                self._next_number = int(node["ReceivedNo"]) + 1
                return
        raise SettingsError(
            setting="infobase.node",
            value=self._settings.node,
            remedy=f"{self._settings.plan} has the nodes "
            f"{[node['Code'] for node in nodes['value']]}. Name one, or make it in 1C.",
        )

    def _recognise(self) -> Flow[Dialect]:
        """Which configuration it is, by the predefined kinds of contact information."""
        kinds = yield from self._ask("Catalog_ВидыКонтактнойИнформации")
        by_name = {row["PredefinedDataName"]: str(row["Ref_Key"]) for row in kinds["value"]}
        for kind, title in NOT_EXCHANGED_YET.items():
            if kind in by_name:
                raise self._unsupported(f"It is {title}, which is not exchanged yet.")
        for configuration in CONFIGURATIONS:
            wanted = configuration.contact_kinds
            if set(wanted.values()) <= by_name.keys():
                guids = {field: by_name[kind] for field, kind in wanted.items()}
                return Dialect(configuration, guids)
        raise self._unsupported(
            "Its kinds of contact information are of none of them, or are not published."
        )

    @property
    def _dialect(self) -> Dialect:
        assert self._recognised, "a side is opened before it is used"
        return self._recognised

    def _unsupported(self, why: str) -> SettingsError:
        known = ", ".join(configuration.title for configuration in CONFIGURATIONS)
        return SettingsError(
            setting="infobase.url",
            value=self._settings.url,
            remedy=f"Clients are exchanged with {known}. {why}",
        )

    def changes(self) -> Flow[Feed]:
        if self._next_number is None:
            yield from self._find_node()
        number = self._next_number
        assert number is not None, "a node has a number"
        request = self._exchange("SelectChanges", number)
        reply = (yield from self._atom.deliver([request]))[0]
        if isinstance(reply, OdataError | Doubt):
            raise surprise("SelectChanges", reply)
        changes = tuple(
            Change(
                side=self.name,
                key=typed_key(CLIENT.name, entry.guid),
                fate=Fate.GONE if entry.deleted else Fate.EDITED,
            )
            for entry in reply
            if entry.set_name == CLIENT.infobase
        )
        return Feed(changes, Message(number) if reply else None)

    def confirm(self, feed: Feed) -> Flow[None]:
        if isinstance(feed.token, Message):
            # Until it is answered nobody knows which number the node has reached.
            self._next_number = None
            request = self._exchange("NotifyChangesReceived", feed.token.number)
            reply = (yield from self._done.deliver([request]))[0]
            if isinstance(reply, OdataError | Doubt):
                raise surprise("NotifyChangesReceived", reply)
            self._next_number = feed.token.number + 1

    def _exchange(self, function: str, number: int) -> Request:
        # Selecting or confirming the same number again changes nothing more.
        return Request(
            side=self.name,
            name=f"POST {function}",
            verb="POST",
            url=odata.exchange_url(self._root, function, self._settings.plan, self._node, number),
            headers={**self._headers, "Accept": "application/atom+xml,application/xml"},
        )

    def everything(self) -> Flow[Survey]:
        # Without $top 1C gives the whole table as it is at one moment: no page can move.
        found = yield from self._ask(CLIENT.infobase)
        return Survey(
            tuple(odata_clients.decode_client(row, self._dialect) for row in found["value"])
        )

    def read(self, keys: Sequence[str]) -> Flow[dict[str, Record]]:
        guids = [split_key(key)[1] for key in keys]
        if len(guids) == 1:
            requests = [self._get(odata.entity_path(CLIENT.infobase, guids[0]))]
        else:
            groups = [guids[at : at + KEYS_A_FILTER] for at in range(0, len(guids), KEYS_A_FILTER)]
            requests = [
                self._get(CLIENT.infobase, {"$filter": odata.any_of(group)}) for group in groups
            ]
        records: dict[str, Record] = {}
        for reply in (yield from self._json.deliver(requests)):
            if isinstance(reply, OdataError) and reply.code == odata.NOT_FOUND:
                continue
            if isinstance(reply, OdataError | Doubt):
                raise surprise(f"GET {CLIENT.infobase}", reply)
            for row in reply.get("value", [reply]):
                record = odata_clients.decode_client(row, self._dialect)
                records[record.key] = record
        return records

    def find(self, externals: Sequence[str]) -> Flow[dict[str, str]]:
        found = yield from self.read([typed_key(CLIENT.name, guid) for guid in externals])
        return {split_key(key)[1]: key for key in found}

    def write(self, steps: Sequence[Step]) -> Flow[list[Outcome]]:
        replies = yield from self._json.deliver([self._write_request(step) for step in steps])
        return [self._outcome(step, reply) for step, reply in zip(steps, replies, strict=True)]

    def _outcome(self, step: Step, reply: Json | OdataError | Doubt) -> Outcome:
        if isinstance(reply, Doubt):
            return Outcome(step=step, reason=reply.reason, doubtful=True)
        if isinstance(reply, OdataError):
            # It exists already: an earlier try of ours arrived after all.
            doubtful = reply.passing or (step.creates and reply.code == odata.KEY_EXISTS)
            key = step.target.key if step.target else ""
            now = step.target.values if step.target else {}
            return Outcome(step=step, key=key, settled=now, reason=str(reply), doubtful=doubtful)
        record = odata_clients.decode_client(reply, self._dialect)
        return Outcome(
            step=step,
            key=record.key,
            settled=_settled(step, record.values),
            went=frozenset(step.written),
        )

    def _write_request(self, step: Step) -> Request:
        properties = odata_clients.encode_client(
            step.written,
            kind=step.target.kind if step.target else step.source.kind,
            dialect=self._dialect,
            present=step.target,
        )
        verb, path = "PATCH", odata.entity_path(CLIENT.infobase, step.external)
        if step.creates:
            verb, path = "POST", CLIENT.infobase
            words = odata_clients.new_client(step.source.kind, self._dialect.configuration)
            own = {"Ref_Key": step.external, **words}
            group = {"Parent_Key": self._settings.group} if self._settings.group else {}
            properties = {**own, **group, **properties}
        return Request(
            side=self.name,
            name=f"{verb} {CLIENT.infobase}",
            verb=verb,
            url=odata.resource_url(self._root, path),
            headers={**self._headers, "Content-Type": "application/json"},
            body=odata.encode_entity(properties),
            safe=False,
        )

    def _ask(self, path: str) -> Flow[Json]:
        reply = (yield from self._json.deliver([self._get(path)]))[0]
        if isinstance(reply, OdataError | Doubt):
            raise surprise(f"GET {path}", reply)
        return reply

    def _get(self, path: str, options: dict[str, str] | None = None) -> Request:
        return Request(
            side=self.name,
            name=f"GET {path.partition('(')[0]}",
            verb="GET",
            url=odata.resource_url(self._root, path, options),
            headers=self._headers,
        )


def _settled(step: Step, shown: Values) -> Values:
    """What 1C made of our values. What it shows of others may be a person's newer edit."""
    if step.target is None:
        return shown
    return {**step.target.values, **{name: shown[name] for name in step.written}}


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
