"""`/jobs`: what an exchange from outside holds while its jobs run. Ours, not 1C's.

A program outside of 1C has no jobs in it; for a file base's limits to bind it all the same, it
starts a job here, gives signs of life, and stops it. A refusal is 409 with a reason; a job that
ended, by its window or by silence, is 410.
"""

from onec_emulator.services import Answer, Call
from onec_emulator.services.exchange.routes import COUNT, TEXT, Refused, Route, Schema, body_of
from onec_emulator.sessions import LEASE_S, Job, JobRefused


def show(call: Call) -> Answer:
    sessions = call.base.sessions
    return Answer.json(
        {
            "mode": sessions.mode,
            "clients": len(sessions.clients),
            "lease_s": LEASE_S,
            "jobs": [_shown(job) for job in sessions.jobs()],
        }
    )


def start(call: Call) -> Answer:
    body = body_of(call)
    name, session = body.get("name"), body.get("session") or ""
    for thing, value, example in (("name", name, "export"), ("session", session, "client-1")):
        if not isinstance(value, str) or (thing == "name" and not value):
            remedy = f'Передайте строку: {{"{thing}": "{example}"}}.'
            raise Refused(400, f"Нет {thing}.", thing=thing, value=value, remedy=remedy)
    try:
        job = call.base.sessions.start(str(name), session)
    except JobRefused as refused:
        remedy = "Повторите, когда освободится место."
        raise Refused(409, str(refused), thing="job", value=name, remedy=remedy) from refused
    return Answer.json(_shown(job), 201)


def beat(call: Call) -> Answer:
    key = call.params["id"]
    job = call.base.sessions.beat(key)
    if job is None:
        raise _gone(key)
    return Answer.json(_shown(job))


def stop(call: Call) -> Answer:
    key = call.params["id"]
    if not call.base.sessions.stop(key):
        raise _gone(key)
    return Answer(204)


def _shown(job: Job) -> dict[str, object]:
    return {"id": job.key, "name": job.name, "session": job.carrier or None}


def _gone(key: str) -> Refused:
    text = f"Задание {key} не выполняется."
    return Refused(410, text, thing="job", value=key, remedy="Запустите его заново.")


JOB: Schema = {
    "type": "object",
    "properties": {"id": TEXT, "name": TEXT, "session": {"type": ["string", "null"]}},
    "required": ["id", "name", "session"],
}
STATE: Schema = {
    "type": "object",
    "properties": {
        "mode": {"enum": ["server", "file"]},
        "clients": COUNT,
        "lease_s": {"type": "number"},
        "jobs": {"type": "array", "items": JOB},
    },
    "required": ["mode", "clients", "lease_s", "jobs"],
}
ORDER: Schema = {
    "type": "object",
    "properties": {"name": {**TEXT, "minLength": 1}, "session": {"type": ["string", "null"]}},
    "required": ["name"],
}
ROUTES = (
    Route(
        verb="GET",
        path="/jobs",
        name="listJobs",
        about="Режим базы, открытые окна и задания, которые выполняются",
        handler=show,
        answers={200: STATE},
    ),
    Route(
        verb="POST",
        path="/jobs",
        name="startJob",
        about="Занять место фонового задания, или окно с этим номером сеанса",
        handler=start,
        body=ORDER,
        answers={201: JOB},
        refusals=(409,),
    ),
    Route(
        verb="POST",
        path="/jobs/{id}/beat",
        name="beatJob",
        about="Подтвердить, что задание живо",
        handler=beat,
        answers={200: JOB},
        refusals=(410,),
    ),
    Route(
        verb="DELETE",
        path="/jobs/{id}",
        name="stopJob",
        about="Завершить задание",
        handler=stop,
        answers={204: None},
        refusals=(410,),
    ),
)
