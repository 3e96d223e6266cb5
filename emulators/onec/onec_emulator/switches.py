"""Where the sources about 1C disagree, the behaviour is chosen here by name."""

from dataclasses import dataclass
from typing import Literal


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
