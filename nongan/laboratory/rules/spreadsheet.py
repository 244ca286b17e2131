"""The worksheet as a file: goes out with what is known already, comes back filled in. Pure.

The sheet is a Chinese document whoever reads the page: its headings do not change with the language.
"""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Protocol

from nongan.common.spreadsheet import Column, write_table
from nongan.laboratory.rules.entry import Typed

TITLE = "检测结果录入表"
COLUMNS = [
    Column("code", "盲样编号", example="MY-7KQ2MXW4HT"),
    Column("commodity", "食品", False, "只供核对，导入时不读", "豇豆"),
    Column("analyte", "检测项目", help="名称或编码，须是该样品的送检项目", example="克百威"),
    Column("text", "结果", False, "数字、ND（未检出）、<定量限，快速检测填阴性或阳性；空着的行不导入", "0.012"),
    Column("unit", "单位", False, "如 mg/kg、μg/kg", "mg/kg"),
    Column("lod", "检出限", False, "只填数字，单位同结果；未检出时必填检出限或定量限", "0.002"),
    Column("loq", "定量限", False, "只填数字，单位同结果", "0.005"),
    Column("method", "检测方法", False, "标准号；填了结果的行必填", "GB 23200.121-2021"),
    Column("tested_on", "检测日期", False, "年-月-日；填了结果的行必填", "2026-05-12"),
]
SAID = {column.key: column.heading for column in COLUMNS}


class Line(Protocol):
    """A row of the worksheet."""

    @property
    def code(self) -> str: ...
    @property
    def commodity(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def shown(self) -> Typed: ...


def worksheet_table(lines: Iterable[Line], tested_on: date) -> BytesIO:
    """The rows as xlsx. Results are texts: “0.10” stays “0.10”."""
    rows = (
        (line.code, line.commodity, line.name, shown.text, shown.unit, shown.lod, shown.loq, shown.method, tested_on)
        for line in lines
        for shown in [line.shown]
    )
    return write_table(TITLE, [column.heading for column in COLUMNS], rows)
