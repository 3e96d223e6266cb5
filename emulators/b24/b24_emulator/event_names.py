"""Names of the events that can be bound. Source: b24restdocs: api-reference/crm/**/events/*.md."""

_CRM = ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE", "INVOICE", "ACTIVITY", "REQUISITE",
        "BANKDETAIL", "PRODUCT", "DYNAMICITEM", "PRODUCTSECTION", "PRODUCTPROPERTY", "MEASURE",
        "CURRENCY", "TYPE", "TIMELINECOMMENT")  # fmt: skip
_CATALOG = ("PRODUCT", "PRICE", "PRICE.TYPE", "MEASURE", "ROUNDING")
_VERBS = ("ADD", "UPDATE", "DELETE")

OFFLINE_NOTICE = "ONOFFLINEEVENT"
_USER_FIELD = ("ADD", "UPDATE", "DELETE", "SETENUMVALUES")
_ADDRESS = ("ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER")
MOVED = "ONCRMDEALMOVETOCATEGORY"
FIRED = (
    *(
        f"ONCRM{kind}{verb}"
        for kind in (
            "COMPANY",
            "CONTACT",
            "REQUISITE",
            "BANKDETAIL",
            "DEAL",
            "LEAD",
            "QUOTE",
            "DYNAMICITEM",
            "PRODUCT",
            "PRODUCTSECTION",
            "PRODUCTPROPERTY",
            "MEASURE",
            "CURRENCY",
            "TYPE",
        )
        for verb in _VERBS
    ),
    *_ADDRESS,
    MOVED,
    *(
        f"ONCRM{kind}USERFIELD{verb}"
        for kind in ("COMPANY", "CONTACT", "REQUISITE", "DEAL", "LEAD", "QUOTE", "TYPE")
        for verb in (_USER_FIELD if kind != "REQUISITE" else _VERBS)
    ),
    *(f"CATALOG.{kind}.ON.{verb}" for kind in _CATALOG for verb in _VERBS),
)
"""What this portal fires. The others may be bound, and stay silent: their entities are not here."""

EVENTS = (
    *(f"ONCRM{kind}{verb}" for kind in _CRM for verb in _VERBS),
    *_ADDRESS,
    MOVED,
    *(
        f"ONCRM{kind}USERFIELD{verb}"
        for kind in (*_CRM[:6], "REQUISITE", "TYPE")
        for verb in _USER_FIELD
    ),
    *(f"CATALOG.{kind}.ON.{verb}" for kind in _CATALOG for verb in _VERBS),
    "ONAPPINSTALL",
    "ONAPPUNINSTALL",
    OFFLINE_NOTICE,
)


def is_event(name: str) -> bool:
    """Whether a name may be bound; events of items also with an entityTypeId behind."""
    event, _, type_id = name.partition("_")
    return name in EVENTS or (event.startswith("ONCRMDYNAMICITEM") and type_id.isdecimal())
