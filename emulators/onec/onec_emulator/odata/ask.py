"""One request as the request path knows it, step by step."""

from dataclasses import dataclass, field

from onec_emulator.odata.address import Address
from onec_emulator.odata.options import Options
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.record import Miss

ROOT = Address("")


@dataclass(slots=True)
class Ask:
    """One request, decoded as far as it could be.

    Attributes:
        name: `PATCH Catalog_Контрагенты`, `POST SelectChanges`: the name in the record of calls.
        root: Service root as the client wrote it, without a slash at its end.
        form: How to answer: `none`, `minimal` or `full` for JSON's levels, `atom`.
        actor: `odata:<login>`, `""` before authentication.
        error: Code of the refusal, `""` without one.
        trouble: Kind of the injected trouble, `""` without one.
        missed: Names that mean nothing to the base, for the record of calls.
        service: What follows `/hs` if an HTTP service is called, None for OData.
        is_admitted: Whether the call has a session of the base.
    """

    request: Request
    name: str
    root: str
    address: Address = ROOT
    options: Options = field(default_factory=Options)
    form: str = "atom"
    actor: str = ""
    error: str = ""
    trouble: str = ""
    service: str | None = None
    is_admitted: bool = False
    missed: list[Miss] = field(default_factory=list)

    @property
    def service_name(self) -> str:
        """Root of the HTTP service that is called, `""` for OData."""
        return (self.service or "").strip("/").partition("/")[0]
