"""People of two departments, and callers that have the rights of one of them."""

import pytest


@pytest.fixture
def staff(portal):
    """Users 2 and 3 of sales, 4 of its branch, 5 of the store; numbers by name."""
    departments = {}
    for name, parent in (("sales", "root"), ("branch", "sales"), ("store", "root")):
        asked = {"NAME": name, "PARENT": departments.get(parent, 1)}
        departments[name] = portal.act("department.add", asked)
    people = {"anna": "sales", "boris": "sales", "vera": "branch", "gleb": "store"}
    return {
        name: portal.act(
            "user.add", {"EMAIL": f"{name}@sever.example", "UF_DEPARTMENT": [departments[where]]}
        )
        for name, where in people.items()
    }


@pytest.fixture
def narrow(portal, staff, hook):
    """Gives Anna rights and returns her caller by webhook."""

    def make(rights):
        user = staff["anna"]
        portal.act("portal.rights", {"user": user, "rights": rights})
        path = portal.act("portal.webhook", {"user": user})
        return type(hook)(portal, path)

    return make


@pytest.fixture
def companies(staff, company):
    """A closed company of each of the staff, and an open one of Gleb's; numbers by name."""
    made = {name: company(name, ASSIGNED_BY_ID=user, OPENED="N") for name, user in staff.items()}
    return made | {"open": company("open", ASSIGNED_BY_ID=staff["gleb"], OPENED="Y")}
