"""A small system for the kit's tests: one shelf of notes, with everything the kit asks of one."""

import json
import random
import threading
from dataclasses import dataclass, field

import pytest
from hypothesis import settings

from sverka_emulator_kit.clock import VirtualClock
from sverka_emulator_kit.messages import Reply
from sverka_emulator_kit.record import CallLine, CallRecord, Ledger
from sverka_emulator_kit.trouble import TroubleBox, suffer

settings.register_profile("kit", deadline=None, max_examples=60)
settings.load_profile("kit")


@dataclass
class Notes:
    """Keeps what is posted to a path, shows it on GET, and echoes how it was asked."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    name: str = "notes"
    trouble: TroubleBox = field(default_factory=TroubleBox)
    calls: CallRecord = field(default_factory=CallRecord)
    ledger: Ledger = field(default_factory=Ledger)
    shelf: dict[str, dict[str, object]] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    takes_s: float = 0.0
    layout: str = "one"

    def answer(self, request):
        self.asked.append(request)
        now_s = self.clock.now_s()
        met = self.trouble.pick(request.verb, now_s, random.Random(1))
        reply = suffer(met, lambda: self._do(request), self._refuse)
        self.calls.add(CallLine(now_s, request.verb, "somebody", reply.status))
        return reply

    def _do(self, request):
        if request.verb == "POST":
            self._put(request.path, request.body.decode(), "app")
        body = json.dumps(self.shelf.get(request.path, {})).encode()
        return Reply(200, body, takes_s=self.takes_s)

    def _put(self, key, text, actor):
        before = self.shelf.get(key)
        self.shelf[key] = {"text": text}
        self.ledger.wrote(
            "update" if before else "add",
            at_s=self.clock.now_s(),
            actor=actor,
            entity="note",
            key=key,
            before=before,
            after=dict(self.shelf[key]),
        )

    def _refuse(self, refusal):
        return Reply(refusal.status, json.dumps({"error": refusal.error}).encode())

    def act(self, name, params, user=""):
        if name != "write":
            raise LookupError(f"No deed {name!r}.")
        self._put(params["key"], params["text"], f"user:{user}")
        return params["key"]

    def records(self):
        return {"note": self.shelf}

    def gauges(self):
        return {"notes": len(self.shelf)}

    def reset(self):
        self.shelf.clear()

    def snapshot(self):
        return json.dumps(self.shelf).encode()

    def restore(self, snapshot):
        state = json.loads(snapshot)
        self.shelf = state.get("notes", state)

    def rest(self):
        return {"notes": {}}

    def state_schema(self):
        note = {"type": "object", "properties": {"text": {"type": "string"}}}
        return {"notes": {"type": "object", "additionalProperties": note}}

    def shelves(self):
        return {"notes": self.shelf}


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def make_notes():
    return Notes


@pytest.fixture
def lock():
    return threading.RLock()
