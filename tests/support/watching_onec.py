"""Tells the collector what of a base was answered or refused: operation, set, options, route."""

from collections.abc import Iterator

from collecting import Collector
from onec_emulator import app
from onec_emulator.app import Publication
from onec_emulator.coverage import (
    OPTIONS,
    PACKAGE,
    filter_function,
    is_built,
    key,
    operation_name,
    routes,
)
from onec_emulator.odata.address import decoded
from onec_emulator.odata.ask import Ask
from onec_emulator.odata.errors import ODataError
from onec_emulator.odata.functions import called
from onec_emulator.odata.operations import NOT_BUILT, find
from onec_emulator.services.dispatch import match
from onec_emulator.services.exchange import exchange_service
from sverka_emulator_kit.messages import Reply

WRITTEN_ANYWHERE = "$format"
"""An option that stands beside others without being what a request is about."""


def watch(collector: Collector) -> None:
    perform = app.perform

    def watched(publication: Publication, ask: Ask, unreadable: ODataError | None) -> Reply:
        reply = perform(publication, ask, unreadable)
        if reply.status < 400:
            for subject in _answered(publication, ask):
                collector.answered(PACKAGE, subject)
        else:
            for subject in _refused(publication, ask):
                collector.refused(PACKAGE, subject)
        return reply

    app.perform = watched


def _answered(publication: Publication, ask: Ask) -> Iterator[str]:
    yield from _addressed(publication, ask)
    yield from _options(ask)
    yield from map(filter_function, _functions(ask))


def _refused(publication: Publication, ask: Ask) -> Iterator[str]:
    """A refusal is an option's, or a function's, only if no other one could be meant."""
    yield from _addressed(publication, ask)
    names = list(_options(ask))
    meant = [name for name in names if name != WRITTEN_ANYWHERE] or names
    if len(meant) == 1 and ask.request.verb == "GET":
        yield meant[0]
        if meant == ["$filter"] and len(functions := _functions(ask)) == 1:
            yield filter_function(*functions)


def _addressed(publication: Publication, ask: Ask) -> Iterator[str]:
    if ask.service is not None:
        yield from _route(publication, ask)
        return
    name, rest = ask.address.name, ask.address.rest
    below = rest[0].partition("(")[0] if rest else ""
    yield from NOT_BUILT & {name, below}
    service = publication.service
    try:
        yield operation_name(find(service, ask))
        service.require(name)
    except ODataError:
        return
    configuration = service.books.configuration
    if is_built(configuration):
        yield key(configuration, name)
        entity = configuration.published.get(name)
        if entity and below in entity.virtual_tables:
            yield key(configuration, f"{name}/{below}")


def _options(ask: Ask) -> Iterator[str]:
    if ask.service is None:
        names = {decoded(pair.partition("=")[0]) for pair in ask.request.query.split("&")}
        yield from sorted(names & set(OPTIONS))


def _functions(ask: Ask) -> set[str]:
    if ask.service is not None:
        return set()
    pairs = (pair.partition("=") for pair in ask.request.query.split("&"))
    texts = (decoded(text) for name, _, text in pairs if decoded(name) == "$filter")
    return {name for text in texts for name in called(text)}


def _route(publication: Publication, ask: Ask) -> Iterator[str]:
    configuration = publication.service.books.configuration
    root, *segments = decoded(ask.service or "").strip("/").split("/")
    service = exchange_service(configuration)
    found = match(service.templates, segments) if root == service.root else None
    if found is not None and is_built(configuration):
        verb, path = ask.request.verb, "/".join(("/hs", root, *found[0].segments))
        if (verb, path) in set(routes(service)):
            yield key(configuration, f"{verb} {path}")
