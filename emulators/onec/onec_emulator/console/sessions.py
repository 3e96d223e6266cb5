"""Who is in the base: windows, jobs, exclusive mode."""

from typing import TYPE_CHECKING

from sverka_emulator_kit.console.blocks import Buttons, Facts, Field, Form, Table
from sverka_emulator_kit.console.cells import Act, Code, Mark, Moment, Word
from sverka_emulator_kit.console.page import Look, Page, Sheet

if TYPE_CHECKING:
    from onec_emulator.infobase import Infobase

WINDOWS = ("session", "user", "close")
JOBS = ("job", "session", "carrier", "sort", "last_sign", "stop")


def show(look: "Look[Infobase]") -> Sheet:
    base = look.system
    sessions = base.sessions
    told = sessions.locked()
    until_s = sessions.exclusive_until_s
    windows = [
        [Code(session), user, _act("close", "close_client", session=session)]
        for session, user in sessions.clients.items()
    ]
    jobs = [
        [
            job.name,
            Code(job.key),
            Code(job.carrier) if job.carrier else Word("cluster"),
            Word("background" if job.is_background else "in_window"),
            Moment(job.beat_at_s),
            _act("stop", "stop_job", job=job.key),
        ]
        for job in sessions.jobs()
    ]
    state: list[tuple[object, object]] = [
        (Word("mode"), Word(base.mode)),
        (Word("runs_jobs"), Word("yes" if sessions.runs_jobs() else "no")),
        (Word("base"), Mark(Word("is_locked" if told else "is_open"), "bad" if told else "good")),
    ]
    limit = Word("unlimited") if sessions.licences is None else sessions.licences
    state += [(Word("licences"), limit), (Word("licences_taken"), sessions.taken())]
    if told:
        state.append((Word("callers_are_told"), told))
    if until_s is not None:
        state.append((Word("until"), Moment(until_s)))
    person = (
        Field("name", "name", "hidden", "open_client"),
        Field("user", "user", value="Иванова", required=True),
    )
    lock = (
        Field("name", "name", "hidden", "begin_exclusive"),
        Field("params.text", "callers_are_told", hint="usual_text"),
        Field("params.for_s", "for_s", "number", hint="till_ended"),
    )
    job = (
        Field("name", "name", "hidden", "start_job"),
        Field("params.name", "job", value="ПересчетИтогов", required=True),
        Field("params.for_s", "for_s", "number", hint="an_hour"),
    )
    licences = (
        Field("name", "name", "hidden", "set_licences"),
        Field("params.count", "licences", "number", hint="unlimited"),
    )
    return Sheet(
        [
            Facts("base", state),
            Table("windows", WINDOWS, windows, "no_windows", len(windows)),
            Form("open_window", "act", person, "open"),
            Table("jobs", JOBS, jobs, "no_jobs", len(jobs)),
            Form("start_job", "act", job, "start"),
            Form("set_licences", "act", licences, "set"),
            Form("begin_exclusive", "act", lock, "lock"),
            Buttons("end_exclusive", [_act("unlock", "end_exclusive")]),
        ]
    )


def _act(label: str, deed: str, **params: object) -> Act:
    about = str(next(iter(params.values()), ""))
    return Act(label, "act", {"name": deed, "params": params}, about=about)


PAGE: "Page[Infobase]" = Page("sessions", "sessions", show)
