"""Every file that an act on a case left: whoever may see the case may see them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from nongan.enforcement.models import Case, CaseFile, DisposalFile, Handover, Inquiry, Transfer, TransferFile
from nongan.enforcement.queries.cases import disposal_of, transfer_of
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.states import DisposalState

if TYPE_CHECKING:
    from nongan.documents.models import Document


@dataclass(frozen=True)
class Kept:
    """A file with the act that it belongs to; when and by whom it came is the document's own (`at`, `by`)."""

    act: Any
    kind: Any
    document: "Document"


def files_of(case: Case) -> list[Kept]:
    """Files of a case in the order in which they came."""
    found = _of_acts(case) + (_of_inquiries(case) if case.filed_at else [])
    transfer, duty = transfer_of(case), disposal_of(case)
    if transfer is not None and transfer.handed_over_at:
        found += _of_transfer(transfer)
    if duty is not None and (duty.state != DisposalState.OPEN or duty.held):
        found += _of_disposal(duty.pk)
    return sorted(found, key=lambda file: (file.document.at, str(file.act), file.document.name))


def _of_acts(case: Case) -> list[Kept]:
    rows = CaseFile.objects.filter(case=case).select_related("document")
    return [Kept(row.get_act_display(), "", row.document) for row in rows]


def _of_inquiries(case: Case) -> list[Kept]:
    rows = Inquiry.files.through.objects.filter(inquiry__case=case).select_related("inquiry", "document")
    return [Kept(Act.INQUIRE.label, row.inquiry.get_kind_display(), row.document) for row in rows]


def _of_transfer(transfer: Transfer) -> list[Kept]:
    papers = TransferFile.objects.filter(transfer=transfer).select_related("document")
    found = [Kept(Act.HAND_OVER.label, paper.get_kind_display(), paper.document) for paper in papers]
    if transfer.goods_at:
        receipts = Handover.files.through.objects.filter(handover__transfer=transfer).select_related("document")
        found += [Kept(Act.GOODS.label, "", row.document) for row in receipts]
    return found


def _of_disposal(duty: int) -> list[Kept]:
    rows = DisposalFile.objects.filter(line__disposal=duty).select_related("line", "document")
    act = str(_("处置不合格产品"))
    return [Kept(act, row.line.get_method_display(), row.document) for row in rows]
