"""The pages of a console behind a door: addresses, guards, language and colours, drawing."""

import importlib.resources
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sverka_emulator_kit.clock import WallClock
from sverka_emulator_kit.console.blocks import Note
from sverka_emulator_kit.console.drawing import environment
from sverka_emulator_kit.console.page import Console, Look, NotThere, Page, Sheet
from sverka_emulator_kit.console.words import LANGUAGES, WORDS, preferred, translated
from sverka_emulator_kit.control import ROOT as PLANE
from sverka_emulator_kit.guard import barred
from sverka_emulator_kit.snapshots import NamedStates
from sverka_emulator_kit.system import System

S = TypeVar("S", bound=System)
BELOW = "/console"
ROOT = PLANE + BELOW
STATIC = f"{BELOW}/static/"
CHOSEN: Mapping[str, tuple[str, ...]] = {"lang": LANGUAGES, "theme": ("auto", "light", "dark")}
"""What a person chooses for all pages, kept in cookies."""
YEAR_S = 365 * 86_400
FILES = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
HEADERS = {
    # Nothing comes from the net, no page of others may hold this one in a frame.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def console_pages(
    console: Console[S], system: S, lock: AbstractContextManager[bool], states: NamedStates
) -> Callable[[str], AnyResponse | None]:
    """Answers to a path below the control plane's root; None if it is none of the console's.

    Who may come is the control plane's to say.
    """
    listed = {f"{BELOW}/{page.path}".rstrip("/"): page for page in console.pages}
    words = {**WORDS, **console.words}
    templates = environment()

    def shown(page: Page[S]) -> AnyResponse:
        if set(CHOSEN) & set(request.args):
            return _chosen()
        look = Look(system, request.args, states)
        with lock:
            sheet, status = _sheet(page, look)
            now_s = system.clock.now_s()
        language = _choice("lang") or preferred(request.headers.get("Accept-Language", ""))
        html = templates.get_template("frame.html").render(
            console=console,
            system=system.name,
            page=page,
            sheet=sheet,
            now_s=now_s,
            frozen=isinstance(system.clock, WallClock) and system.clock.is_frozen,
            language=language,
            theme=_choice("theme") or "auto",
            args=request.args,
            root=ROOT,
            plane=PLANE,
            t=partial(_word, words, language),
            url=_url,
        )
        return Response(html, status, content_type="text/html; charset=utf-8")

    def answer(path: str) -> AnyResponse | None:
        page, name = listed.get(path.rstrip("/")), path.removeprefix(STATIC)
        if request.method not in ("GET", "HEAD") or (page is None and name == path):
            return None
        if reason := barred():
            return Response(reason, 403, content_type="text/plain; charset=utf-8")
        sent = shown(page) if page else _static(name)
        sent.headers.update(HEADERS)
        return sent

    return answer


def _sheet(page: Page[S], look: Look[S]) -> tuple[Sheet, int]:
    try:
        return page.show(look), 200
    except NotThere as missing:
        return Sheet([Note(str(missing))]), 404


def _static(name: str) -> Response:
    if name not in FILES:
        return Response(f"There is no {name!r}.", 404, content_type="text/plain; charset=utf-8")
    folder = importlib.resources.files("sverka_emulator_kit.console") / "static"
    return Response((folder / name).read_bytes(), content_type=FILES[name])


def _choice(name: str) -> str:
    value = request.cookies.get(name, "")
    return value if value in CHOSEN[name] else ""


def _chosen() -> AnyResponse:
    """Keep what was chosen, and show the same page again."""
    rest = {name: value for name, value in request.args.items() if name not in CHOSEN}
    answer = redirect(request.path + (f"?{urlencode(rest)}" if rest else ""), 303)
    for name, values in CHOSEN.items():
        if (value := request.args.get(name)) in values:
            answer.set_cookie(name, str(value), YEAR_S, path=ROOT, samesite="Strict", httponly=True)
    return answer


def _word(words: Mapping[str, tuple[str, str]], language: str, key: str) -> str:
    return translated(words, key, language)


def _url(path: str, args: Mapping[str, Any]) -> str:  # Any: texts and numbers
    return f"{ROOT}/{path}" + (f"?{urlencode(args)}" if args else "")
