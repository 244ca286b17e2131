"""What one may see of the samples, and what the contexts above may know of them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.common.divisions import Level, covers
from nongan.common.keyset import COUNT_TO
from nongan.common.quantity import plain
from nongan.common.related import Link
from nongan.common.work import Hit, Todo
from nongan.monitoring.models import Sample, SampleQuerySet
from nongan.monitoring.rules import CONCLUDED, PUBLISHABLE, SampleKind, SampleState, Verdict, number_part
from nongan.registry.queries import matching as matching_subjects
from nongan.registry.queries import subjects_visible_to
from nongan.registry.rules import SubjectType
from nongan.standards.queries import analyte_names, foods_meant

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from nongan.accounts.models import User

NEWEST = ("-sampled_on", "-id")  # the order of every list; models.py has the indexes for it
CODE = re.compile(r"[0-9]{12}")
CLEAR = 3  # digits of the serial
MOST_SUBJECTS = 200  # a text that fits more subjects than these is too vague to look for


@dataclass(frozen=True)
class SampleCard:
    """A sample as the contexts above know it. `quantity` in `unit`; `finding`: the failing items in words."""

    pk: int
    number: str
    kind: str
    state: str
    subject_id: int
    subject_number: str
    subject_name: str
    division: str
    commodity: str
    commodity_name: str
    produced_on: date | None
    sampled_on: date
    quantity: Decimal | None
    unit: str
    verdict: str
    banned: bool
    finding: str
    report: str
    judged_at: datetime | None


CARD = {
    "subject_number": F("subject__number"),
    "subject_name": F("subject__name"),
    "commodity_name": F("commodity__name"),
}
PLAIN = (
    "pk", "number", "kind", "state", "subject_id", "produced_on", "sampled_on", "quantity", "unit", "verdict", "banned",
    "finding", "report", "judged_at",
)  # fmt: skip


def sample_card(pk: int) -> SampleCard:
    """One sample. Raises Sample.DoesNotExist."""
    found = sample_cards([pk])
    if pk not in found:
        raise Sample.DoesNotExist(pk)
    return found[pk]


def sample_cards(pks: Collection[int]) -> dict[int, SampleCard]:
    """Key → sample, in one query."""
    rows = Sample.objects.filter(pk__in=pks).values(*PLAIN, "division_id", "commodity_id").annotate(**CARD)
    cards = {}
    for row in rows:
        division, commodity = row.pop("division_id"), row.pop("commodity_id")
        cards[row["pk"]] = SampleCard(**row, division=division, commodity=commodity)
    return cards


def sampling_in_words(sample: Sample) -> dict[str, str]:
    """What the form of a sample says, as it is shown: field (a key of rules.FIELDS) → text, in the form's order."""
    names = analyte_names(sample.panel)
    quantity = f"{plain(sample.quantity)} {sample.get_unit_display()}" if sample.quantity is not None else ""
    return {
        "subject": f"{sample.subject.name} {sample.subject.number}",
        "commodity": sample.commodity.name,
        "panel": "、".join(names.get(code, code) for code in sample.panel),
        "kind": str(sample.get_kind_display()),
        "produced_on": sample.produced_on.isoformat() if sample.produced_on else "",
        "sampled_on": sample.sampled_on.isoformat(),
        "quantity": quantity,
        "packaging": str(sample.get_packaging_display()),
        "samplers": sample.samplers,
        "place": sample.place,
        "division": str(sample.division),
        "note": sample.note,
    }


def failed_samples() -> "QuerySet[Sample, int]":
    """Keys of every sample whose verdict in force is “fail”, oldest first: for reconciliation by those above."""
    failed = Sample.objects.filter(verdict=Verdict.FAIL, state__in=CONCLUDED)
    return failed.order_by("sampled_on", "id").values_list("pk", flat=True)


def samples_visible_to(user: "User", division: str = "", *, rare: bool = False) -> SampleQuerySet:
    """Those taken in one's division, or in a part of it; a producer or dealer sees the concluded ones of the own.

    A division outside one's own, and a blank scope, see nothing. `rare`: they are found by something rarer than the
    place (models.py).
    """
    if user.may(Permission.SAMPLE_VIEW):
        if division and not (CODE.fullmatch(division) and covers(user.scope, division)):
            return Sample.objects.none()
        where = division or user.scope
        return Sample.objects.anywhere_in(where) if rare else Sample.objects.in_division(where)
    if not user.subject_number:
        return Sample.objects.none()
    return Sample.objects.concluded().filter(subject__number=user.subject_number)


def matching(samples: SampleQuerySet, text: str, user: "User") -> SampleQuerySet:
    """Those whose number begins with the text, whose blind code it is, or whose subject it names."""
    typed = text.strip()
    code = typed.upper()
    if code.startswith("CY-"):
        return _numbered(samples, code)
    if code.startswith("MY-"):
        return samples.filter(specimen__code=code)
    subjects = matching_subjects(subjects_visible_to(user), typed).values_list("pk", flat=True)[: MOST_SUBJECTS + 1]
    return samples.filter(subject__in=list(subjects)[:MOST_SUBJECTS])


def _numbered(samples: SampleQuerySet, code: str) -> SampleQuerySet:
    """Few numbers begin with most of a number; what more begin with is found by year and county, in order."""
    part = number_part(code)
    if part is None:
        return samples.none()
    if len(part.serial) >= CLEAR:
        return samples.filter(number__gte=code, number__lt=code + "~")
    first, last = part.years
    rows = samples.filter(sampled_on__gte=date(first, 1, 1), sampled_on__lte=date(last, 12, 31))
    if len(part.county) == Level.COUNTY:
        rows = rows.filter(county=part.county)
    elif part.county:
        rows = rows.alias(near=Substr("county", 1, len(part.county))).filter(near=part.county)
    return rows.alias(begins=Substr("number", 1, len(code))).filter(begins=code) if part.serial else rows


def of_food(samples: SampleQuerySet, text: str) -> SampleQuerySet:
    """Samples of a food, or of everything in a category; a text that names neither, of all that it might mean.

    Several foods are asked for through an expression that no index has: rows come in the order of the list.
    """
    codes = foods_meant(text)
    if len(codes) == 1:
        return samples.filter(commodity=codes[0])
    return samples.alias(any_of=Concat("commodity_id", Value(""))).filter(any_of__in=codes)


def samples_of_subject(user: "User", subject_id: int) -> SampleQuerySet:
    """Samples of one subject that this person may see."""
    return samples_visible_to(user).filter(subject=subject_id)


def of_subject(user: "User", subject: Any) -> list[Link]:
    """The newest samples of a subject, for the subject's page (common.related)."""
    tones = {Verdict.PASS.value: "ok", Verdict.FAIL.value: "bad"}
    newest = samples_of_subject(user, subject.pk).select_related("commodity").order_by(*NEWEST)[:5]
    return [
        Link(str(_("样品")), f"{s.number} {s.commodity.name}", reverse("monitoring:sample", args=[s.number]),
             s.get_verdict_display() or s.get_state_display(), tones.get(s.verdict, "idle"))
        for s in newest
    ]  # fmt: skip


def same_batches(keys: Collection[tuple[int, str, date | None]]) -> dict[tuple[int, str, date], list[tuple[str, int]]]:
    """(subject, commodity, produced_on) → (number, level) of every supervision sample of that batch that stands."""
    wanted = {(subject, commodity, made) for subject, commodity, made in keys if made is not None}
    subjects = sorted({key[0] for key in wanted})
    found: dict[tuple[int, str, date], list[tuple[str, int]]] = {}
    for start in range(0, len(subjects), 500):
        rows = Sample.objects.filter(
            subject__in=subjects[start : start + 500], kind=SampleKind.SUPERVISION, produced_on__isnull=False
        ).exclude(state=SampleState.VOID)
        columns = ("subject_id", "commodity_id", "produced_on", "number", "level")
        for subject, commodity, made, number, level in rows.values_list(*columns).order_by("pk"):
            if made is not None and (subject, commodity, made) in wanted:
                found.setdefault((subject, commodity, made), []).append((number, level))
    return found


def published(*, division: str = "", verdict: str = "", kind: str = "") -> "QuerySet[Sample, dict[str, Any]]":
    """Published results for everybody to read, by value; list them in the order NEWEST.

    `division`: a full code, everywhere when blank. Who trades under the own name (no 统一社会信用代码, and no name of
    a farm) is shown by the family name alone: `subject_name` (个人信息保护法 第六条: no more than the purpose needs).
    """
    rows = Sample.objects.in_division(division or "000000000000").in_state(SampleState.PUBLISHED)
    rows = rows.with_verdict(verdict) if verdict else rows
    rows = rows.filter(kind=kind) if kind else rows
    person = Concat(Substr("subject__name", 1, 1), Value("某"))
    alone = Q(subject__uscc="") & ~Q(subject__type=SubjectType.FAMILY_FARM)
    shown = Case(When(alone, then=person), default=F("subject__name"), output_field=CharField())
    plain = (
        "id", "number", "kind", "sampled_on", "produced_on", "verdict", "banned", "finding", "report", "published_at",
    )  # fmt: skip
    named = rows.values(*plain, "division_id", "commodity_id", "specimen_id").annotate(
        subject_name=shown, commodity_name=F("commodity__name"), division_name=F("division__name")
    )
    return cast("QuerySet[Sample, dict[str, Any]]", named)


def waiting(user: "User", state: SampleState) -> SampleQuerySet:
    """Samples in a state that this person sees, of which few wait: found by the state, not by the place."""
    seen = Sample.objects.anywhere_in(user.scope) if user.may(Permission.SAMPLE_VIEW) else Sample.objects.none()
    return seen.filter(state=state)


def todos(user: "User", at: datetime) -> list[Todo]:
    """待办: what the laboratory refused, what waits to be sent, what waits to be published."""
    found: list[Todo] = []
    url = reverse("monitoring:samples")
    if user.may(Permission.SAMPLE_TAKE):
        refused = Q(returned="")
        taken = waiting(user, SampleState.TAKEN)
        if count := _count(taken.exclude(refused)):
            text = _("重新送检 %(n)s 件（检测机构拒收）") % {"n": _shown(count)}
            found.append(Todo(text, f"{url}?state=returned", "warn"))
        if count := _count(taken.filter(refused)):
            found.append(Todo(_("送检 %(n)s 件") % {"n": _shown(count)}, f"{url}?state=taken"))
    if user.may(Permission.SAMPLE_PUBLISH):
        judged = waiting(user, SampleState.JUDGED).filter(verdict__in=PUBLISHABLE)
        if count := _count(judged):
            found.append(Todo(_("公布抽检结果 %(n)s 件") % {"n": _shown(count)}, f"{url}?state=judged"))
    return found


def search(user: "User", text: str, most: int = 10) -> list[Hit]:
    """Samples for the global search, by number or blind code."""
    code = text.strip().upper()
    if not code.startswith(("CY-", "MY-")) or len(code) < 4:
        return []
    rows = (
        matching(samples_visible_to(user, rare=True), code, user).select_related("commodity").order_by(*NEWEST)[:most]
    )
    kind = str(_("样品"))
    return [Hit(s.number, s.commodity.name, kind, reverse("monitoring:sample", args=[s.number])) for s in rows]


def _count(rows: SampleQuerySet) -> int:
    return rows.order_by()[: COUNT_TO + 1].count()


def _shown(count: int) -> str:
    return f"{COUNT_TO:,}+" if count > COUNT_TO else f"{count:,}"
