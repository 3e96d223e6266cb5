"""What the portal's tariff includes, and why the portal may be closed to programs.

Source: b24restdocs: api-reference/common/system/feature-get.md.

Which tariff has which feature is documented for `rest_auth_connector` only ('Professional and
above'); the rest is inferred.
"""

from dataclasses import dataclass
from enum import StrEnum


class Block(StrEnum):
    """Why a portal refuses calls whatever its tariff has (b24restdocs: _includes/system-errors.md).

    UNPAID: The application's paid time is over: its calls and its refreshes are refused, those of
        webhooks are not (inferred).
    OVERLOAD: The vendor's support has closed the portal for everybody.
    """

    NONE = ""
    UNPAID = "unpaid"
    OVERLOAD = "overload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A tariff.

    Attributes:
        license: As `app.info` names it.
        offline_extended: `event.offline.get` with clear=0, so that nothing is lost in a crash.
        auth_connector: Own changes can be left out of the offline queue.
        rest: Programs may call at all.
    """

    license: str
    offline_extended: bool
    auth_connector: bool
    rest: bool = True

    @property
    def features(self) -> dict[str, bool]:
        """Answers of `feature.get` by code."""
        return {
            "rest_offline_extended": self.offline_extended,
            "rest_auth_connector": self.auth_connector,
        }


TARIFFS: dict[str, Tariff] = {
    "free": Tariff(license="ru_project", offline_extended=False, auth_connector=False, rest=False),
    "basic": Tariff(license="ru_basic", offline_extended=False, auth_connector=False),
    "standard": Tariff(license="ru_std", offline_extended=False, auth_connector=False),
    "professional": Tariff(license="ru_pro100", offline_extended=True, auth_connector=True),
    "enterprise": Tariff(license="ru_ent250", offline_extended=True, auth_connector=True),
}
