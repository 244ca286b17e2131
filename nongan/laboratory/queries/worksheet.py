"""The worksheet: every test of some specimens as a row to be filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from nongan.common.words import listed
from nongan.laboratory.models import Specimen, Test, Usual
from nongan.laboratory.queries.specimens import specimens_visible_to, tests_of
from nongan.laboratory.rules.entry import Fault, Typed, read
from nongan.laboratory.rules.states import SpecimenState

if TYPE_CHECKING:
    from nongan.accounts.models import User

MOST = 600  # rows on one worksheet
USUAL_UNIT = "mg/kg"
Key = tuple[str, str]  # blind code, analyte code


@dataclass(frozen=True)
class Now:
    """What stands in a row that somebody else was first to save; `open` is False once it was handed in."""

    typed: Typed
    by: str
    at: datetime | None
    open: bool


@dataclass(frozen=True)
class Row:
    """`shown` stands in the boxes, `seen` is the digest of what is stored, `filled`: a result is. `faults` by field.

    `now`: what somebody else stored meanwhile, while `shown` keeps what this person typed.
    """

    test: int
    code: str
    commodity: str
    analyte: str
    name: str
    shown: Typed
    seen: str
    filled: bool
    faults: Mapping[str, str] = field(default_factory=dict)
    now: "Now | None" = None

    @property
    def key(self) -> Key:
        return self.code, self.analyte


@dataclass(frozen=True)
class Sheet:
    """`left_out`: waiting specimens beyond the size of a worksheet. `specimens` are those on it."""

    specimens: Sequence[Specimen]
    rows: Sequence[Row]
    left_out: int = 0

    @property
    def filled(self) -> int:
        return sum(row.filled for row in self.rows)

    @property
    def empty(self) -> int:
        return len(self.rows) - self.filled

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.rows if row.faults]

    @property
    def conflicts(self) -> list[Row]:
        return [row for row in self.rows if row.now is not None]

    @property
    def whole(self) -> list[str]:
        """Codes of the specimens in which every row can be handed in."""
        lacking = {row.code for row in self.rows if not row.filled or row.faults or row.now is not None}
        return [specimen.code for specimen in self.specimens if specimen.code not in lacking]


def waiting(user: "User", codes: Sequence[str], of: str = "") -> list[Specimen]:
    """Specimens that can be filled in: the named ones, or all (`of` “returned”: those sent back), oldest first."""
    open_now = specimens_visible_to(user).filter(state=SpecimenState.RECEIVED)
    if codes:
        open_now = open_now.filter(code__in=codes)
    elif of == "returned":
        open_now = open_now.exclude(return_reason="")
    elif of == "received":
        open_now = open_now.filter(return_reason="")
    return list(open_now.order_by("received_at", "pk")[: MOST + 1])


def sheet_of(specimens: Sequence[Specimen], *, by_analyte: bool = False, missing: bool = False) -> Sheet:
    """The worksheet of some specimens of one laboratory. `missing`: before handing in, empty rows count as faults in
    the specimens that were begun; those not begun can wait."""
    tests = list(tests_of(specimens))
    codes = {specimen.pk: specimen for specimen in specimens}
    kept, left_out = _fitting(specimens, tests)
    usual = usual_of(specimens[0].laboratory_id, {test.analyte_id for test in tests}) if specimens else {}
    begun = {test.specimen_id for test in tests if test.text and missing}
    rows = [
        _row(
            test, codes[test.specimen_id], usual.get(test.analyte_id, Typed(unit=USUAL_UNIT)), test.specimen_id in begun
        )
        for test in tests
        if test.specimen_id in kept
    ]
    place = {specimen.pk: n for n, specimen in enumerate(specimens)}
    order = {specimen.code: place[specimen.pk] for specimen in specimens}
    rows.sort(key=lambda row: (row.name, row.analyte, order[row.code]) if by_analyte else (order[row.code], row.test))
    return Sheet([s for s in specimens if s.pk in kept], rows, left_out)


def _fitting(specimens: Sequence[Specimen], tests: Sequence[Test]) -> tuple[set[int], int]:
    """The first specimens, as many as fit whole on a worksheet, and how many do not."""
    count: dict[int, int] = {}
    for test in tests:
        count[test.specimen_id] = count.get(test.specimen_id, 0) + 1
    kept: set[int] = set()
    total = 0
    for specimen in specimens:
        total += count.get(specimen.pk, 0)
        if kept and total > MOST:
            break
        kept.add(specimen.pk)
    return kept, len(specimens) - len(kept)


def usual_of(laboratory_id: int, analytes: set[str]) -> dict[str, Typed]:
    """Analyte → unit, limits and method that the laboratory used last."""
    found = Usual.objects.filter(laboratory=laboratory_id, analyte__in=analytes)
    return {u.analyte_id: Typed("", u.unit, u.lod, u.loq, u.method) for u in found}


def _row(test: Test, specimen: Specimen, usual: Typed, missing: bool) -> Row:
    stored = test.typed
    shown = stored if stored.digest else usual
    return Row(
        test=test.pk, code=specimen.code, commodity=specimen.commodity.name, analyte=test.analyte_id,
        name=test.analyte.name, shown=shown, seen=stored.digest, filled=bool(stored.text),
        faults=faults_of(shown) if stored.text or missing else {},
    )  # fmt: skip


def faults_of(typed: Typed) -> dict[str, str]:
    """Field → what is wrong and what to do; several faults of a field in one text."""
    _reading, found = read(typed)
    return by_field(found)


def by_field(found: Sequence[Fault]) -> dict[str, str]:
    faults: dict[str, str] = {}
    for fault in found:
        faults[fault.field] = listed(filter(None, [faults.get(fault.field), str(fault)]), "；")
    return faults


def with_conflicts(sheet: Sheet, typed: Mapping[Key, Typed], conflicts: Mapping[Key, Now]) -> Sheet:
    """The sheet after a save in which somebody else had been first: what was typed stays beside what stands now."""
    rows = [
        replace(row, shown=typed[row.key], faults=faults_of(typed[row.key]), now=conflicts[row.key])
        if row.key in conflicts
        else row
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def as_typed(sheet: Sheet, typed: Mapping[Key, Typed], seen: Mapping[Key, str]) -> Sheet:
    """The sheet after a save that was refused as a whole: every box as it was typed, seen what was seen then, so that
    what somebody else stores meanwhile is still noticed at the next save."""
    rows = [
        replace(
            row, shown=typed[row.key], seen=seen.get(row.key, ""),
            faults=faults_of(typed[row.key]) if typed[row.key].text else {},
        )
        if row.key in typed
        else row
        for row in sheet.rows
    ]  # fmt: skip
    return replace(sheet, rows=rows)
