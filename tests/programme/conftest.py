import pytest

from tests.accounts.factories import COUNTY, OrganisationFactory


@pytest.fixture
def bureau():
    return OrganisationFactory(name="宜春市农业农村局", aliases=["市农业农村局"])


@pytest.fixture
def county():
    return OrganisationFactory(name="袁州区人民政府", division_id=COUNTY)
