"""What other contexts may ask the standards. Everything here is public law: anybody may read it."""

from nongan.standards.queries.book import book
from nongan.standards.queries.lists import search
from nongan.standards.queries.look_up import Answer, bans_text, limits_in, look_up
from nongan.standards.queries.names import (
    analyte_names,
    commodity_names,
    find_analyte,
    find_commodity,
    find_exactly,
    foods_meant,
    known_analytes,
    known_commodities,
    pick_analytes,
    pick_commodities,
    usual_panel,
)

__all__ = [
    "Answer", "analyte_names", "bans_text", "book", "commodity_names", "find_analyte", "find_commodity",
    "find_exactly", "foods_meant", "known_analytes", "known_commodities", "limits_in", "look_up", "pick_analytes",
    "pick_commodities", "search", "usual_panel",
]  # fmt: skip
