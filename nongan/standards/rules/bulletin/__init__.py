"""Records of official bulletins of failures (抽检不合格公示): columns under many names, days and results with noise.

A bulletin reports what a laboratory confirmed and the agency published, so a result in it is a detected amount.
"""

from nongan.standards.rules.bulletin.cells import read_day, read_item, read_result
from nongan.standards.rules.bulletin.check import Checked, check_record, meanings
from nongan.standards.rules.bulletin.columns import Columns, columns_of, find_columns
from nongan.standards.rules.bulletin.records import Record, read_line, read_table

__all__ = [
    "Checked", "Columns", "Record", "check_record", "columns_of", "find_columns", "meanings", "read_day", "read_item",
    "read_line", "read_result", "read_table",
]  # fmt: skip
