"""What the classic families ask for. Source: b24restdocs: api-reference/crm/**.

The pages of the old invoices say nothing of rights but that any user may call; that they have the
rights of their kind, as the portal's window has, is inferred.
"""

from b24_emulator.documents import DEAL, LEAD, QUOTE
from b24_emulator.entities import ACCOUNT, ADDRESS, COMPANY, CONTACT, REQUISITE
from b24_emulator.marginal import RECURRING_DEAL
from b24_emulator.money import OLD_INVOICE
from b24_emulator.needs.row import CLASSIC, FORBIDDEN, LINKS, Rows, alike, each
from b24_emulator.needs.subjects import described, item, merged, record, whole
from b24_emulator.rights import ANYTHING
from b24_emulator.surroundings import REQUISITE_LINK

CLIENTS = {
    verb: whole(verb, CONTACT.name, COMPANY.name) for verb in ("read", "add", "update", "delete")
}


def _records(family: str, kind: str) -> Rows:
    return each(
        family,
        CLASSIC,
        list=whole("read", kind),
        get=record("read", kind),
        add=whole("add", kind),
        update=record("update", kind),
        delete=record("delete", kind),
    )


def _links(family: str, kind: str) -> Rows:
    read, write = record("read", kind), record("update", kind)
    return {
        **alike(family, LINKS, read, "items.get"),
        **alike(family, LINKS, write, "add delete items.set items.delete"),
    }


def _product_rows(family: str, kind: str) -> Rows:
    return each(family, CLASSIC, get=record("read", kind), set=record("update", kind))


def _on_owner(family: str, kind: str) -> Rows:
    """Requisites and bank details: rights are those to whom they hang on."""
    return each(
        family,
        CLASSIC,
        list=CLIENTS["read"],
        get=record("read", kind),
        add=described("add", kind),
        update=record("update", kind),
        delete=record("delete", kind),
    )


def _on_clients(family: str) -> Rows:
    return {
        **alike(family, CLASSIC, CLIENTS["read"], "list get"),
        **each(family, CLASSIC, **{verb: CLIENTS[verb] for verb in ("add", "update", "delete")}),
    }


RECORDS: Rows = {
    **_records("crm.company", COMPANY.name),
    **_records("crm.contact", CONTACT.name),
    **_records("crm.deal", DEAL.name),
    **_records("crm.lead", LEAD.name),
    **_records("crm.quote", QUOTE.name),
    **_records("crm.invoice", OLD_INVOICE.name),
    **_links("crm.company.contact", COMPANY.name),
    **_links("crm.contact.company", CONTACT.name),
    **_links("crm.deal.contact", DEAL.name),
    **_links("crm.lead.contact", LEAD.name),
    **_links("crm.quote.contact", QUOTE.name),
    **_product_rows("crm.deal.productrows", DEAL.name),
    **_product_rows("crm.lead.productrows", LEAD.name),
    **_product_rows("crm.quote.productrows", QUOTE.name),
    **_on_owner("crm.requisite", REQUISITE.name),
    **_on_owner("crm.requisite.bankdetail", ACCOUNT.name),
    **_on_clients("crm.requisite.preset"),
    **_on_clients("crm.requisite.preset.field"),
    **each(
        "crm.address",
        CLASSIC,
        list=whole("read", CONTACT.name, COMPANY.name, LEAD.name),
        add=described("add", ADDRESS.name),
        update=described("update", ADDRESS.name),
        delete=described("delete", ADDRESS.name),
    ),
    **each(
        "crm.requisite.link",
        CLASSIC,
        list=whole("read", ANYTHING),
        get=item("read", "entitytypeid", "entityid"),
        register=described("update", REQUISITE_LINK.name),
        unregister=item("update", "entitytypeid", "entityid"),
    ),
    **each(
        "crm.deal.recurring",
        CLASSIC,
        list=whole("read", DEAL.name),
        get=record("read", RECURRING_DEAL.name),
        add=whole("add", DEAL.name),
        update=record("update", RECURRING_DEAL.name),
        delete=record("delete", RECURRING_DEAL.name),
        expose=whole("add", DEAL.name),
    ),
    **alike("crm.duplicate", FORBIDDEN, whole("read", ANYTHING), "findbycomm"),
    **alike("crm.entity", FORBIDDEN, merged, "mergebatch"),
}
