import factory

from nongan.accounts.models import Organisation, OrganisationKind, User
from nongan.accounts.rules import Role

CITY, COUNTY, OTHER_COUNTY, TOWN = "360900000000", "360902000000", "360981000000", "360902100000"


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence("市农业农村局{}".format)
    kind = OrganisationKind.GOVERNMENT
    division_id = CITY


class UserFactory(factory.django.DjangoModelFactory[User]):
    """`UserFactory(role=Role.OFFICER, division_id=COUNTY)`; past the first login."""

    class Meta:
        model = User

    username = factory.Sequence("user{}".format)
    full_name = factory.Sequence("张三{}".format)
    role = Role.PROGRAMME_OFFICE
    organisation = factory.SubFactory(OrganisationFactory)
    division_id = CITY
    must_change_password = False
