"""What a laboratory's people see, and what the contexts above may know."""

from nongan.laboratory.queries.reports import ReportCard, ReportItem, report_of, reports_of
from nongan.laboratory.queries.specimens import laboratories, specimens_visible_to
from nongan.laboratory.queries.work import search, todos

__all__ = [
    "ReportCard",
    "ReportItem",
    "laboratories",
    "report_of",
    "reports_of",
    "search",
    "specimens_visible_to",
    "todos",
]
