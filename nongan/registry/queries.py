"""What one may see of the registry."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nongan.accounts.queries import organisations_in
from nongan.accounts.rules import Permission
from nongan.common.divisions import Level, level_of, within
from nongan.common.keyset import COUNT_TO
from nongan.common.work import Hit, Todo
from nongan.places.queries import divisions_in
from nongan.registry.models import Subject, SubjectQuerySet
from nongan.registry.rules import CODE_LENGTH, Facts, same_subject, tidy_code, township_of

if TYPE_CHECKING:
    from nongan.accounts.models import OrganisationQuerySet, User

SUPERVISING = ("government", "enforcement", "township")  # kinds of organisations that supervise
ORDER = ("division_id", "number")  # of lists: by place, then number; the index subject_by_place has it


def subjects_visible_to(user: "User") -> SubjectQuerySet:
    """Those of one's division; a producer or dealer sees the own entry."""
    subjects = Subject.objects.select_related("division", "supervising")
    if user.may(Permission.SUBJECT_VIEW):
        return subjects.in_division(user.scope)
    return subjects.filter(number=user.subject_number) if user.subject_number else subjects.none()


def subject_named(number: str, user: "User") -> Subject:
    """The subject of that number. Raises Subject.DoesNotExist when there is none, or it is not this person's to see."""
    return subjects_visible_to(user).get(number=number)


def matching(subjects: SubjectQuerySet, text: str) -> SubjectQuerySet:
    """Those whose number or code begins with the text, or whose name holds it."""
    code = tidy_code(text)
    if code[:2] == "ZT" and code[2:].isdecimal():
        number = f"ZT-{code[2:8]}-{code[8:]}" if len(code) > 8 else f"ZT-{code[2:]}"
        return subjects.filter(number__gte=number, number__lt=number + "~")
    if len(code) == CODE_LENGTH and code.isascii():
        return subjects.filter(uscc=code)
    if len(code) >= 8 and code.isascii() and code.isalnum() and code[2:8].isdecimal():
        return subjects.filter(uscc__gte=code, uscc__lt=code + "~")
    return subjects.filter(name__icontains=text)


def same_as(facts: Facts, *, but: int | None = None) -> list[Subject]:
    """Entries that look like the same subject (rules.same_subject), wherever they stand, closed ones too."""
    near = Q(name=facts.name) & within("division_id", township_of(facts.division).ljust(12, "0"))
    if facts.uscc:
        near |= Q(uscc=facts.uscc)
    found = Subject.objects.select_related("division").filter(near).order_by("pk")[:100]
    return [subject for subject in found if subject.pk != but and same_subject(subject.facts, facts)]


def known_like(many: Iterable[Facts]) -> list[Subject]:
    """Entries that share a code or a name with one of many: the candidates of an import, in few queries."""
    many = list(many)
    found: dict[int, Subject] = {}
    for column, values in (("uscc", {f.uscc for f in many if f.uscc}), ("name", {f.name for f in many})):
        keys = sorted(values)
        for start in range(0, len(keys), 500):
            some = Subject.objects.filter(**{f"{column}__in": keys[start : start + 500]})
            found |= {subject.pk: subject for subject in some}
    return list(found.values())


def pick_subjects(user: "User", text: str, most: int = 12) -> list[tuple[str, str]]:
    """(number, “name · number · division”) for a box in which one picks a subject; takes such a label too."""
    parts = text.split(" · ")
    wanted = parts[1] if len(parts) > 1 else text
    found = matching(subjects_visible_to(user).active(), wanted.strip())
    return [(s.number, f"{s.name} · {s.number} · {s.division.name}") for s in found.order_by(*ORDER)[:most]]


def supervising_organisations(user: "User") -> "OrganisationQuerySet":
    """Organisations of one's division that can be made responsible for a subject."""
    return organisations_in(user.scope).filter(active=True, kind__in=SUPERVISING)


def pick_supervising(user: "User", text: str, most: int = 12) -> list[tuple[str, str]]:
    """(key, “name · division”) for a box in which one picks the supervising organisation."""
    name, _dot, place = text.partition(" · ")
    here = supervising_organisations(user)
    found = here.filter(pk=int(text)) if text.isdecimal() else here.filter(name__icontains=name)
    if place:
        found = found.filter(name=name, division__name=place)
    return [(str(o.pk), f"{o.name} · {o.division.name}") for o in found.order_by("division_id", "name")[:most]]


def division_choices(user: "User") -> list[tuple[str, list[tuple[str, str]]] | tuple[str, str]]:
    """The counties and townships of one's division, grouped, for the select of a query row: one query."""
    if not user.scope:
        return []
    deepest = Level.VILLAGE if level_of(user.scope) >= Level.TOWNSHIP else Level.TOWNSHIP
    inside = list(divisions_in(user.scope).filter(level__lte=deepest).values_list("code", "name"))
    groups: dict[str, list[tuple[str, str]]] = {}
    names = dict(inside)
    for code, name in inside:
        level = level_of(code)
        if level == Level.COUNTY:
            groups[code] = [(code, _("%(name)s（全部）") % {"name": name}), *groups.get(code, [])]
        elif level > Level.COUNTY:
            groups.setdefault(code[: Level.COUNTY].ljust(12, "0"), []).append((code, name))
    return [(names.get(county, ""), options) for county, options in groups.items()]


def unsupervised(user: "User") -> SubjectQuerySet:
    """Active subjects for whom nobody is responsible."""
    return subjects_visible_to(user).active().unsupervised()


def todos(user: "User", at: datetime) -> list[Todo]:
    """待办: subjects without a supervisor, for those who may name one."""
    if not user.may(Permission.SUBJECT_EDIT):
        return []
    count = unsupervised(user).order_by()[: COUNT_TO + 1].count()
    if not count:
        return []
    shown = f"{COUNT_TO:,}+" if count > COUNT_TO else f"{count:,}"
    text = ngettext("为 %(n)s 个主体落实监管责任人", "为 %(n)s 个主体落实监管责任人", count) % {"n": shown}
    return [Todo(text, reverse("registry:subjects") + "?supervised=no&active=yes")]


def search(user: "User", text: str, most: int = 10) -> list[Hit]:
    """Subjects for the global search, by number, code or name."""
    found = matching(subjects_visible_to(user), text).order_by(*ORDER)[:most]
    return [Hit(s.number, s.name, s.get_type_display(), reverse("registry:subject", args=[s.number])) for s in found]
