"""Keeping judgements on specimens and their tests."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import F

from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.rules.report import Judgement, Verdict, overall

KEPT = ["verdict", "reason", "path", "limit", "forbidden", "found_banned", "unjudged_reason"]


def keep_judgements(
    specimens: Sequence[Specimen], tests: Sequence[Test], judgements: Mapping[int, Judgement], **columns: Any
) -> None:
    """Write a judgement (by key of the test) on every test, the verdict and further `columns` on every specimen.

    What a signatory left unjudged stays so while the judgement itself is still undecided.
    """
    for test in tests:
        _write(test, judgements[test.pk])
    Test.objects.bulk_create(list(tests), update_conflicts=True, unique_fields=["id"], update_fields=KEPT)
    by_specimen: dict[int, list[Test]] = {}
    for test in tests:
        by_specimen.setdefault(test.specimen_id, []).append(test)
    for specimen in specimens:
        mine = by_specimen.get(specimen.pk, [])
        specimen.verdict = overall(test.verdict for test in mine)
        specimen.banned = any(test.found_banned for test in mine)
    change(specimens, "verdict", "banned", **columns)


def _write(test: Test, judgement: Judgement) -> None:
    left = test.unjudged_reason if judgement.verdict == Verdict.UNDECIDED else ""
    test.verdict = Verdict.UNJUDGED if left else judgement.verdict
    test.unjudged_reason = left
    test.reason, test.path = judgement.reason, judgement.path
    test.limit = asdict(judgement.limit) if judgement.limit else None
    test.forbidden, test.found_banned = judgement.forbidden, judgement.found_banned


def clear_judgements(specimens: Sequence[Specimen]) -> None:
    """Results that can be changed again carry no verdict and no verification."""
    Test.objects.filter(specimen__in=[specimen.pk for specimen in specimens]).update(
        verdict="", reason="", path="", limit=None, forbidden=False, found_banned=False, unjudged_reason="",
        verified_by=None,
    )  # fmt: skip


def change(specimens: Sequence[Specimen], *own: str, **columns: Any) -> None:
    """Set `columns` on all, keep each specimen's `own` columns, count the versions on: one statement for each
    combination of own values, of which there are few."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for specimen in specimens:
        for name, value in columns.items():
            setattr(specimen, name, value)
        specimen.version += 1
        groups.setdefault(tuple(getattr(specimen, name) for name in own), []).append(specimen.pk)
    for values, keys in groups.items():
        Specimen.objects.filter(pk__in=keys).update(
            version=F("version") + 1, **dict(zip(own, values, strict=True)), **columns
        )
