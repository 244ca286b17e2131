import pytest

from tests.programme.factories import adopted, coming


@pytest.fixture
def plan(bureau, county):
    return adopted(**coming())


@pytest.fixture
def office(client, plan):
    client.force_login(plan.file.owner)
    return plan.file.owner
