"""What is asked of the values of settings."""

from collections.abc import Iterable

from sverka.errors import SettingsError


def require_url(setting: str, url: str, *, shown: str = "") -> None:
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(
            setting=setting,
            value=shown or url,
            remedy="Write the address with http:// or https://.",
        )


def require_known(
    setting: str, given: Iterable[str], known: Iterable[str], what: str = "kinds"
) -> None:
    if unknown := set(given) - set(known):
        raise SettingsError(
            setting=setting, value=sorted(unknown), remedy=f"Known {what} are {sorted(known)}."
        )
