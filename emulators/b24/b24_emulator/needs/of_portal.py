"""What settings of the portal, people and documents from templates ask for.

That the documents' own right follows the record they are made for is inferred.
"""

from b24_emulator.documents import DEAL, LEAD, QUOTE
from b24_emulator.entities import COMPANY, CONTACT
from b24_emulator.needs.records import CLIENTS
from b24_emulator.needs.row import (
    CLASSIC,
    DOCUMENTS,
    FIELDS_FIXED,
    FIELDS_KEPT,
    FIELDS_UNSEEN,
    FORBIDDEN,
    INSUFFICIENT,
    NEWER,
    NOT_SAVED,
    TEMPLATES,
    USERS,
    Rows,
    alike,
    each,
)
from b24_emulator.needs.subjects import administrator, card, item, others_card, settings, whole
from b24_emulator.refusals import PortalRefusal
from b24_emulator.rights import ANYTHING


def _user_fields(family: str, kind: str, refusal: PortalRefusal) -> Rows:
    return {
        **alike(f"{family}.userfield", refusal, whole("read", kind), "list get"),
        **alike(f"{family}.userfield", refusal, settings, "add update delete"),
    }


OF_PORTAL: Rows = {
    **alike("crm.status", CLASSIC, whole("read", ANYTHING), "list get"),
    **alike("crm.status", CLASSIC, settings, "add update delete"),
    **alike("crm.currency", CLASSIC, settings, "add update delete base.set"),
    **alike("crm.currency.localizations", CLASSIC, settings, "set delete"),
    **_user_fields("crm.company", COMPANY.name, FORBIDDEN),
    **_user_fields("crm.contact", CONTACT.name, CLASSIC),
    **_user_fields("crm.deal", DEAL.name, FORBIDDEN),
    **_user_fields("crm.lead", LEAD.name, FORBIDDEN),
    **_user_fields("crm.quote", QUOTE.name, FORBIDDEN),
    **alike("crm.requisite.userfield", CLASSIC, CLIENTS["read"], "list get"),
    **alike("crm.requisite.userfield", CLASSIC, settings, "add update delete"),
    **alike("userfieldconfig", FIELDS_UNSEEN, whole("read", ANYTHING), "list get"),
    **alike("userfieldconfig", PortalRefusal("", "Access denied"), settings, "add"),
    **alike("userfieldconfig", FIELDS_FIXED, settings, "update"),
    **alike("userfieldconfig", FIELDS_KEPT, settings, "delete"),
    **alike("user.userfield", CLASSIC, administrator, "list add update delete"),
    **alike("user", USERS, administrator, "add update"),
    **alike("department", NOT_SAVED, administrator, "add update delete"),
    **alike("crm.duplicate.volatiletype", NEWER, settings, "fields list register unregister"),
    **alike("crm.automatedsolution", INSUFFICIENT, settings, "list get add update delete"),
    **alike(
        "crm.documentgenerator.template",
        TEMPLATES,
        settings,
        "getfields list get add update delete",
    ),
    **alike("crm.documentgenerator.numerator", TEMPLATES, settings, "list get add update delete"),
    **alike(
        "crm.documentgenerator.document",
        DOCUMENTS,
        item("read", "entitytypeid", "entityid"),
        "add upload",
    ),
    **{
        name: need
        for kind in ("company", "contact", "deal", "lead", "item")
        for name, need in each(
            f"crm.{kind}.details.configuration",
            CLASSIC,
            get=others_card,
            set=card,
            reset=card,
            forcecommonscopeforall=settings,
        ).items()
    },
}
