import pytest

from tests.programme.factories import adopted


@pytest.fixture
def plan(bureau, county):
    return adopted()
