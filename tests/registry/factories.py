from datetime import date

import factory

from nongan.registry.models import Subject
from nongan.registry.rules import Scale, SubjectType, check_character


def uscc(n: int) -> str:
    """A sound 统一社会信用代码, another one for each n."""
    first = f"91360900{n:09d}"
    return first + check_character(first)


class SubjectFactory(factory.django.DjangoModelFactory[Subject]):
    """`SubjectFactory(division_id=COUNTY)`; `SubjectFactory(person=True)` is a grower without a code."""

    class Meta:
        model = Subject

    class Params:
        person = factory.Trait(type=SubjectType.GROWER, uscc="", name=factory.Sequence("李大农{}".format))

    number = factory.Sequence("ZT-360902-{:06d}".format)
    name = factory.Sequence("彬江镇绿源蔬菜专业合作社{}".format)
    type = SubjectType.COOPERATIVE
    scale = Scale.ABOVE
    uscc = factory.Sequence(uscc)
    division_id = "360902100000"
    contact = "王小明"
    phone = "13800000000"
    products = "辣椒"
    registered_on = date(2025, 3, 1)
