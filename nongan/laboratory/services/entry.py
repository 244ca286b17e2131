"""Results are typed, saved as they stand, and handed in when they are whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.words import listed, mark
from nongan.journal.services import Act, record_many
from nongan.laboratory.models import Specimen, Test, Usual
from nongan.laboratory.queries.judging import judgements_of
from nongan.laboratory.queries.specimens import specimens_visible_to, tests_of
from nongan.laboratory.queries.worksheet import Key, Now
from nongan.laboratory.rules.entry import LONGEST, EntryRefused, Typed, faults_of_day, is_screening, is_touched, read
from nongan.laboratory.rules.states import SpecimenState, check_move
from nongan.laboratory.services.judging import keep_judgements

if TYPE_CHECKING:
    from nongan.accounts.models import User

KEPT = ["text", "unit", "lod", "loq", "method", "tested_on", "detected", "entered_by", "entered_at"]


@dataclass(frozen=True)
class Entry:
    """A row as typed. `seen`: digest of the row that the person had before the eyes (rules.entry.Typed.digest);
    None when the row was not seen (a file, another system): then only an empty row, or one's own, is written."""

    code: str
    analyte: str
    typed: Typed
    seen: str | None = None


@dataclass(frozen=True)
class Saved:
    """How many rows were written, and those that were not because somebody else was there first."""

    changed: int
    conflicts: Mapping[Key, Now]


@transaction.atomic
def enter_results(*, entries: Sequence[Entry], tested_on: date, by: "User", at: datetime) -> Saved:
    """Save rows of a worksheet as they are typed, half-filled and faulty ones too; they are checked when handed in.

    A row that somebody else changed since it was seen is left alone and comes back as a conflict. However many rows,
    the number of statements is bounded (about one for every 50 rows). Raises EntryRefused.
    """
    found = specimens_visible_to(by).select_for_update(of=("self",)).filter(code__in={e.code for e in entries})
    specimens = {specimen.code: specimen for specimen in found}
    if missing := {entry.code for entry in entries} - set(specimens):
        raise Specimen.DoesNotExist(f"No specimen {sorted(missing)[0]}")
    require(by, Permission.RESULT_ENTER)
    _check_day(tested_on, specimens.values(), timezone.localdate(at))
    tests = {(test.specimen_id, test.analyte_id): test for test in tests_of(specimens.values())}
    changed: list[tuple[Test, str]] = []
    conflicts: dict[Key, Now] = {}
    for entry in entries:
        specimen = specimens[entry.code]
        test = _ordered(tests, specimen, entry)
        if is_touched(entry.typed, entry.seen, now=test.typed):
            if conflict := _conflict(entry, specimen, test, by):
                conflicts[entry.code, entry.analyte] = conflict
            else:
                changed.append((test, test.text))
                _write(test, entry.typed, tested_on, by, at)
    _keep(changed, specimens.values(), by, at)
    return Saved(len(changed), conflicts)


def _check_day(day: date, specimens: Iterable[Specimen], on: date) -> None:
    for specimen in specimens:
        for fault in faults_of_day(day, received_on=timezone.localdate(specimen.received_at), on=on):
            raise EntryRefused(f"{specimen.code}{mark('：')}{fault}")


def _ordered(tests: Mapping[tuple[int, str], Test], specimen: Specimen, entry: Entry) -> Test:
    test = tests.get((specimen.pk, entry.analyte))
    if test is None:
        raise EntryRefused(_("样品 %(code)s 没有送检项目“%(item)s”。") % {"code": entry.code, "item": entry.analyte})
    for field, most in LONGEST.items():
        if len(getattr(entry.typed, field)) > most:
            raise EntryRefused(_("样品 %(code)s：有一格超过 %(n)s 个字，请缩短。") % {"code": entry.code, "n": most})
    return test


def _conflict(entry: Entry, specimen: Specimen, test: Test, by: "User") -> Now | None:
    now = test.typed
    is_open = specimen.state == SpecimenState.RECEIVED
    mine = test.entered_by_id in {None, by.pk}
    if is_open and (mine if entry.seen is None else now.digest == entry.seen):
        return None
    who = test.entered_by.full_name if test.entered_by else ""
    return Now(now, who, test.entered_at, is_open)


def _write(test: Test, typed: Typed, tested_on: date, by: "User", at: datetime) -> None:
    test.text, test.unit, test.lod, test.loq, test.method = (
        typed.text, typed.unit, typed.lod, typed.loq, typed.method,
    )  # fmt: skip
    filled = bool(typed.text)
    test.tested_on = tested_on if filled else None
    test.entered_by, test.entered_at = (by, at) if filled else (None, None)
    reading, _faults = read(typed)
    test.detected = reading.detected if reading else None


def _keep(changed: Sequence[tuple[Test, str]], specimens: Iterable[Specimen], by: "User", at: datetime) -> None:
    """Write rows, the laboratory's usual conditions, the versions and one line of the journal for each specimen."""
    if not changed:
        return
    tests = [test for test, _old in changed]
    Test.objects.bulk_create(tests, update_conflicts=True, unique_fields=["id"], update_fields=KEPT)
    touched = {test.specimen_id for test in tests}
    Specimen.objects.filter(pk__in=touched).update(version=F("version") + 1)
    by_key = {specimen.pk: specimen for specimen in specimens}
    _keep_usual(by_key[tests[0].specimen_id].laboratory_id, tests)
    acts = []
    for pk in sorted(touched):
        rows = [(test, old) for test, old in changed if test.specimen_id == pk]
        specimen = by_key[pk]
        acts.append(Act("laboratory.results.entered", specimen, _details(rows), specimen.laboratory.division_id))
    record_many(acts, by=by, at=at)


def _details(rows: Sequence[tuple[Test, str]]) -> dict[str, Any]:
    """How many were typed; each correction of an earlier value by name, old and new."""
    corrected = [[test.analyte.name, old, test.text] for test, old in rows if old and old != test.text]
    note = _("%(n)s 项") % {"n": len(rows)}
    if corrected:
        note += "；" + _("更正：") + "，".join(f"{name} {old} → {new or '（清空）'}" for name, old, new in corrected)
    return {"rows": len(rows), "corrected": corrected, "note": note}


def _keep_usual(laboratory_id: int, tests: Sequence[Test]) -> None:
    # Not of a screening test: its limit and method would be offered for the next quantitative one.
    last = {test.analyte_id: test for test in tests if test.text and test.unit and not is_screening(test.text)}
    Usual.objects.bulk_create(
        (
            Usual(laboratory_id=laboratory_id, analyte_id=analyte, unit=t.unit, lod=t.lod, loq=t.loq, method=t.method)
            for analyte, t in sorted(last.items())
        ),
        update_conflicts=True, unique_fields=["laboratory", "analyte"], update_fields=["unit", "lod", "loq", "method"],
    )  # fmt: skip


class Incomplete(EntryRefused):
    """Specimens that cannot be handed in; `faults` tell by blind code and analyte what each row lacks."""

    code = "incomplete"

    def __init__(self, faults: Mapping[Key, list[str]]) -> None:
        self.faults = faults
        shown = [
            f"{code} {analyte}{mark('：')}{listed(found, '；')}" for (code, analyte), found in list(faults.items())[:5]
        ]
        more = _("……共 %(n)s 项") % {"n": len(faults)} if len(faults) > 5 else ""
        super().__init__(_("还不能提交复核：%(faults)s") % {"faults": listed(shown, "。") + more})


@transaction.atomic
def submit(*, codes: Sequence[str], by: "User", at: datetime) -> list[Specimen]:
    """Hand in specimens whose every row is whole: they are judged, and wait for a second person. All, or none.

    Raises Incomplete, MoveNotAllowed.
    """
    specimens = list(
        specimens_visible_to(by).select_for_update(of=("self",)).filter(code__in=set(codes)).order_by("pk")
    )
    if len(specimens) < len(set(codes)):
        raise Specimen.DoesNotExist(f"One of {sorted(set(codes))} is not there")
    require(by, Permission.RESULT_ENTER)
    for specimen in specimens:
        check_move(specimen.code, specimen.state, SpecimenState.ENTERED)
    tests = list(tests_of(specimens))
    _check_whole(specimens, tests)
    keep_judgements(
        specimens, tests, judgements_of(specimens, tests),
        state=SpecimenState.ENTERED, return_reason="", submitted_by=by, submitted_at=at,
    )  # fmt: skip
    acts = [
        Act("laboratory.results.submitted", s, {"code": s.code, "verdict": s.verdict}, s.laboratory.division_id)
        for s in specimens
    ]
    record_many(acts, by=by, at=at)
    return specimens


def _check_whole(specimens: Sequence[Specimen], tests: Sequence[Test]) -> None:
    codes = {specimen.pk: specimen.code for specimen in specimens}
    faults = {}
    for test in tests:
        _reading, found = read(test.typed)
        if found:
            faults[codes[test.specimen_id], test.analyte.name] = [str(fault) for fault in found]
    if faults:
        raise Incomplete(faults)
