"""Where the sources about 1C disagree, the behaviour is chosen here by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_type_hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Disputed behaviours of one base.

    Attributes:
        if_match: `ignored`: a write goes through whatever `If-Match` says, as two live bases
            do. `documented`: a version other than the record's is refused with 412.
        line_numbers: `strict`: rows of a table part must be numbered 1..n, a gap is a 400 and
            a missing number a 500, as one live base does. `auto`: rows are numbered anew.
        inlinecount: `with_top`: `$top` and `$skip` hold and the count is of all rows, which is
            what clients rely on. `documented`: the count cancels `$top` and `$skip`.
        resend: What SelectChanges(N) returns beside new rows. `unacknowledged`: all rows
            stamped N or lower. `own_number`: only those stamped N.
        folder_attributes: What a folder shows for attributes that only items have: `null` or
            the type's empty value, `default`.
        licence_status: HTTP status of a call for which no licence is free; nobody noted it.
    """

    if_match: Literal["ignored", "documented"] = "ignored"
    line_numbers: Literal["strict", "auto"] = "strict"
    inlinecount: Literal["with_top", "documented"] = "with_top"
    resend: Literal["unacknowledged", "own_number"] = "unacknowledged"
    folder_attributes: Literal["null", "default"] = "null"
    licence_status: Literal[503, 403, 500] = 503


CHOICES: Mapping[str, tuple[object, ...]] = {
    name: get_args(kind) for name, kind in get_type_hints(Switches).items()
}
"""What each switch can be; the first is what it is unless somebody chooses."""


def chosen(switches: Switches, named: Mapping[str, object]) -> Switches:
    """Switches with those that are named set otherwise, `{"if_match": "documented"}`.

    Raises:
        LookupError: There is no such switch.
        ValueError: A switch cannot be that; the message says what it can be.
    """
    for name, value in named.items():
        if name not in CHOICES:
            raise LookupError(f"No switch {name!r}. There are: {', '.join(CHOICES)}.")
        if value not in CHOICES[name] or isinstance(value, bool):
            known = ", ".join(map(repr, CHOICES[name]))
            raise ValueError(f"Switch {name!r} cannot be {value!r}. Choose one of: {known}.")
    values: dict[str, Any] = dict(named)  # Any: each was held against its switch above.
    return replace(switches, **values)
