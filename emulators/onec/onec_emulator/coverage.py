"""What a base answers: operations, options, routes, and the sets of its configuration.

What a configuration declares is known by a key with its name, `unf/Catalog_Контрагенты`; the rest
is the same in all of them. `evidence.json` is written by the tests themselves.
"""

from collections.abc import Iterator, Mapping

from onec_emulator.odata.functions import ELSEWHERE, FUNCTIONS, REFUSED
from onec_emulator.odata.operations import GUIDE, NOT_BUILT, OPERATIONS, TABLE, Operation, Target
from onec_emulator.odata.options import READERS
from onec_emulator.schemas import Configuration
from onec_emulator.schemas.files import BUILT, load
from onec_emulator.schemas.virtual import SLICES
from onec_emulator.services import HttpService
from onec_emulator.services.exchange import exchange_service
from sverka_emulator_kit.coverage import Coverage, Extent, Subject, claims_of
from sverka_emulator_kit.provenance import Provenance, documented, inferred, observed

PACKAGE = "onec_emulator"
ALLOWED_ONLY = "allowedOnly"
OPTIONS = (*READERS, ALLOWED_ONLY)
RELEASES = {
    "unf": "УНФ 3.0.8.73",
    "unf16": "УНФ для Украины 1.6.4.1, antonbergit/skarby1c8",
    "ut11": "УТ 11.5.20.68",
    "bp30": "БП 3.0.82.24",
}
LIBRARY = observed("the library of standard subsystems, as УТ, БП and УНФ hold it")
ODDLY_KNOWN: Mapping[str, Provenance] = {
    "Catalog_Банки": observed("the description of the catalogue's form"),
    "Catalog_НаборыДополнительныхРеквизитовИСведений": inferred("public queries over it"),
}
OWN_FILE = inferred("whoever wrote the configuration's file declares it")
LIMITS = (
    "lack_batch",
    "lack_values",
    "lack_accounts",
    "lack_objects",
    "lack_unpublished",
    "lack_services",
    "lack_rights",
    "lack_licences",
    "lack_rules",
    "lack_operational",
    "lack_platform",
    "lack_case",
)
"""Keys of words: what else is not emulated."""


def coverage(configuration: Configuration) -> Coverage:
    """All that a base of this configuration answers."""
    return Coverage([*_common(), *_own(configuration)], LIMITS)


def subjects() -> set[str]:
    """Keys of all subjects, of every built configuration: what tests may have evidence for."""
    own = {key(load(name), subject.name) for name in BUILT for subject in _own(load(name))}
    return {subject.name for subject in _common()} | own


def key(configuration: Configuration, name: str) -> str:
    """What evidence calls a set, or a virtual table `Register/Balance`, of a configuration."""
    return f"{configuration.name}/{name}"


def is_built(configuration: Configuration) -> bool:
    """Whether its sets are those of this package: a file of one's own may take any name."""
    name = configuration.name
    return name in BUILT and configuration.sets is load(name).sets


def operation_name(operation: Operation) -> str:
    return f"{operation.verb} {operation.target}"


def filter_function(name: str) -> str:
    """What evidence calls a function of `$filter`."""
    return f"$filter {name}()"


def routes(service: HttpService) -> Iterator[tuple[str, str]]:
    """Verb and path of each route of a service."""
    for template in service.templates:
        path = "/".join(("/hs", service.root, *template.segments))
        yield from ((verb, path) for verb in template.handlers)


def _common() -> Iterator[Subject]:
    claims = claims_of(PACKAGE)

    def subject(name: str, group: str, source: Provenance) -> Subject:
        return Subject(name, group, Extent.FULL, source, claims.get(name, {}))

    for operation in TABLE:
        yield subject(operation_name(operation), "operation", operation.source)
    for option in OPTIONS:
        is_guides = option != "$allowedOnly"
        source = documented(GUIDE) if is_guides else observed("clients write it so")
        yield subject(option, "option", source)
    for name in (*FUNCTIONS, *ELSEWHERE):
        yield subject(filter_function(name), "filter_function", documented(GUIDE))
    for name in REFUSED:
        yield subject(filter_function(name), "filter_refusal", documented(GUIDE))
    for name in sorted(NOT_BUILT):
        yield Subject(name, "function", Extent.NONE, None, claims.get(name, {}))


def _own(configuration: Configuration) -> Iterator[Subject]:
    claims = claims_of(PACKAGE) if is_built(configuration) else {}

    def subject(name: str, group: str, source: Provenance) -> Subject:
        held = claims.get(key(configuration, name), {})
        return Subject(name, group, Extent.FULL, source, held)

    for name, entity in configuration.published.items():
        source = _source(configuration, name)
        yield subject(name, "set", source)
        for part in entity.parts:
            yield subject(entity.part_set(part), "rows", source)
        for function in entity.virtual_tables:
            yield subject(f"{name}/{function}", "virtual_table", _function(function).source)
    for verb, path in routes(exchange_service(configuration)):
        yield subject(f"{verb} {path}", "route", inferred("ours: 1C has no such service"))


def _function(name: str) -> Operation:
    return OPERATIONS["GET", Target.SLICE if name in SLICES else Target.TOTALS]


def _source(configuration: Configuration, name: str) -> Provenance:
    if not is_built(configuration):
        return OWN_FILE
    if name == configuration.plan:
        return inferred("ours: the plan that an exchange would bring along")
    if name in ODDLY_KNOWN:
        return ODDLY_KNOWN[name]
    release = RELEASES.get(configuration.name)
    return observed(f"{release}: as in the configuration") if release else LIBRARY
