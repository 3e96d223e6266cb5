"""Names of the events that can be bound. Source: b24restdocs: api-reference/crm/**/events/*.md."""

_CRM = ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE", "INVOICE", "ACTIVITY", "REQUISITE",
        "BANKDETAIL", "PRODUCT", "DYNAMICITEM", "PRODUCTSECTION", "PRODUCTPROPERTY", "MEASURE",
        "CURRENCY", "TYPE", "TIMELINECOMMENT")  # fmt: skip
_WITH_USER_FIELDS = ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE", "INVOICE", "TYPE")
_CATALOG = ("PRODUCT", "PRICE", "PRICE.TYPE", "MEASURE", "ROUNDING")
_VERBS = ("ADD", "UPDATE", "DELETE")

OFFLINE_NOTICE = "ONOFFLINEEVENT"
INSTALLED, UPDATED, REMOVED = "ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL"
PAID, TRIED = "ONAPPPAYMENT", "ONAPPTEST"
_OF_ELEMENTS = "SETENUMVALUES"
FIRED = (
    *(f"ONCRM{kind}{verb}" for kind in _CRM for verb in _VERBS),
    "ONCRMADDRESSREGISTER",
    "ONCRMADDRESSUNREGISTER",
    "ONCRMDEALMOVETOCATEGORY",
    "ONCRMINVOICESETSTATUS",
    *(
        f"ONCRM{kind}USERFIELD{verb}"
        for kind in _WITH_USER_FIELDS
        for verb in (*_VERBS, _OF_ELEMENTS)
    ),
    # A requisite's user fields are never lists.
    *(f"ONCRMREQUISITEUSERFIELD{verb}" for verb in _VERBS),
    *(f"CATALOG.{kind}.ON.{verb}" for kind in _CATALOG for verb in _VERBS),
)
"""What this portal fires. The others may be bound, and stay silent."""

EVENTS = (
    *FIRED,
    f"ONCRMREQUISITEUSERFIELD{_OF_ELEMENTS}",
    INSTALLED,
    UPDATED,
    REMOVED,
    PAID,
    TRIED,
    "ONAPPMETHODCONFIRM",
    OFFLINE_NOTICE,
)


def is_event(name: str) -> bool:
    """Whether a name may be bound; events of items also with an entityTypeId behind."""
    event, _, type_id = name.partition("_")
    return name in EVENTS or (event.startswith("ONCRMDYNAMICITEM") and type_id.isdecimal())
