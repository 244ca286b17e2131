"""What one may see of cases and disposal, and what waits for whom."""

from nongan.enforcement.queries.cases import cases_visible_to
from nongan.enforcement.queries.disposals import disposals_visible_to
from nongan.enforcement.queries.work import search, todos

__all__ = ["cases_visible_to", "disposals_visible_to", "search", "todos"]
