"""`/hs/exchange`: the service that an extension for an exchange would offer. Ours, not 1C's.

Its routes are declared: those of records in `resources`, those of the change table in `feed`, those
of jobs in `jobs`. `/openapi.json` is written from the same declarations.
"""

from functools import lru_cache

from onec_emulator.schemas import Configuration
from onec_emulator.services import Answer, Call, HttpService
from onec_emulator.services.exchange import feed, jobs, record_routes, records
from onec_emulator.services.exchange.openapi import VERSION, document
from onec_emulator.services.exchange.routes import TEXT, Route, Schema, guarded
from onec_emulator.web_sessions import WebSessions

ROOT = "exchange"
VERSIONS: Schema = {
    "type": "object",
    "properties": {"service": TEXT, "configuration": TEXT, "platform": TEXT},
    "required": ["service", "configuration", "platform"],
}


@lru_cache(maxsize=32)
def exchange_service(configuration: Configuration) -> HttpService:
    """The service of all bases of a configuration: it keeps nothing of them.

    Its sessions are the caller's own: `IBSession: start`, the cookie, `IBSession: finish`.
    """
    paths = list(records.collections(configuration))
    schemas = {name: one for path in paths for name, one in record_routes.components(path).items()}
    declared: list[Route] = [route for path in paths for route in record_routes.routes(path)]
    declared += [*(feed.ROUTES if configuration.plan else ()), *jobs.ROUTES]

    def describe(call: Call) -> Answer:
        server = f"{call.base.publication}/hs/{ROOT}"
        return Answer.json(document(configuration.name, server, declared, schemas))

    def show_version(call: Call) -> Answer:
        platform, name = call.base.platform, configuration.name
        return Answer.json({"service": VERSION, "configuration": name, "platform": platform})

    declared += [
        Route(
            verb="GET",
            path="/version",
            name="getVersion",
            about="Версии сервиса и платформы, имя конфигурации",
            handler=show_version,
            answers={200: VERSIONS},
        ),
        Route(
            verb="GET",
            path="/openapi.json",
            name="getOpenApi",
            about="Это описание",
            handler=describe,
            answers={200: {"type": "object"}},
        ),
    ]
    service = HttpService(ROOT, web=WebSessions(reuse="use"))
    for route in declared:
        service.route(route.verb, route.path, writes=route.writes)(guarded(route.handler))
    return service
