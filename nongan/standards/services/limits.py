"""Single limits: one added, corrected or ended by a person, with source and reason.

Verdicts that were given keep the limit that they used: they hold a snapshot of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.journal.services import record
from nongan.standards.models import Commodity, Edition, Limit
from nongan.standards.queries import book
from nongan.standards.rules import Bounds, LimitBook, LimitForm, LimitRefused, parse_limit
from nongan.standards.services.imports.limits import fits
from nongan.standards.services.stamp import renew

if TYPE_CHECKING:
    from nongan.accounts.models import User


class LimitRowRefused(RuleBroken):
    """The limit cannot be kept like this. `field`: of what was typed."""

    code = "limit_row_refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class LimitFacts:
    """A limit as typed. `item`, `food` and `exclusions` are codes; `limit` is text as in the standard."""

    item: str
    food: str
    limit: str
    source: str
    unit: str = ""
    exclusions: tuple[str, ...] = ()
    food_text: str = ""
    condition: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def add_limit(*, edition_id: int, facts: LimitFacts, reason: str, by: "User", at: datetime) -> Limit:
    """One more row of a loaded edition. Raises LimitRowRefused."""
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    require(by, Permission.STANDARDS_EDIT)
    limit = Limit(edition=edition, key=f"{at:%Y%m%d%H%M%S}-{uuid4().hex[:8]}", version=1)
    _write(limit, facts, reason)
    note = _("%(what)s。%(reason)s") % {"what": _shown(limit), "reason": reason.strip()}
    record("standards.limit.added", on=limit, by=by, at=at, edition=edition.code, after=_told(limit), note=note)
    renew()
    return limit


@transaction.atomic
def change_limit(*, limit_id: int, facts: LimitFacts, reason: str, seen: int, by: "User", at: datetime) -> Limit:
    """Correct a row that was loaded or typed wrongly; the journal keeps what it was. Raises Stale, LimitRowRefused."""
    limit = _locked(limit_id)
    require(by, Permission.STANDARDS_EDIT)
    check_version(limit, seen)
    before, shown = _told(limit), _shown(limit)
    _write(limit, facts, reason)
    after = _told(limit)
    if after == before:
        raise LimitRowRefused("limit", _("没有改动任何内容。请改正后再保存，或返回。"))
    changed = {name for name in after if after[name] != before[name]}
    note = _("%(before)s 改为 %(after)s。%(reason)s") % {
        "before": shown, "after": _shown(limit), "reason": reason.strip(),
    }  # fmt: skip
    record(
        "standards.limit.changed", on=limit, by=by, at=at, edition=limit.edition.code, note=note,
        before={name: before[name] for name in sorted(changed)}, after={name: after[name] for name in sorted(changed)},
    )  # fmt: skip
    renew()
    return limit


@transaction.atomic
def end_limit(
    *, limit_id: int, valid_to: date | None, source: str, reason: str, seen: int, by: "User", at: datetime
) -> Limit:
    """Say until which day a row holds; None takes the end back. Raises Stale, LimitRowRefused."""
    limit = _locked(limit_id)
    require(by, Permission.STANDARDS_EDIT)
    check_version(limit, seen)
    _required(source, reason)
    before, limit.valid_to = limit.valid_to, valid_to
    if before == valid_to:
        raise LimitRowRefused("valid_to", _("最后有效日没有改动。"))
    _check_days(limit)
    _check_overlap(limit, book())
    limit.save(update_fields=["valid_to", "version"])
    what = _("最后有效日 %(day)s") % {"day": valid_to} if valid_to else _("改为与版本同时失效")
    record(
        "standards.limit.ended", on=limit, by=by, at=at, edition=limit.edition.code, source=source.strip(),
        before=before.isoformat() if before else None, after=valid_to.isoformat() if valid_to else None,
        note=_("%(what)s。%(reason)s（%(source)s）")
        % {"what": what, "reason": reason.strip(), "source": source.strip()},
    )  # fmt: skip
    renew()
    return limit


def _locked(limit_id: int) -> Limit:
    """The row, and its edition, so that two rows of one edition are never written at once."""
    edition = Limit.objects.values_list("edition_id", flat=True).get(pk=limit_id)
    Edition.objects.select_for_update().get(pk=edition)
    return Limit.objects.select_for_update(of=("self",)).select_related("edition").get(pk=limit_id)


def _write(limit: Limit, facts: LimitFacts, reason: str) -> None:
    """Check everything, then keep it."""
    law = book()
    _required(facts.source, reason)
    limit.analyte_id, limit.commodity_id = facts.item, facts.food
    _check_names(law, facts)
    bounds = _bounds(facts)
    limit.form, limit.low, limit.high, limit.unit = bounds.form, bounds.low, bounds.high, bounds.unit
    limit.basis, limit.temporary = bounds.basis, bounds.temporary
    for name in ("food_text", "condition", "note", "source"):
        setattr(limit, name, getattr(facts, name).strip())
    limit.valid_from, limit.valid_to = facts.valid_from, facts.valid_to
    _check_days(limit)
    _check_overlap(limit, law)
    limit.save()
    limit.exclusions.set(Commodity.objects.filter(code__in=facts.exclusions))


def _required(source: str, reason: str) -> None:
    if not source.strip():
        raise LimitRowRefused("source", _("请写明来源：公告、文件名或网址。"))
    if not reason.strip():
        raise LimitRowRefused("reason", _("请写明理由。它会记入经过。"))


def _check_names(law: LimitBook, facts: LimitFacts) -> None:
    if facts.item not in law.analytes.by_code:
        raise LimitRowRefused("item", _("项目表中没有“%(text)s”。") % {"text": facts.item})
    if facts.food not in law.tree.nodes:
        raise LimitRowRefused("food", _("食品分类中没有“%(text)s”。") % {"text": facts.food})
    for code in facts.exclusions:
        if code not in law.tree.nodes or code == facts.food or not law.tree.is_within(code, facts.food):
            name = law.tree.name(code) if code in law.tree.nodes else code
            told = {"name": name, "food": law.tree.name(facts.food)}
            raise LimitRowRefused("exclusions", _("“%(name)s”不在“%(food)s”之内，不能除外。") % told)


def _bounds(facts: LimitFacts) -> Bounds:
    try:
        bounds = parse_limit(facts.limit, facts.unit)
    except LimitRefused as refusal:
        raise LimitRowRefused("limit", str(refusal)) from refusal
    if bounds.form == LimitForm.MAXIMUM and not bounds.unit:
        raise LimitRowRefused("limit", _("有数字的限量没有单位。请在数后写 mg/kg 等单位。"))
    if not all(fits(number) for number in (bounds.low, bounds.high) if number is not None):
        raise LimitRowRefused("limit", _("数的位数太多：最多 15 位有效数字、9 位小数。"))
    return bounds


def _check_days(limit: Limit) -> None:
    """Its days lie within those of the edition."""
    edition, start, end = limit.edition, limit.valid_from, limit.valid_to
    told = {"code": edition.code, "from": edition.valid_from, "to": edition.valid_to}
    if start and (start < edition.valid_from or (edition.valid_to and start > edition.valid_to)):
        span = _("%(code)s 自 %(from)s 生效") if not edition.valid_to else _("%(code)s 有效期 %(from)s 至 %(to)s")
        raise LimitRowRefused("valid_from", _("%(span)s，这条限量须在其间生效。") % {"span": span % told})
    if end and edition.valid_to and end > edition.valid_to:
        raise LimitRowRefused("valid_to", _("%(code)s 有效至 %(to)s，这条限量不能更晚失效。") % told)
    if end and end < (start or edition.valid_from):
        day = start or edition.valid_from
        raise LimitRowRefused("valid_to", _("最后有效日不能早于生效日期 %(day)s。") % {"day": day})


def _check_overlap(limit: Limit, law: LimitBook) -> None:
    """One food, one item, one edition: at most one row on a day, unless each says under which condition it holds."""
    others = Limit.objects.filter(
        edition=limit.edition, analyte=limit.analyte_id, commodity=limit.commodity_id, condition=limit.condition
    ).exclude(pk=limit.pk)
    if limit.valid_from:
        others = others.filter(Q(valid_to=None) | Q(valid_to__gte=limit.valid_from))
    if limit.valid_to:
        others = others.filter(Q(valid_from=None) | Q(valid_from__lte=limit.valid_to))
    other = others.select_related("edition").first()
    if other is None:
        return
    told: dict[str, Any] = {
        "food": law.tree.name(limit.commodity_id), "item": law.analytes.name(limit.analyte_id),
        "limit": other.bounds, "code": limit.edition.code,
    }  # fmt: skip
    raise LimitRowRefused(
        "food",
        _("%(code)s 中%(food)s的%(item)s同期已有限量 %(limit)s。请改那一条，或先写明它的最后有效日。") % told,
    )


def _shown(limit: Limit) -> str:
    law = book()
    return f"{law.tree.name(limit.commodity_id)} {law.analytes.name(limit.analyte_id)} {limit.bounds}"


def _told(limit: Limit) -> dict[str, Any]:
    """Everything that a person can change, as the journal keeps it."""
    return {
        "item": limit.analyte_id, "food": limit.commodity_id, "limit": str(limit.bounds),
        "exclusions": sorted(limit.exclusions.values_list("code", flat=True)), "food_text": limit.food_text,
        "condition": limit.condition, "note": limit.note, "source": limit.source,
        "valid_from": limit.valid_from.isoformat() if limit.valid_from else None,
        "valid_to": limit.valid_to.isoformat() if limit.valid_to else None,
    }  # fmt: skip
