"""`/hs/exchange/jobs`: an exchange from outside holds the slot that its jobs would hold inside."""

import pytest

JOBS = "/exchange/jobs"


@pytest.fixture
def jobs(calling):
    """Calls the routes of a file base; returns status and JSON."""
    odata = calling(mode="file")

    def call(verb, path="", body=None):
        return odata.hs(verb, JOBS + path, body=body)

    call.base = odata.base
    return call


@pytest.fixture
def refused(jobs, evidence):
    """The same for calls that are to be refused."""

    def call(*asked, **named):
        with evidence.asserting():
            return jobs(*asked, **named)

    return call


def test_a_job_is_started_beats_and_is_stopped(jobs, refused):
    session = jobs.base.act("open_client", {}, user="Иванова")
    status, job = jobs("POST", body={"name": "export"})
    assert (status, job["name"], job["session"]) == (201, "export", session)
    assert jobs("POST", f"/{job['id']}/beat") == (200, job)
    status, shown = jobs("GET")
    assert (status, shown["mode"], shown["clients"], shown["jobs"]) == (200, "file", 1, [job])
    assert jobs("DELETE", f"/{job['id']}") == (204, None)
    assert refused("POST", f"/{job['id']}/beat")[0] == 410
    assert refused("DELETE", f"/{job['id']}")[0] == 410


def test_a_job_is_refused_without_a_window_and_beside_another_one(jobs, refused):
    status, said = refused("POST", body={"name": "export"})
    assert (status, "открыт сеанс" in said["error"]) == (409, True)
    jobs.base.act("open_client", {}, user="Иванова")
    second = jobs.base.act("open_client", {}, user="Петров")
    assert jobs("POST", body={"name": "export"})[0] == 201
    status, said = refused("POST", body={"name": "import"})
    assert (status, "одно фоновое задание" in said["error"]) == (409, True)
    assert jobs("POST", body={"name": "import", "session": second})[0] == 201


@pytest.mark.parametrize("body", [{}, [], {"name": ""}, {"name": 7}, {"name": "a", "session": 7}])
def test_a_job_without_a_name_is_none(jobs, body):
    assert jobs("POST", body=body)[0] == 400
