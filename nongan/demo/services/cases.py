"""Cases, transfers and disposal: each as far as it would have come by now."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from nongan.demo.services.chains import Hands, Step, disposal, penalty, timed, transfer
from nongan.demo.services.people import City
from nongan.enforcement.queries.cases import cases_visible_to

if TYPE_CHECKING:
    from nongan.enforcement.models import Case


def handle_cases(city: City, chance: Random, at: datetime, progress: Callable[[int], object]) -> None:
    """Every case that opened by itself is driven through the real acts until `at`."""
    for case in list(cases_visible_to(city.reviewer).order_by("opened_at", "pk").select_related("disposal")):
        hands = hands_for(city, case)
        opened = timezone.localtime(case.opened_at)
        slow = 1 if case.banned else chance.choice((1, 1, 1, 2))  # the clocks of a transfer run in hours
        if case.banned:
            acts = transfer(case, hands, chance)
        else:
            acts = penalty(case, hands, chance, minor=chance.random() < 0.1, declined=chance.random() < 0.03)
        do(chain(timed(acts, opened, slow=slow), timed(disposal(case, hands, chance), opened)), at)
        progress(1)


def hands_for(city: City, case: "Case") -> Hands:
    county = case.division_id[:6].ljust(12, "0")
    first, second = city.inspectors(county)
    return Hands(first, second, city.head(county), city.reviewer)


def do(acts: Iterable[tuple[datetime, Step]], at: datetime) -> None:
    """What lies before `at`, in order."""
    for moment, step in sorted(acts, key=lambda one: one[0]):
        if moment > at:
            break
        step.do(moment)
