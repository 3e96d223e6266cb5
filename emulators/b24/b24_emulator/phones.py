"""The normal form in which the portal compares phones.

Inferred from public product sources: digits only, eleven digits of a Russian number begin with 7.
"""

import re

_EXTENSION = re.compile(r"[,;#]|доб|ext", re.IGNORECASE)
_LONG_ENOUGH = 10
_ABROAD = ("80", "81", "82")


def normal_phone(value: object) -> str:
    """`79161234567` for `8 (916) 123-45-67 доб. 12`; extensions are left out."""
    number = _EXTENSION.split(str(value or ""), maxsplit=1)[0]
    digits = "".join(sign for sign in number if sign.isdecimal())
    is_domestic = digits.startswith("8") and not digits.startswith(_ABROAD)
    return f"7{digits[1:]}" if is_domestic and len(digits) >= _LONG_ENOUGH else digits
