"""A consumer of changes over OData whose calls are spoiled: in the end it has what the base has."""

from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka_emulator_kit.trouble import CutReply, DropReply, DropRequest, Html, Refuse, Twice

SET = "Catalog_Контрагенты"
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
DESCRIPTION = ".//{http://schemas.microsoft.com/ado/2007/08/dataservices}Description"
# Most calls go well: a life where none does proves little.
TROUBLES = st.sampled_from(
    [*[None] * 8, DropRequest(), DropReply(), CutReply(), Html(), Twice(), Refuse(status=403)]
)
DIES = st.sampled_from([False, False, False, True])
GUIDS = st.integers(1, 2).map("a0000000-0000-4000-8000-{:012d}".format)
STEPS = st.one_of(
    st.tuples(st.just("write"), GUIDS, st.sampled_from("АБВ")),
    st.tuples(st.just("delete"), GUIDS),
    st.tuples(st.just("round"), DIES, TROUBLES, TROUBLES, st.none() | GUIDS),
    # Another node takes and acknowledges its messages meanwhile.
    st.tuples(st.just("stranger"), st.integers(1, 9)),
)


class Consumer:
    """Asks for ReceivedNo + 1, stores what came whole, then acknowledges; or dies on the way."""

    def __init__(self, odata):
        self.odata, self.stored = odata, {}
        odata.json("POST", f"/{odata.base.plan}", body={"Code": "SITE"})

    def write(self, guid, name):
        if guid in self.odata.base.records()[SET]:
            self.odata.json("PATCH", f"/{SET}(guid'{guid}')", body={"Description": name})
        else:
            fields = {"Ref_Key": guid, "Description": name}
            self.odata.base.act("create", {"set": SET, "fields": fields})

    def delete(self, guid):
        self.odata.call("DELETE", f"/{SET}(guid'{guid}')")

    def stranger(self, number):
        self.odata.select(number, "SITE")
        self.odata.notify(number, "SITE")

    def round(self, dies=False, at_select=None, at_notify=None, written_between=None):
        plan = self.odata.rows("$filter=Code eq 'B24'", entity=self.odata.base.plan)
        number = int(plan[0]["ReceivedNo"]) + 1
        reply = self._call("SelectChanges", number, at_select)
        if dies or reply.status != 200 or reply.cut_at is not None:
            return
        self._store(ElementTree.fromstring(reply.body))
        if written_between is not None:
            self.write(written_between, "Между")
        self._call("NotifyChangesReceived", number, at_notify)

    def _call(self, function, number, trouble):
        if trouble is not None:
            self.odata.base.trouble.set(trouble, match=f"POST {function}")
        query = f"DataExchangePoint={self.odata.point()}&MessageNo={number}"
        return self.odata.call("POST", f"/{function}", query)

    def _store(self, feed):
        for entry in feed.findall(f"{ATOM}entry"):
            self.stored[_guid(entry.findtext(f"{ATOM}id"))] = entry.findtext(DESCRIPTION)
        for stone in feed.findall(TOMBSTONE):
            self.stored.pop(_guid(stone.get("ref")), None)


def _guid(address):
    return address.partition("guid'")[2][:36]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=5, max_size=20))
def test_no_change_is_lost_whatever_happens_to_the_calls(calling, contractless, steps):
    consumer = Consumer(calling(configuration=contractless))
    for name, *arguments in steps:
        getattr(consumer, name)(*arguments)
    consumer.round()
    there = consumer.odata.base.records()[SET]
    assert consumer.stored == {guid: row["Description"] for guid, row in there.items()}
    assert consumer.odata.base.registered() == []
