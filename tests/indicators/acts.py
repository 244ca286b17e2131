"""Acts that move figures, for tests that do many at random. One that is not lawful now does nothing."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from nongan.common.errors import RuleBroken
from nongan.registry import services
from nongan.registry.models import Subject
from nongan.registry.rules import Facts, Scale, SubjectType
from tests.accounts.factories import TOWN
from tests.monitoring.factories import judged_sample
from tests.registry.factories import uscc

PLACES = [TOWN, "360902001000", "360902100201", "360981001000"]


def act(kind, n, by, station, at):
    with suppress(RuleBroken):
        ACTS[kind](n, by, station, at)


def _register(n, by, station, at):
    serial = Subject.objects.count()
    facts = Facts(
        name=f"绿源合作社{serial}", type=SubjectType.COOPERATIVE, scale=Scale.ABOVE, uscc=uscc(500 + serial),
        division=PLACES[n % 4], contact="王小明", phone="13800000000", registered_on=date(2025, 11 + n % 2, 20 + n),
    )  # fmt: skip
    services.register_subject(facts=facts, by=by, at=at, confirmed=True)


def _one(n):
    subjects = list(Subject.objects.order_by("pk"))
    return subjects[n % len(subjects)] if subjects else None


def _supervise(n, by, station, at):
    if subject := _one(n):
        services.assign_supervisor(
            seen={subject.number: subject.version}, organisation_id=station.pk, supervisor="赵六",
            start=at.date() - timedelta(days=30 * n), by=by, at=at,
        )  # fmt: skip


def _close(n, by, station, at):
    if subject := _one(n):
        day = at.date() - timedelta(days=20 * n)
        services.close_subject(number=subject.number, seen=subject.version, closed_on=day, reason="注销", by=by, at=at)


def _move(n, by, station, at):
    if subject := _one(n):
        facts = replace(subject.facts, division=PLACES[(n + 1) % 4], registered_on=date(2026, 1, 1 + n))
        services.change_subject(number=subject.number, seen=subject.version, facts=facts, by=by, at=at, confirmed=True)


def _reopen(n, by, station, at):
    if subject := _one(n):
        services.reopen_subject(number=subject.number, seen=subject.version, by=by, at=at)


def _fail(n, by, station, at):
    if subject := _one(n):
        judged_sample("0.5" if n % 2 else "未检出", division=PLACES[n % 4], subject=subject.number)


ACTS = {"r": _register, "s": _supervise, "x": _close, "c": _move, "o": _reopen, "f": _fail}
