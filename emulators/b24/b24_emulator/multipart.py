"""A body of parts as PHP takes it apart: texts into parameters, files into a tree of their own.

A file part is no parameter: PHP keeps it in `$_FILES`, the facts before the subscripts, so that
`photo[a]` is found under `photo[name][a]`, `photo[size][a]`. There are no temporary files here:
`content` holds the bytes where PHP has `tmp_name`. What comes after a broken part is not read.
"""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Event, Field, File, MultipartDecoder, NeedData

from b24_emulator import php

_BLANK_LINE = re.compile(rb"\r\n\r\n|\r\r|\n\n")
MEDIA_TYPE = "multipart/form-data"
NO_FILE = 4
"""PHP's UPLOAD_ERR_NO_FILE: an input for a file was left empty."""

HEAD_BYTES_MAX = 65_536
"""Of one part (inferred): PHP reads a head line by line, and no further than its memory allows."""


def parsed(kind: str, body: bytes) -> tuple[php.Tree, php.Tree]:
    """Parameters and files of a body; `kind` is its content type, with the boundary."""
    boundary = parse_options_header(kind)[1].get("boundary", "")
    texts: list[tuple[str, object]] = []
    files: list[tuple[str, object]] = []
    for part, content in _parts(boundary.encode(), _bounded(boundary.encode(), body)):
        if isinstance(part, File):
            files += _facts(part, content)
        elif part.name:
            texts.append((part.name, content.decode("utf-8", "replace")))
    return php.nested(texts), php.nested(files)


def _bounded(boundary: bytes, body: bytes) -> bytes:
    """The body up to a part too many, or to one whose head is too long to be one."""
    delimiter, end = b"--" + boundary, 0
    for _ in range(php.VARIABLES):
        following = body.find(delimiter, end + 1)
        if following < 0:
            following = len(body)
        head_end = end + HEAD_BYTES_MAX
        if following > head_end and not _BLANK_LINE.search(body, end, head_end):
            break
        if following == len(body):
            return body
        end = following
    return body[:end] + delimiter


def _parts(boundary: bytes, body: bytes) -> Iterator[tuple[Field | File, bytes]]:
    """The parts that came whole."""
    part, content = None, b""
    for event in _events(boundary, body):
        match event:
            case Field() | File():
                part, content = event, b""
            case Data(data=data, more_data=has_more) if part is not None:
                content += data
                if not has_more:
                    yield part, content


def _events(boundary: bytes, body: bytes) -> Iterator[Event]:
    decoder = MultipartDecoder(boundary)
    # The documents' own sample ends with a boundary that neither closes nor ends its line.
    decoder.receive_data(body + b"\r\n")
    while not isinstance(event := _next(decoder), NeedData):
        yield event


def _next(decoder: MultipartDecoder) -> Event:
    try:
        return decoder.next_event()
    except ValueError:
        # A part without a name or with bytes that are no text: PHP stops there too.
        return NeedData()


def _facts(part: File, content: bytes) -> list[tuple[str, Any]]:  # Any: texts, numbers, bytes
    head, bracket, rest = (part.name or "").partition("[")
    is_empty = not part.filename and not content
    facts = {
        "name": part.filename,
        "type": part.headers.get("content-type", ""),
        "content": content,
        "error": NO_FILE if is_empty else 0,
        "size": len(content),
    }
    return [(f"{head}[{name}]{bracket}{rest}", value) for name, value in facts.items() if head]
