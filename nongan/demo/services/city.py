"""The whole city in order: people, subjects, the plan, two years of samples with their cases, reports on tasks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random

from nongan.demo.services.cases import handle_cases
from nongan.demo.services.copies import copy_city
from nongan.demo.services.people import found_city
from nongan.demo.services.plan import adopt_plan, report_progress
from nongan.demo.services.samples import months_until, sample_months
from nongan.demo.services.stage import stage
from nongan.demo.services.subjects import enter_subjects
from nongan.indicators.services import compute_all
from nongan.journal.queries import acted
from nongan.journal.services import record

SEED = 3609
BUILT = "demo.city.built"

Progress = Callable[[str, int], Callable[[int], object]]  # (what, how many) → count on


@dataclass(frozen=True)
class Size:
    """How large: subjects, samples a month, months; and how many times all that stands there once more."""

    subjects: int = 2_000
    samples: int = 375
    months: int = 24
    copies: int = 0

    def times(self, scale: float) -> "Size":
        """Never fewer than a sample a month and a handful of subjects in every county. What goes beyond the usual
        city is copied from it: the acts of fifty cities would take an hour."""
        cities = max(1, ceil(scale))
        share = scale / cities
        return Size(max(100, int(self.subjects * share)), max(10, int(self.samples * share)), self.months, cities - 1)


def finished() -> bool:
    """Was a city built to its end in this database?"""
    return acted(BUILT)


def build(*, code: str, at: datetime, size: Size, progress: Progress) -> None:
    """Build the city of division `code` as of `at`. The database must hold nobody yet. Raises NotFirst."""
    chance = Random(SEED)
    months = months_until(at, size.months)
    begun = months[0].entered - timedelta(days=90)  # most subjects are in the register when sampling begins
    told = progress("people", 0)
    city = found_city(code, chance, begun, lambda _name: told(1))
    sources = enter_subjects(city, size.subjects, chance, begun.date(), at, progress("subjects", size.subjects))
    version = adopt_plan(city, at)
    sample_months(city, sources, months, size.samples, chance, at, progress("samples", size.samples * len(months)))
    handle_cases(city, chance, at, progress("cases", 0))
    stage(city, sources, size.samples * len(months), chance, at)
    report_progress(city, version, chance, at)
    copy_city(size.copies, progress("copies", size.copies))
    compute_all(at=at)
    record(BUILT, on=version, by="系统", at=at, division=code)


PEOPLE = (
    ("office", "创建办"),
    ("agriculture", "责任单位（市农业农村局）"),
    ("unit-360902", "责任单位（袁州区）"),
    ("supervisor", "市级监管员"),
    ("supervisor-360902", "监管员（袁州区）"),
    ("assistant-360902502", "村级协管员（袁州区）"),
    ("officer1-360902", "执法人员（袁州区）"),
    ("head-360902", "执法机构负责人（袁州区）"),
    ("analyst", "检测员"),
    ("verifier", "检测复核人"),
    ("signatory", "授权签字人"),
    ("admin", "系统管理员"),
)  # user name, who it is: those worth trying first
