"""Post and Unpost: the functions of one document."""

from onec_emulator.odata import errors, rights
from onec_emulator.odata.answers import Plain
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.reading import named_key
from onec_emulator.odata.service import Service

FUNCTIONS = {"Post": True, "Unpost": False}
"""Whether the document is posted afterwards."""
OPERATIONAL = "PostingModeOperational"


def post_document(service: Service, ask: Ask) -> Plain:
    """Post a document anew, or unpost it; its version grows even if nothing changes.

    Raises:
        ODataError: The set is none of documents, or the mode is neither true nor false.
    """
    table = service.written_table(ask.address.name)
    name, _, brackets = ask.address.rest[0].partition("(")
    if not table.schema.is_document:
        raise errors.method_unknown()
    _check_mode(brackets.removesuffix(")"), ask.options.plain.get(OPERATIONAL, "false"))
    key = named_key(service, table, ask)
    changes = {"Posted": FUNCTIONS[name]}
    rights.check_change(service, ask, table, table.rows[key], changes)
    service.books.update(table.schema.name, key, changes, ask.actor)
    return Plain()


def _check_mode(brackets: str, asked: str) -> None:
    if brackets:
        name, _, asked = brackets.partition("=")
        if name.strip() != OPERATIONAL:
            raise errors.argument_missing(name.strip())
    if asked.strip() not in ("true", "false"):
        raise errors.unparsable(asked, "Edm.Boolean")
