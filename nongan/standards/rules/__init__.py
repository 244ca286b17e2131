"""The law as dated data, as pure values and functions. Start at `judge`."""

from nongan.standards.rules.analyte import Analyte, AnalyteKind, Analytes, AnalytesBroken, Part, combine
from nongan.standards.rules.ban import Ban, BanStatus, BanTest
from nongan.standards.rules.book import LimitBook, Reading, Resolution, Side, Why
from nongan.standards.rules.commodity import Commodity, Found, Tree, TreeBroken
from nongan.standards.rules.judge import Judgement, Snapshot, Verdict, decide, judge, overall, snapshot_of
from nongan.standards.rules.limit import Authority, Bounds, Edition, Limit, LimitForm, LimitRefused, parse_limit
from nongan.standards.rules.quantity import (
    Kind,
    NumberRefused,
    Quantity,
    Unit,
    UnitRefused,
    parse_quantity,
    parse_unit,
)
from nongan.standards.rules.result import Form, Interval, Presence, Result, parse_result

__all__ = [
    "Analyte", "AnalyteKind", "Analytes", "AnalytesBroken", "Authority", "Ban", "BanStatus", "BanTest", "Bounds",
    "Commodity", "Edition", "Form", "Found", "Interval", "Judgement", "Kind", "Limit", "LimitBook", "LimitForm",
    "LimitRefused", "NumberRefused", "Part", "Presence", "Quantity", "Reading", "Resolution", "Result", "Side",
    "Snapshot", "Tree", "TreeBroken", "Unit", "UnitRefused", "Verdict", "Why", "combine", "decide", "judge", "overall",
    "parse_limit", "parse_quantity", "parse_result", "parse_unit", "snapshot_of",
]  # fmt: skip
