"""Papers of a case as Word documents, to be printed, signed and sealed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, download
from nongan.common.media import DOCX
from nongan.common.paper import letter, sheet
from nongan.enforcement.models import Case
from nongan.enforcement.pages.cases import found_case
from nongan.enforcement.queries.cases import disposal_of, transfer_of
from nongan.enforcement.rules.papers import Facts, filing_form, goods_list, transfer_letter
from nongan.enforcement.rules.transfer import Goods
from nongan.places.queries import path_of


@require_GET
def filing(request: PageRequest, number: str) -> HttpResponse:
    """行政处罚立案审批表."""
    found = found_case(request, number)
    if found.asked_at is None:
        raise Http404
    return download(sheet(filing_form(_facts(found))), _("立案审批表") + f"-{number}.docx", DOCX)


@require_GET
def transfer(request: PageRequest, number: str) -> HttpResponse:
    """涉嫌犯罪案件移送书 with its receipt."""
    found = found_case(request, number)
    moved = transfer_of(found)
    if moved is None:
        raise Http404
    on = timezone.localdate(moved.handed_over_at or moved.decided_at or timezone.now())
    made = transfer_letter(_facts(found), police=moved.police, number=moved.letter_number, grounds=moved.grounds, on=on)
    return download(letter(made), _("涉嫌犯罪案件移送书") + f"-{number}.docx", DOCX)


@require_GET
def goods(request: PageRequest, number: str) -> HttpResponse:
    """涉案物品移交清单: of what was handed over, or to be filled in and signed by hand."""
    found = found_case(request, number)
    moved = transfer_of(found)
    if moved is None or moved.goods_by is None:
        raise Http404
    rows = [item for handover in moved.handovers.prefetch_related("items") for item in handover.items.all()]
    items = [Goods(item.name, item.quantity, item.unit, item.note) for item in rows]
    duty = disposal_of(found)
    if not items and moved.goods_at is None and duty is not None and duty.balance.remaining:
        items = [Goods(duty.sample.commodity.name, duty.balance.remaining, str(_("千克")))]
    made = goods_list(_facts(found), items, police=moved.police, notice=moved.answer_number)
    return download(sheet(made), _("涉案物品移交清单") + f"-{number}.docx", DOCX)


def _facts(found: Case) -> Facts:
    def day(moment: Any) -> Any:
        return timezone.localdate(moment) if moment else None

    organisation = found.organisation or (found.officer.organisation if found.officer else None)
    return Facts(
        number=found.number, agency=organisation.name if organisation else "", party=found.party,
        code=found.subject.uscc if found.subject else "", cause=found.cause, source=found.get_source_display(),
        place="".join(str(d) for d in path_of(found.division_id)), finding=found.finding, grounds=found.grounds,
        officers=tuple(p.full_name for p in (found.officer, found.second) if p),
        head=found.filed_by.full_name if found.filed_by else "", opened_on=timezone.localdate(found.opened_at),
        asked_on=day(found.asked_at), filed_on=day(found.filed_at),
    )  # fmt: skip
