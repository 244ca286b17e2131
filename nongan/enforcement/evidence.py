"""Disposal duties and suspected crimes for counting."""

from typing import Any, cast

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Concat, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongan.common.evidence import EvidenceView
from nongan.enforcement.models import Case, Disposal
from nongan.enforcement.rules.states import WITH_POLICE, DisposalState, TransferState


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def disposals(ids: list[int] | None) -> "QuerySet[Any, dict[str, Any]]":
    """One row for each failed sample, by the day of sampling. A duty whose report is withdrawn, or that was lifted
    because the new report says that all is well, leaves the view. `decided_on`: the day on which nothing was left."""
    duties = Disposal.objects.filter(withdrawn_at__isnull=True).exclude(state=DisposalState.LIFTED)
    duties = duties if ids is None else duties.filter(pk__in=ids)
    rows = duties.values("id", "number", "division").annotate(
        date=F("sample__sampled_on"),
        title=Concat("sample__commodity__name", Value(" · "), "sample__subject__name"),
        disposed=_is(Q(state=DisposalState.DONE)),
        decided_on=F("done_on"),
        commodity=F("sample__commodity__name"),
    )
    return cast("QuerySet[Any, dict[str, Any]]", rows)


def suspected_crimes(ids: list[int] | None) -> "QuerySet[Any, dict[str, Any]]":
    """One row for each case with a suspected crime, by the day of the suspicion, whatever became of it; `refused`: the
    head did not approve and said why. `in_time`: within three days and 24 hours (国务院令第310号 第五条)."""
    zone = timezone.get_default_timezone()
    cases = Case.objects.filter(transfer__isnull=False).exclude(transfer__state=TransferState.LIFTED)
    cases = cases if ids is None else cases.filter(pk__in=ids)
    in_time = Q(transfer__decided_at__lte=F("transfer__decide_by")) & Q(
        transfer__handed_over_at__lte=F("transfer__hand_over_by")
    )
    rows = cases.values("id", "number", "division").annotate(
        date=TruncDate("transfer__suspected_at", tzinfo=zone),
        title=Concat("cause", Value(" · "), "party"),
        handed_over=_is(Q(transfer__state__in=WITH_POLICE)),
        refused=_is(Q(transfer__state=TransferState.REFUSED)),
        in_time=_is(Q(transfer__state__in=WITH_POLICE) & in_time),
        handed_over_on=TruncDate("transfer__handed_over_at", tzinfo=zone),
    )
    return cast("QuerySet[Any, dict[str, Any]]", rows)


DUTY_ACTS = ("opened", "established", "recorded", "reversed", "withdrawn", "renewed", "lifted")
TRANSFER_ACTS = (
    "suspected", "approved", "refused", "handed_over", "received", "answered", "reconsidered", "lifted",
)  # fmt: skip
VIEWS = [
    EvidenceView(
        name="enforcement.disposals",
        title=_("不合格产品处置"),
        rows=disposals,
        link="enforcement:disposal",
        facts={"disposed": "bool", "decided_on": "date", "commodity": "text"},
        touched_by={f"enforcement.disposal.{act}": "" for act in DUTY_ACTS},
    ),
    EvidenceView(
        name="enforcement.suspected_crimes",
        title=_("涉嫌犯罪案件"),
        rows=suspected_crimes,
        link="enforcement:case",
        facts={"handed_over": "bool", "refused": "bool", "in_time": "bool", "handed_over_on": "date"},
        touched_by={f"enforcement.transfer.{act}": "" for act in TRANSFER_ACTS},
    ),
]
