"""One method is one row: name, what answers it, scope, who may call, how we know it."""

from collections.abc import Callable
from dataclasses import dataclass

from b24_emulator.calls import Call, Result
from sverka_emulator_kit.provenance import Provenance


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
    handler: Callable[[Call], Result]
    scopes: tuple[str, ...]
    source: Provenance
    app_refusal: str = ""
