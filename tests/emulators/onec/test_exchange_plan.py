"""The change table against a model: nothing registered is lost before it is acknowledged."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from onec_emulator.exchange_plan import ExchangePlan
from onec_emulator.infobase import Infobase
from onec_emulator.switches import Switches
from sverka_emulator_kit.clock import VirtualClock

SET = "Catalog_Контрагенты"
KEYS = st.sampled_from(["a", "b", "c"])
NODES = st.sampled_from(["one", "two"])
NUMBERS = st.integers(1, 4)


class Registered(RuleBasedStateMachine):
    """The model: a version per record, and per node what each message carried of it.

    A consumer knows a version once it acknowledged a message whose answer showed it; a record
    may leave the change table of a node only when its latest version is known there.
    """

    def __init__(self):
        super().__init__()
        self.plan = ExchangePlan([SET], Switches())
        self.versions: dict[str, int] = {}
        self.carried: dict[str, list[tuple[int, str, int]]] = {"one": [], "two": []}
        self.seen: dict[str, set[int]] = {"one": set(), "two": set()}
        self.known: dict[str, dict[str, int]] = {"one": {}, "two": {}}
        for node in self.carried:
            self.plan.add_node(node)

    @rule(key=KEYS)
    def write(self, key):
        self.versions[key] = self.versions.get(key, 0) + 1
        self.plan.register(SET, key)

    @rule(node=NODES, number=NUMBERS)
    def select(self, node, number):
        chosen = self.plan.select(node, number)
        assert len(chosen) == len(set(chosen))
        self.carried[node] += [(number, key, self.versions[key]) for _, key in chosen]
        self.seen[node].add(number)

    @rule(node=NODES, number=NUMBERS)
    def select_and_lose_the_reply(self, node, number):
        self.plan.select(node, number)
        # Rows may now bear this number that the consumer never saw: to acknowledge it, or a
        # higher one, is safe only after another answer under that number.
        self.seen[node] = {other for other in self.seen[node] if other < number}

    @rule(node=NODES, number=NUMBERS)
    def acknowledge_what_was_seen(self, node, number):
        if number not in self.seen[node]:
            return
        self.plan.acknowledge(node, number)
        assert all(at is None or at > number for _, _, at in self.plan.waiting(node))
        for at, key, version in self.carried[node]:
            if at <= number:
                self.known[node][key] = max(version, self.known[node].get(key, 0))

    @invariant()
    def every_change_is_known_or_waits(self):
        for node, known in self.known.items():
            waiting = {key for _, key, _ in self.plan.waiting(node)}
            for key, version in self.versions.items():
                assert key in waiting or known.get(key) == version

    @invariant()
    def what_waits_comes_with_the_next_number(self):
        for node in self.known:
            waiting = {(entity, key) for entity, key, _ in self.plan.waiting(node)}
            kept = {name: dict(rows) for name, rows in self.plan.nodes[node].items()}
            assert set(self.plan.select(node, 99)) == waiting
            self.plan.nodes[node] = kept


TestRegistered = Registered.TestCase
TestRegistered.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


class Read(RuleBasedStateMachine):
    """A consumer that stores what it sees and acknowledges it, over the life of a whole base."""

    def __init__(self):
        super().__init__()
        self.base = Infobase(clock=VirtualClock())
        self.number, self.seen, self.stored = 1, None, {}

    def _records(self):
        return self.base.records()[SET]

    @rule(pick=st.integers(0, 9), inn=st.integers(0, 9))
    def people_write(self, pick, inn):
        fields = {"set": SET, "fields": {"ИНН": str(inn)}}
        guids = sorted(self._records())
        if pick >= len(guids):
            self.base.act("create", fields)
        else:
            self.base.act("update", {**fields, "key": guids[pick]})

    @rule(pick=st.integers(0, 9))
    def people_delete(self, pick):
        guids = sorted(self._records())
        if pick < len(guids):
            self.base.act("delete", {"set": SET, "key": guids[pick]})

    @rule(lost=st.booleans())
    def consumer_selects(self, lost):
        chosen = self.base._books.plan.select(self.base.node_key("B24"), self.number)
        shown = {key: self._records().get(key, {}).get("DataVersion") for _, key in chosen}
        # A call whose reply was lost has stamped what nobody saw: it must be asked for again.
        self.seen = None if lost else shown

    @rule()
    def consumer_stores_and_acknowledges(self):
        if self.seen is not None:
            self.stored.update(self.seen)
            self.base._books.plan.acknowledge(self.base.node_key("B24"), self.number)
            self.number, self.seen = self.number + 1, None

    def teardown(self):
        chosen = self.base._books.plan.select(self.base.node_key("B24"), self.number)
        self.stored.update(
            {key: self._records().get(key, {}).get("DataVersion") for _, key in chosen}
        )
        alive = {key: version for key, version in self.stored.items() if version is not None}
        assert alive == {key: row["DataVersion"] for key, row in self._records().items()}


TestRead = Read.TestCase
TestRead.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
