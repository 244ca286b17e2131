"""What lies before a verifier and a signatory: whole specimens, the failing ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.queries.specimens import entered_by, specimens_visible_to, tests_of, to_sign, to_verify
from nongan.laboratory.rules.entry import tidy
from nongan.laboratory.rules.report import Verdict
from nongan.laboratory.rules.states import SpecimenState

if TYPE_CHECKING:
    from nongan.accounts.models import User

MOST = 60  # specimens on one page; what is done makes room for the next
RANK = {Verdict.FAIL.value: 0, Verdict.UNDECIDED.value: 1, Verdict.UNJUDGED.value: 2, Verdict.PASS.value: 3}


@dataclass(frozen=True)
class Waiting:
    """A specimen with its tests, those that fail or are undecided first."""

    specimen: Specimen
    tests: Sequence[Test]

    @property
    def analysts(self) -> list[str]:
        return list(dict.fromkeys(test.entered_by.full_name for test in self.tests if test.entered_by))

    @property
    def undecided(self) -> list[Test]:
        return [test for test in self.tests if test.verdict == Verdict.UNDECIDED]


@dataclass(frozen=True)
class Queue:
    """`shown` of `count` specimens; `own`: how many more wait for others, because this person entered results."""

    shown: Sequence[Waiting]
    count: int
    own: int

    @property
    def left(self) -> int:
        return self.count - len(self.shown)


def queue(user: "User", state: SpecimenState, *, verdict: str = "", text: str = "") -> Queue:
    """What waits for this person in a state: ENTERED to verify, VERIFIED to sign. `text`: part of a code or a food."""
    mine = to_sign(user) if state == SpecimenState.VERIFIED else to_verify(user)
    found = narrowed(mine, verdict, text)
    rank = Case(*(When(verdict=v, then=Value(n)) for v, n in RANK.items()), output_field=IntegerField())
    shown = list(found.select_related("verified_by").annotate(rank=rank).order_by("rank", "received_at", "pk")[:MOST])
    count = found.count() if len(shown) == MOST else len(shown)
    own = specimens_visible_to(user).filter(state=state).filter(entered_by(user)).count()
    return Queue(_with_tests(shown), count, own)


def narrowed(specimens: "QuerySet[Specimen]", verdict: str, text: str) -> "QuerySet[Specimen]":
    wanted = tidy(text)
    if verdict in RANK:
        specimens = specimens.filter(verdict=verdict)
    if wanted:
        specimens = specimens.filter(Q(code__contains=wanted.upper()) | Q(commodity__name__contains=wanted))
    return specimens


def _with_tests(specimens: Sequence[Specimen]) -> list[Waiting]:
    by_specimen: dict[int, list[Test]] = {}
    for test in tests_of(specimens):
        by_specimen.setdefault(test.specimen_id, []).append(test)
    return [
        Waiting(s, sorted(by_specimen.get(s.pk, []), key=lambda test: RANK.get(test.verdict, 9))) for s in specimens
    ]
