"""What each method asks of its caller's rights; a method without a row is free for everybody.

The source of a row is the page of its method, where it says who can execute it.
"""

from b24_emulator.calls import Call
from b24_emulator.needs.catalogue import CATALOGUE
from b24_emulator.needs.items import ITEMS
from b24_emulator.needs.of_portal import OF_PORTAL
from b24_emulator.needs.records import RECORDS
from b24_emulator.needs.row import Rows
from b24_emulator.needs.timeline import TIMELINE
from b24_emulator.rights import reach

NEEDS: Rows = {**CATALOGUE, **RECORDS, **ITEMS, **TIMELINE, **OF_PORTAL}


def check(name: str, call: Call) -> None:
    """Refuse a call that its caller has no right to.

    Raises:
        PortalRefusal: In the method's own words.
    """
    if need := NEEDS.get(name):
        own = reach(call.portal, call.caller)
        if not all(own.may(s.verb, s.kind, s.row) for s in need.subjects(call)):
            # One refusal serves all calls: it must not gather the frames of each.
            raise need.refusal.with_traceback(None)
