"""A second person looks: verify, send back for correction, judge again, leave an item unjudged."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.journal.services import Act, record, record_many
from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.queries.judging import judgements_of
from nongan.laboratory.queries.specimens import specimens_visible_to, tests_of
from nongan.laboratory.rules.report import Verdict, overall
from nongan.laboratory.rules.states import (
    SpecimenState,
    check_judgeable,
    check_leavable,
    check_move,
    check_reason,
    check_returnable,
    check_seen,
    check_verifier,
)
from nongan.laboratory.services.judging import change, clear_judgements, keep_judgements

if TYPE_CHECKING:
    from nongan.accounts.models import User


def locked(seen: Mapping[str, int], by: "User", permission: Permission) -> list[Specimen]:
    """The specimens (blind code → version that the person saw), locked and unchanged since.

    Raises DoesNotExist, PermissionDenied, Stale.
    """
    visible = specimens_visible_to(by).select_related("verified_by").select_for_update(of=("self",))
    found = list(visible.filter(code__in=list(seen)).order_by("pk"))
    if missing := set(seen) - {specimen.code for specimen in found}:
        raise Specimen.DoesNotExist(f"No specimen {sorted(missing)[0]}")
    require(by, permission)
    for specimen in found:
        check_seen(specimen.code, specimen.version, seen[specimen.code])
    return found


def analysts(tests: Sequence[Test]) -> dict[int, set[int]]:
    """Specimen → who entered its results."""
    people: dict[int, set[int]] = {}
    for test in tests:
        if test.entered_by_id is not None:
            people.setdefault(test.specimen_id, set()).add(test.entered_by_id)
    return people


@transaction.atomic
def verify(*, seen: Mapping[str, int], by: "User", at: datetime) -> list[Specimen]:
    """A second person has compared the results with the raw records, as many specimens at once as one likes: all, or
    none. `seen`: blind code → version that lay before the eyes. Raises Stale, MoveNotAllowed, SamePerson.
    """
    specimens = locked(seen, by, Permission.RESULT_VERIFY)
    people = analysts(list(Test.objects.filter(specimen__in=specimens)))
    for specimen in specimens:
        check_move(specimen.code, specimen.state, SpecimenState.VERIFIED)
        check_verifier(specimen.code, by.pk, {specimen.submitted_by_id or 0} | people.get(specimen.pk, set()))
    Test.objects.filter(specimen__in=specimens).update(verified_by=by)
    change(specimens, state=SpecimenState.VERIFIED, verified_by=by, verified_at=at)
    _record_all("laboratory.results.verified", specimens, by, at)
    return specimens


@transaction.atomic
def return_for_correction(*, seen: Mapping[str, int], reason: str, by: "User", at: datetime) -> list[Specimen]:
    """Send specimens back to be corrected, with the reason; from verification or from signing.

    Raises Stale, MoveNotAllowed, ReasonMissing.
    """
    specimens = locked(seen, by, Permission.RESULT_VERIFY)
    words = check_reason(reason)
    for specimen in specimens:
        check_returnable(specimen.code, specimen.state)
    reopen(specimens, words)
    _record_all("laboratory.results.returned", specimens, by, at, note=words)
    return specimens


def reopen(specimens: Sequence[Specimen], reason: str) -> None:
    """Results can be changed again. The state goes first: the database guards the results of a signed specimen."""
    change(
        specimens, state=SpecimenState.RECEIVED, return_reason=reason, verdict="", banned=False, submitted_by=None,
        submitted_at=None, verified_by=None, verified_at=None,
    )  # fmt: skip
    clear_judgements(specimens)


@transaction.atomic
def rejudge(*, seen: Mapping[str, int], by: "User", at: datetime) -> list[Specimen]:
    """Judge again by the limits as they stand now, after limits were imported or corrected. The state stays.

    Raises Stale, MoveNotAllowed.
    """
    specimens = locked(seen, by, Permission.RESULT_VERIFY)
    for specimen in specimens:
        check_judgeable(specimen.code, specimen.state)
    tests = list(tests_of(specimens))
    keep_judgements(specimens, tests, judgements_of(specimens, tests))
    _record_all("laboratory.results.rejudged", specimens, by, at)
    return specimens


@transaction.atomic
def leave_unjudged(*, code: str, seen: int, analyte: str, reason: str, by: "User", at: datetime) -> Specimen:
    """The signatory takes it upon himself that an undecided item is not judged, and says why; the report prints it.

    Raises Stale, MoveNotAllowed, ReasonMissing.
    """
    (specimen,) = locked({code: seen}, by, Permission.REPORT_SIGN)
    words = check_reason(reason)
    test = tests_of([specimen]).get(analyte_id=analyte)
    check_leavable(
        code, test.analyte.name, specimen.state, undecided=test.verdict == Verdict.UNDECIDED, forbidden=test.forbidden
    )
    test.verdict, test.unjudged_reason = Verdict.UNJUDGED, words
    test.save(update_fields=["verdict", "unjudged_reason"])
    specimen.verdict = overall(tests_of([specimen]).values_list("verdict", flat=True))
    change([specimen], "verdict")
    record(
        "laboratory.item.left_unjudged", on=specimen, by=by, at=at, division=specimen.laboratory.division_id,
        code=code, analyte=analyte, note=f"{test.analyte.name}：{words}",
    )  # fmt: skip
    return specimen


def _record_all(action: str, specimens: Sequence[Specimen], by: "User", at: datetime, **details: str) -> None:
    acts = [
        Act(action, s, {"code": s.code, "verdict": s.verdict, **details}, s.laboratory.division_id) for s in specimens
    ]
    record_many(acts, by=by, at=at)
