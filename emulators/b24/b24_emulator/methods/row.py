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


def family(name: str, page: str, handlers: Mapping[str, Handler]) -> tuple[Method, ...]:
    """Rows of one family of CRM methods, each with the page that is named after its verb.

    Args:
        page: Folder and beginning of the pages: `…/addresses/crm-address`.
        handlers: By verb; `settings.fields` is `…-settings-fields`.
    """
    return tuple(
        Method(f"{name}.{verb}", handler, CRM, documented(f"{page}-{verb.replace('.', '-')}"))
        for verb, handler in handlers.items()
    )
