"""Planted bugs: defects of real integrations, switched on in the core to prove that they are found.

Each replaces one decision of the core while it is planted. None of them is in the core itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from sverka_scenarios.bugs import calls, echoes, matching, memory, parts, values
from sverka_scenarios.bugs.bug import Bug

__all__ = ["BUGS", "Bug", "planted"]

OF_SUBJECTS = (matching, parts, values, echoes, memory, calls)
BUGS = {bug.name: bug for subject in OF_SUBJECTS for bug in subject.BUGS}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The core has this bug inside the block; `""` plants none."""
    with ExitStack() as stack:
        for place, instead in BUGS[name].replacements.items() if name else ():
            stack.enter_context(patch(place, instead))
        yield
