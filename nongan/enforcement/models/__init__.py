"""Cases, transfers to the police, and the disposal of what failed."""

from nongan.enforcement.models.cases import Case, CaseFile, CaseQuerySet, Inquiry, InquiryKind, Serial
from nongan.enforcement.models.disposals import Disposal, DisposalFile, DisposalLine, DisposalQuerySet
from nongan.enforcement.models.transfers import Handover, HandoverItem, Transfer, TransferFile

__all__ = [
    "Case",
    "CaseFile",
    "CaseQuerySet",
    "Disposal",
    "DisposalFile",
    "DisposalLine",
    "DisposalQuerySet",
    "Handover",
    "HandoverItem",
    "Inquiry",
    "InquiryKind",
    "Serial",
    "Transfer",
    "TransferFile",
]
