"""`/hs/exchange/jobs`: what an exchange from outside holds while its jobs run. Ours, not 1C's.

A program outside of 1C has no jobs in it; for a file base's limits to bind it all the same, it
starts a job here, gives signs of life, and stops it. A refusal is 409 with a reason; a job that
ended, by its window or by silence, is 410.
"""

from onec_emulator.services import Answer, Call, HttpService
from onec_emulator.sessions import LEASE_S, Job, JobRefused

JOBS = "/jobs"


def exchange_service() -> HttpService:
    """The service with its routes; each base has one of its own."""
    service = HttpService("exchange")

    @service.route("GET", JOBS)
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

    @service.route("POST", JOBS)
    def start(call: Call) -> Answer:
        order = call.json()
        name = str(order.get("name", "")) if isinstance(order, dict) else ""
        if not name:
            return Answer.json({"error": 'Name the job: {"name": "export"}.'}, 400)
        try:
            job = call.base.sessions.start(name, str(order.get("session") or ""))
        except JobRefused as refused:
            return Answer.json({"error": str(refused)}, 409)
        return Answer.json(_shown(job), 201)

    @service.route("POST", f"{JOBS}/{{id}}/beat")
    def beat(call: Call) -> Answer:
        job = call.base.sessions.beat(call.params["id"])
        return _gone(call.params["id"]) if job is None else Answer.json(_shown(job))

    @service.route("DELETE", f"{JOBS}/{{id}}")
    def stop(call: Call) -> Answer:
        stopped = call.base.sessions.stop(call.params["id"])
        return Answer(204) if stopped else _gone(call.params["id"])

    return service


def _shown(job: Job) -> dict[str, object]:
    return {"id": job.key, "name": job.name, "session": job.carrier or None}


def _gone(key: str) -> Answer:
    return Answer.json({"error": f"Задание {key} не выполняется. Запустите его заново."}, 410)
