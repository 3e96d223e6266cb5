"""How much of a body is taken in: the web server in front of either system has such bounds."""

BYTES_MAX = 32 * 1024 * 1024
"""More than a batch with ten pictures; IIS takes 30 MB unless told otherwise (inferred)."""

VALUES_MAX = 500_000
"""More than a document of ten thousand rows."""

MARKS = (b",", b"<", b"=")
"""JSON, XML and forms have one for each value. A picture has each in every 256th byte."""

REMEDY = "Send it in parts."


def too_long(bytes_in: int) -> str:
    """What is told about a body of so many bytes, `""` if it is taken."""
    if bytes_in <= BYTES_MAX:
        return ""
    return f"The body has {bytes_in} bytes, and no more than {BYTES_MAX} are taken. {REMEDY}"


def excess(body: bytes) -> str:
    """What is told about a body that is too large or holds too many values, `""` if neither."""
    values = max(body.count(mark) for mark in MARKS) if len(body) > VALUES_MAX else 0
    if values <= VALUES_MAX:
        return too_long(len(body))
    return f"The body has some {values} values, and no more than {VALUES_MAX} are taken. {REMEDY}"
