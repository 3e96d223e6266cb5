"""A row of the tables of needs: what a method asks of its caller's rights, and how it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass

from b24_emulator.needs.subjects import Subjects
from b24_emulator.refusals import PortalRefusal, access_denied


@dataclass(frozen=True, slots=True)
class Need:
    """What a method asks for.

    Attributes:
        subjects: What the call does to what; the caller must have the right to each.
        refusal: What he is told who lacks one.
    """

    subjects: Subjects
    refusal: PortalRefusal


Rows = Mapping[str, Need]


def each(family: str, refusal: PortalRefusal, **verbs: Subjects) -> dict[str, Need]:
    """Rows of a family by verb; `_` in a verb is a dot."""
    return {f"{family}.{v.replace('_', '.')}": Need(s, refusal) for v, s in verbs.items()}


def alike(family: str, refusal: PortalRefusal, subjects: Subjects, verbs: str) -> dict[str, Need]:
    """The same where several verbs, with blanks between, ask for one thing."""
    return {f"{family}.{verb}": Need(subjects, refusal) for verb in verbs.split()}


CLASSIC = PortalRefusal("", "Access denied.")
FORBIDDEN = PortalRefusal("", "Access denied.", 403)
LINKS = access_denied()
NEWER = PortalRefusal("ACCESS_DENIED", "Access denied")
UNSEEN = PortalRefusal("ACCESS_DENIED", "You do not have permission to view this item")
INSUFFICIENT = PortalRefusal("ACCESS_DENIED", "Insufficient permissions")
NOT_SAVED = PortalRefusal("ERROR_CORE", "Access denied")
USERS = PortalRefusal("ERROR_CORE", "access_denied")
DENIED, NO_PAYMENT = (
    PortalRefusal("0", text) for text in ("Access denied", "Payment not found or access denied")
)
TEMPLATES = PortalRefusal("", "You do not have permissions to modify templates")
DOCUMENTS = PortalRefusal("DOCGEN_ACCESS_ERROR", "Access denied")
NO_READ, NO_EDIT, NO_SECTIONS, NO_PRODUCT, NO_BINDING = (
    PortalRefusal(f"2000403000{code}", "Access Denied") for code in (10, 20, 30, 40, 50)
)
PROPERTIES = PortalRefusal("0", "Access Denied")
FIELDS_UNSEEN = PortalRefusal("", "You do not have permission to view user field settings")
FIELDS_FIXED = PortalRefusal("", "You cannot change the settings of the user field")
FIELDS_KEPT = PortalRefusal("", "You cannot delete the user field")
