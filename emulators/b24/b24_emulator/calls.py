"""What passes between the request path and a method: who calls, with what, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from b24_emulator import moments, php, refusals
from sverka_emulator_kit.record import Miss

if TYPE_CHECKING:
    from b24_emulator.files import File
    from b24_emulator.portal import Portal


class Way(StrEnum):
    """How somebody came in."""

    WINDOW = "window"
    WEBHOOK = "webhook"
    APP = "app"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        actor: As the ledger names him: `user:1`, `webhook:1`, `app:<client_id>`.
        user_id: Whose rights the call has.
        scopes: What the caller may use, None for everything.
        client_id: The application's, `""` without one.
        connector: `auth_connector` of the call: the source its changes are marked with.
    """

    actor: str
    user_id: str
    way: Way
    scopes: frozenset[str] | None = None
    client_id: str = ""
    connector: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a method answers. `total` and `next_start` only for lists.

    Attributes:
        file: What is sent instead of an envelope; a batch has no place for it.
    """

    value: Any  # Any: JSON
    total: int | None = None
    next_start: int | None = None
    file: "File | None" = None


@dataclass(frozen=True, slots=True)
class Call:
    """One method call. Names of parameters are lower case: classic methods take any case.

    Attributes:
        missed: Names inside the parameters that the method does not know.
    """

    portal: "Portal"
    caller: Caller
    params: Mapping[str, Any]  # Any: what was sent
    missed: list[Miss] = field(default_factory=list)

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None or isinstance(value, list | dict) else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return php.flag(self.params[name]) if name in self.params else default

    def number(self, name: str = "id") -> int:
        """A positive number.

        Raises:
            PortalRefusal: It is missing or no such number.
        """
        number = php.integer(self.params.get(name))
        if number <= 0:
            raise refusals.id_invalid()
        return number

    def tree(self, name: str) -> dict[str, Any]:  # Any: what was sent
        """A parameter that PHP calls an array; an empty one if it was not sent.

        Raises:
            PortalRefusal: It is a scalar.
        """
        value = self.params.get(name)
        if isinstance(value, dict):
            return value
        if value in (None, "", []):
            return {}
        if isinstance(value, list):
            return {str(index): element for index, element in enumerate(value)}
        raise refusals.not_an_array(name)

    def now(self) -> str:
        """The portal's moment, as rows keep it."""
        return moments.written(self.portal.now_s)

    def read(self, entity: str, *numbers: object) -> None:
        """Note in the ledger that the caller saw records; people look without a trace."""
        if self.caller.way is not Way.WINDOW:
            portal = self.portal
            portal.ledger.read_all(self.caller.actor, entity, numbers, portal.now_s)
