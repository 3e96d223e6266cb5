"""One method is one row: name, what answers it, scope, who may call, how we know it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from b24_emulator.calls import Call, Result
from sverka_emulator_kit.provenance import Provenance, documented

CRM = ("crm",)
Handler = Callable[[Call], Result]


@dataclass(frozen=True, slots=True)
class Method:
    """One REST method.

    Attributes:
        name: Lower case: the portal takes any case.
        scopes: Any of these suffices; empty for a method that needs none.
        source: How we know it.
        app_refusal: Code with which callers without an application are refused, `""` for never.
    """

    name: str
    handler: Handler
    scopes: tuple[str, ...]
    source: Provenance
    app_refusal: str = ""


PAGES_OF_VERBS = {
    "getfields": "get-fields",
    "getfieldsbyfilter": "get-fields-by-filter",
    "isoffers": "is-offers",
    "getbyentitytypeid": "get-by-entity-type-id",
    "getexternallink": "get-external-link",
    "setquantity": "set-quantity",
    "setdelivery": "set-delivery",
    "availabletoadd": "available-to-add",
    "updatecolor": "update-color",
    "updatedeadline": "update-deadline",
    "updatedescription": "update-description",
    "updateresponsibleuser": "update-responsible-user",
    "gettranscript": "get-transcript",
    "getlanguages": "get-languages",
    "getavailablefeaturesbyproperty": "get-available-features-by-property",
    "batchimport": "batch-import",
    "deletebyfilter": "delete-by-filter",
    "enablepublicurl": "enable-public-url",
    "gettypes": "get-types",
    "getavailableforpayment": "get-available-for-payment",
}
"""Verbs of several words, as pages write them."""


def family(
    name: str, page: str, handlers: Mapping[str, Handler], scopes: tuple[str, ...] = CRM
) -> tuple[Method, ...]:
    """Rows of one family of methods, each with the page that is named after its verb.

    Args:
        page: Folder and beginning of the pages: `…/addresses/crm-address`.
        handlers: By verb; `settings.fields` is `…-settings-fields`.
    """
    return tuple(
        Method(f"{name}.{verb}", handler, scopes, documented(f"{page}-{_words(verb)}"))
        for verb, handler in handlers.items()
    )


def _words(verb: str) -> str:
    return PAGES_OF_VERBS.get(verb) or verb.replace(".", "-")
