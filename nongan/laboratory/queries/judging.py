"""What the law in force says of results: read by the laboratory, judged by the standards, kept as own values."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.rules import report
from nongan.laboratory.rules.entry import NOT_DETECTED, Reading, read
from nongan.standards.queries import book
from nongan.standards.rules import (
    Judgement,
    LimitBook,
    Presence,
    Quantity,
    Result,
    Snapshot,
    UnitRefused,
    Verdict,
    combine,
    judge,
    parse_result,
    parse_unit,
)

# A positive screening test may be contested within four hours, and is then tested again by another method (农产品质量
# 安全法 第五十一条第二款); of food it leads to another test anyhow (食品安全法 第一百一十二条第二款). So it decides
# nothing by itself here. A negative one is a result below its detection limit (第五十条).
SCREENED = (
    "快速检测阳性，不作不合格结论：请用定量方法确认后重新录入结果（农产品质量安全法第五十条、第五十一条第二款；"
    "食品安全法第一百一十二条第二款）。"
)


def judgements_of(specimens: Sequence[Specimen], tests: Sequence[Test]) -> dict[int, report.Judgement]:
    """Key of the test → judgement, for tests of these specimens whose results are whole (rules.entry.read).

    An item that is only a component of what the limit is set for is judged by the sum, when that, or all other
    components, were tested in the same specimen.
    """
    law = book()
    by_key = {specimen.pk: specimen for specimen in specimens}
    results: dict[int, dict[str, Result]] = {}
    for test in tests:
        results.setdefault(test.specimen_id, {})[test.analyte_id] = result_of(test)
    return {
        test.pk: _kept(_judged(law, by_key[test.specimen_id], test.analyte_id, results[test.specimen_id]))
        for test in tests
    }


def result_of(test: Test) -> Result:
    """The result in the form of the standards. A row that is not whole reads as a result that nobody understands."""
    reading, faults = read(test.typed)
    if reading is not None and reading.qualitative:
        if reading.detected:
            return replace(parse_result(""), text=reading.text, trouble=SCREENED)
        reading = replace(reading, text=NOT_DETECTED)
    if reading is None:
        return replace(parse_result(""), text=test.text, trouble="；".join(str(fault) for fault in faults))
    lod, loq = (_quantity(value, reading) for value in (reading.lod, reading.loq))
    return parse_result(reading.text, reading.unit, lod=lod, loq=loq)


def _quantity(value: Decimal | None, reading: Reading) -> Quantity | None:
    return Quantity(value, parse_unit(reading.unit)) if value is not None else None


def _judged(law: LimitBook, specimen: Specimen, analyte: str, results: Mapping[str, Result]) -> Judgement:
    """By its own limit; a component of a sum by the sum, where that was reported too or follows from the others."""
    alone = _judge(law, specimen, analyte, results[analyte])
    if results[analyte].trouble == SCREENED:
        return _saying(alone, Verdict.UNDECIDED, SCREENED)
    if alone.verdict != Verdict.UNDECIDED:
        return alone
    for whole in law.analytes.sums.get(analyte, ()):
        sum_name, names = law.analytes.name(whole), [part.code for part in law.analytes.by_code[whole].parts]
        if whole in results:
            return _saying(alone, Verdict.UNJUDGED, f"计入“{sum_name}”，按“{sum_name}”的结果判定")
        if all(code in results for code in names):
            with suppress(UnitRefused):  # a component in another kind of unit: no sum
                return _by_sum(law, specimen, whole, {code: results[code] for code in names}, results[analyte])
    return alone


def _by_sum(law: LimitBook, specimen: Specimen, whole: str, parts: Mapping[str, Result], own: Result) -> Judgement:
    """The judgement on a sum, as each of its components bears it; one that was not found does not itself fail."""
    unit = next((part.quantity.unit for part in parts.values() if part.quantity), parse_unit("mg/kg"))
    total = combine(law.analytes.by_code[whole], parts, unit)
    judgement = _judge(law, specimen, whole, total)
    names = "、".join(law.analytes.name(code) for code in parts)
    reason = f"计入“{law.analytes.name(whole)}”，按{names}之和（{total}）判定：{judgement.reason}"
    absent = own.presence == Presence.ABSENT and judgement.verdict == Verdict.FAIL
    return _saying(judgement, Verdict.UNJUDGED if absent else judgement.verdict, reason)


def _saying(judgement: Judgement, verdict: Verdict, reason: str) -> Judgement:
    """The same way to the limit, another end. The last step of a path is the reason."""
    return replace(judgement, verdict=verdict, reason=reason, path=(*judgement.path[:-1], reason))


def _judge(law: LimitBook, specimen: Specimen, analyte: str, result: Result) -> Judgement:
    return judge(
        law, food=specimen.commodity_id, analyte=analyte, result=result, produced_on=specimen.produced_on,
        sampled_on=specimen.sampled_on,
    )  # fmt: skip


def _kept(judgement: Judgement) -> report.Judgement:
    limit = judgement.limit
    return report.Judgement(
        verdict=report.Verdict(judgement.verdict.value), reason=judgement.reason, path=judgement.words,
        limit=_limit(limit) if limit else None, forbidden=judgement.forbidden, found_banned=judgement.banned,
    )  # fmt: skip


def _limit(limit: Snapshot) -> report.Limit:
    return report.Limit(
        text=limit.text, value=limit.value, unit=limit.unit, edition=limit.edition, validity=limit.validity,
        food=limit.food_text, source=limit.source, row=limit.row, demonstration=limit.demonstration,
    )  # fmt: skip
