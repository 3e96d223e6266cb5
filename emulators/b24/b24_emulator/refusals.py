"""How the portal refuses, in its own words: code, text and HTTP status.

Classic CRM methods mostly give an empty code and say everything in the text
(b24restdocs: api-reference/crm/**).
"""

from collections.abc import Mapping


class PortalRefusal(ValueError):
    """The portal refuses a call.

    Attributes:
        code: `error` of the answer, often empty.
        text: `error_description` of the answer.
        status: HTTP status of the answer.
    """

    def __init__(self, code: str, text: str, status: int = 400) -> None:
        super().__init__(f"The portal refused with code {code!r}: {text}")
        self.code = code
        self.text = text
        self.status = status


class V3Refusal(PortalRefusal):
    """REST 3.0 refuses a call; `code` bears its prefix, `text` is the message.

    Attributes:
        validation: `{field, message}` of each argument that is wrong.
    """

    PREFIX = "BITRIX_REST_V3_EXCEPTION_"

    def __init__(
        self,
        kind: str,
        text: str,
        status: int = 400,
        validation: tuple[Mapping[str, str], ...] = (),
    ) -> None:
        super().__init__(self.PREFIX + kind, text, status)
        self.validation = validation


class SeedUnusable(ValueError):
    """A seed or a snapshot cannot be read; the message names the place and the remedy."""


def not_found(text: str = "Not found") -> PortalRefusal:
    return PortalRefusal("", text)


def id_invalid() -> PortalRefusal:
    return PortalRefusal("", "ID is not defined or invalid.")


def not_an_array(parameter: str) -> PortalRefusal:
    return PortalRefusal("", f"Parameter '{parameter}' must be array.")


def save_failed(text: str) -> PortalRefusal:
    return PortalRefusal("ERROR_CORE", text)


def method_unknown() -> PortalRefusal:
    return PortalRefusal("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)


def access_denied(text: str = "Access denied!") -> PortalRefusal:
    return PortalRefusal("ACCESS_DENIED", text, 403)


def administrators_only(what: str) -> PortalRefusal:
    return access_denied(f"Access denied! {what} requires administrator access rights")


def tariff_too_small() -> PortalRefusal:
    return access_denied("Access denied! Available only on extended plans")


def plan_without_rest() -> PortalRefusal:
    return access_denied("REST API is available only on commercial plans")


def subscription_ended() -> PortalRefusal:
    return PortalRefusal("PAYMENT_REQUIRED", "Subscription has been ended", 401)


def overloaded() -> PortalRefusal:
    return PortalRefusal("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 503)


def wrong_auth_type() -> PortalRefusal:
    return PortalRefusal(
        "WRONG_AUTH_TYPE", "Current authorization type is denied for this method", 403
    )


def too_many_requests() -> PortalRefusal:
    return PortalRefusal("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)


def operation_time_limit() -> PortalRefusal:
    return PortalRefusal(
        "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429
    )
