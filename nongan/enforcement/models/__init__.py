"""Cases, transfers to the police, and the disposal of what failed."""

from nongan.enforcement.models.cases import Case, CaseQuerySet, Inquiry, InquiryKind, Serial
from nongan.enforcement.models.disposals import Disposal, DisposalFile, DisposalLine, DisposalQuerySet
from nongan.enforcement.models.transfers import Transfer, TransferFile

__all__ = [
    "Case",
    "CaseQuerySet",
    "Disposal",
    "DisposalFile",
    "DisposalLine",
    "DisposalQuerySet",
    "Inquiry",
    "InquiryKind",
    "Serial",
    "Transfer",
    "TransferFile",
]
