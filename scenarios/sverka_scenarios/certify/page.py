"""The report for people outside: one self-contained page in plain sentences."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from jinja2 import Environment, PackageLoader, StrictUndefined

from sverka_scenarios.certify.certificate import Certificate, told, verdict_sentence
from sverka_scenarios.certify.choice import CATALOGUE_SIZE
from sverka_scenarios.certify.runner import Status, Verdict

HEADLINES = {
    Status.PASSED: "Passed",
    Status.FAILED: "Failed",
    Status.INCONCLUSIVE: "Inconclusive",
}

TITLES = {
    "initial": "First exchange",
    "matching": "Matching of clients",
    "clients": "Clients",
    "employees": "Employees",
    "products": "Products",
    "deals": "Deals and orders",
    "invoices": "Invoices and payments",
    "realtime": "Realtime exchange",
    "schedule": "Exchange by schedule",
    "file": "1C in file mode",
    "limits": "Limits and faults on the way",
    "recovery": "Recovery after crashes",
    "conflicts": "Conflicts, echoes and quiet",
    "custom": "Customization",
}

MEANINGS = {
    "virtual": "Time is simulated: an hour passes in a moment.",
    "direct": "Calls are handed over inside one process.",
    "flask": "Calls go through the web application, without a network.",
    "sockets": "Calls go through real network sockets.",
    "50-2-100": "Page of 50, 2 calls a second, refusal above 100.",
    "cloud": "Page of 50, 2 calls a second, refusal above 50.",
    "enterprise": "Page of 50, 5 calls a second, refusal above 250.",
    "box": "The portal refuses no calls for their rate.",
    "unf": "The 1C configuration “Управление нашей фирмой”.",
    "ut11": "The 1C configuration “Управление торговлей”.",
    "unf16": "The 1C configuration “Управление нашей фирмой”, edition 1.6.",
    "bp30": "The 1C configuration “Бухгалтерия предприятия”.",
    "server": "1C in client/server mode.",
    "strict": "Doubtful matches go to a person.",
    "module": "Doubtful matches are treated as the vendor's module does.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One condition of the run: its name, its value, and what that means to a layman."""

    name: str
    value: str
    meaning: str = ""


def html(certificate: Certificate) -> str:
    pages = Environment(
        loader=PackageLoader("sverka_scenarios.certify"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return pages.get_template("report.html").render(
        certificate=certificate,
        headline=HEADLINES[certificate.verdict],
        sentence=verdict_sentence(certificate),
        partial=sum(verdict.scope != "" for verdict in certificate.verdicts),
        facts=facts(certificate),
        titles=TITLES,
        told=_told,
        virtual=_virtual,
        catalogue=CATALOGUE_SIZE,
    )


def facts(certificate: Certificate) -> list[Fact]:
    usual = certificate.usual
    values = {
        "Clock": certificate.clock,
        "Way of the calls": usual.through,
        "Rate limits of the portal": usual.limits,
        "1C configuration": usual.configuration,
        "1C mode": certificate.mode,
        "Policy for doubtful matches": usual.policy,
    }
    played = f"{certificate.checks} checks, {certificate.seconds:.0f} s in all"
    return [
        Fact("What was certified", f"Sverka {_version()}".strip(), _target(certificate.target)),
        Fact("When", f"{certificate.made_at:%d %B %Y}", f"{certificate.made_at:%H:%M %Z}"),
        Fact("Scenarios", str(len(certificate.verdicts)), played),
        *(Fact(name, value, MEANINGS.get(value, "")) for name, value in values.items()),
        Fact("Seed", str(usual.seed), "The same seed gives the same data and the same chances."),
    ]


def _target(target: str) -> str:
    if target == "embedded":
        return "The built-in core, on emulators of Bitrix24 and 1C."
    return f"{target}, on emulators of Bitrix24 and 1C."


def _told(verdicts: Sequence[Verdict]) -> str:
    return told(Counter(verdict.status for verdict in verdicts))


def _virtual(seconds_s: float) -> str:
    """Virtual time for a person; nothing if none passed."""
    if seconds_s <= 0:
        return ""
    return f"{seconds_s:.0f} s virtual" if seconds_s < 600 else f"{seconds_s / 60:.0f} min virtual"


def _version() -> str:
    try:
        return version("sverka")
    except PackageNotFoundError:
        return ""
