"""Names of the events that can be bound. Source: b24restdocs: api-reference/crm/**/events/*.md."""

_CRM = ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE", "INVOICE", "ACTIVITY", "REQUISITE",
        "BANKDETAIL", "PRODUCT", "DYNAMICITEM")  # fmt: skip
_CATALOG = ("PRODUCT", "PRICE", "PRICE.TYPE", "MEASURE", "ROUNDING")
_VERBS = ("ADD", "UPDATE", "DELETE")

OFFLINE_NOTICE = "ONOFFLINEEVENT"
_USER_FIELD = ("ADD", "UPDATE", "DELETE", "SETENUMVALUES")
_ADDRESS = ("ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER")
FIRED = (
    *(
        f"ONCRM{kind}{verb}"
        for kind in ("COMPANY", "CONTACT", "REQUISITE", "BANKDETAIL")
        for verb in _VERBS
    ),
    *_ADDRESS,
    *(
        f"ONCRM{kind}USERFIELD{verb}"
        for kind in ("COMPANY", "CONTACT", "REQUISITE")
        for verb in (_USER_FIELD if kind != "REQUISITE" else _VERBS)
    ),
)
"""What this portal fires. The others may be bound, and stay silent: their entities are not here."""

EVENTS = (
    *(f"ONCRM{kind}{verb}" for kind in _CRM for verb in _VERBS),
    *_ADDRESS,
    *(f"ONCRM{kind}USERFIELD{verb}" for kind in (*_CRM[:6], "REQUISITE") for verb in _USER_FIELD),
    *(f"CATALOG.{kind}.ON.{verb}" for kind in _CATALOG for verb in _VERBS),
    "ONAPPINSTALL",
    "ONAPPUNINSTALL",
    OFFLINE_NOTICE,
)
