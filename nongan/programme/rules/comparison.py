"""What changed between two versions of a plan, to be read by people. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongan.common.words import listed
from nongan.programme.rules.adoption import same_tasks
from nongan.programme.rules.content import Content, Row
from nongan.programme.rules.reading.shapes import Comparator, Role
from nongan.programme.rules.units import split_units

_TOKENS = re.compile(r"[0-9０-９.,．，]*[0-9０-９]|[\s\S]")


class Kind(TextChoices):
    ADDED = "added", gettext_lazy("新增")
    REMOVED = "removed", gettext_lazy("删去")
    CHANGED = "changed", gettext_lazy("修改")


@dataclass(frozen=True)
class Words:
    """Some characters: kept (“”), taken out (“removed”) or put in (“added”)."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Change:
    """One row that is new, gone or different. `notes` are changes beside the words: (what, from, to); of units, those
    that were taken out and those that were put in."""

    kind: Kind
    label: str
    words: tuple[Words, ...]
    notes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    title: str
    same: int
    changes: tuple[Change, ...] = field(default=())


def compared(old: Content, new: Content) -> list[Section]:
    """Every part of a plan with what changed in it and how many rows stayed the same."""
    chapters_old, chapters_new = _chapters(old), _chapters(new)
    return [
        _heads(old, new),
        _section(_("指标"), old["targets"], new["targets"], _target_label, _target_notes),
        _section(
            _("任务"), old["tasks"], new["tasks"],
            lambda row: _task_label(row, {**chapters_old, **chapters_new}), _task_notes,
        ),
        _section(_("阶段"), old["phases"], new["phases"], lambda row: str(row["name"]), _phase_notes),
        _section(_("目标"), old["goals"], new["goals"], lambda row: str(row["heading"] or row["number"]), _none),
        _section(_("保障措施"), old["safeguards"], new["safeguards"], lambda row: "", _none),
    ]  # fmt: skip


def words_of(old: str, new: str) -> tuple[Words, ...]:
    """Both texts in one, with what was taken out and put in.

    A number is one word (4400 → 5000, not 44 → 50 and 00); crumbs of one character between changes are joined.
    """
    was, now = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces: list[Words] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Words("".join(was[a:b])))
        else:
            pieces += [Words("".join(was[a:b]), "removed")] if b > a else []
            pieces += [Words("".join(now[c:d]), "added")] if d > c else []
    return _joined(pieces)


def _joined(pieces: Sequence[Words]) -> tuple[Words, ...]:
    """“稳[-定-]{+步+}提” reads better than single characters that happen to be equal between two changes."""
    runs: list[list[Words]] = []
    for n, piece in enumerate(pieces):
        crumb = not piece.kind and len(piece.text) <= 1 and 0 < n < len(pieces) - 1
        if runs and (piece.kind or crumb) and runs[-1][-1].kind:
            runs[-1].append(Words(piece.text, piece.kind or "both"))
        else:
            runs.append([piece])
    found: list[Words] = []
    for run in runs:
        if len(run) == 1 and not run[0].kind:
            found.append(run[0])
            continue
        out = "".join(p.text for p in run if p.kind in ("removed", "both"))
        put = "".join(p.text for p in run if p.kind in ("added", "both"))
        found += [Words(out, "removed")] if out else []
        found += [Words(put, "added")] if put else []
    return tuple(found)


def _heads(old: Content, new: Content) -> Section:
    changes = []
    if old["title"] != new["title"]:
        changes.append(Change(Kind.CHANGED, _("方案名称"), words_of(old["title"], new["title"])))
    changes += [
        Change(Kind.REMOVED, _("制定依据"), (Words(line, "removed"),))
        for line in old["basis"]
        if line not in new["basis"]
    ]
    changes += [
        Change(Kind.ADDED, _("制定依据"), (Words(line, "added"),)) for line in new["basis"] if line not in old["basis"]
    ]
    same = sum(line in old["basis"] for line in new["basis"]) + (old["title"] == new["title"])
    return Section(_("名称与依据"), same, tuple(changes))


def _section(title: str, old: Sequence[Row], new: Sequence[Row], label: Any, notes: Any) -> Section:
    """In the order of the new version; what is gone stands where it stood."""
    before = dict(enumerate(row["text"] for row in old))
    pairs = same_tasks(before, [row["text"] for row in new])
    gone = [place for place in before if place not in pairs.values()]
    changes: list[tuple[float, Change]] = []
    same = 0
    for place, row in enumerate(new):
        if place not in pairs:
            changes.append((place, Change(Kind.ADDED, label(row), (Words(row["text"], "added"),), notes({}, row))))
            continue
        was = old[pairs[place]]
        beside = notes(was, row)
        if was["text"] == row["text"] and not beside:
            same += 1
        else:
            changes.append((place, Change(Kind.CHANGED, label(row), words_of(was["text"], row["text"]), beside)))
    after = {theirs: place for place, theirs in pairs.items()}
    for place in gone:
        row = old[place]
        stood = max((after[p] for p in after if p < place), default=-1) + 0.5
        changes.append((stood, Change(Kind.REMOVED, label(row), (Words(row["text"], "removed"),))))
    return Section(title, same, tuple(change for _place, change in sorted(changes, key=lambda pair: pair[0])))


def _chapters(content: Content) -> dict[str, str]:
    return {chapter["id"]: str(chapter["label"]) for chapter in content["chapters"]}


def _task_label(row: Row, chapters: dict[str, str]) -> str:
    chapter = chapters.get(row["chapter"], "")
    return f"{chapter}-{row['number']}" if chapter else str(row["number"])


def _target_label(row: Row) -> str:
    return _figure(row)


def _figure(row: Row) -> str:
    comparator = Comparator(row["comparator"]).label if row["comparator"] in Comparator.values else row["comparator"]
    return f"{comparator} {row['value']}{row['unit']}".strip()


def _target_notes(old: Row, new: Row) -> tuple[tuple[str, str, str], ...]:
    if not old:
        return ()
    return ((_("目标值"), _figure(old), _figure(new)),) if _figure(old) != _figure(new) else ()


def _task_notes(old: Row, new: Row) -> tuple[tuple[str, str, str], ...]:
    found: list[tuple[str, str, str]] = []
    for role in Role:
        was, now = split_units(old.get(role.value, "")), split_units(new[role.value])
        if set(was) != set(now):
            gone, new_names = [n for n in was if n not in now], [n for n in now if n not in was]
            found.append((str(role.label), listed(gone), listed(new_names)))
    if not old:
        return tuple(found)
    for name, title in (("due", _("完成时限")), ("score", _("分值"))):
        if old[name] != new[name]:
            found.append((title, old[name], new[name]))
    if old["key"] != new["key"]:
        found.append((_("关键项"), _("是") if old["key"] else _("否"), _("是") if new["key"] else _("否")))
    return tuple(found)


def _phase_notes(old: Row, new: Row) -> tuple[tuple[str, str, str], ...]:
    if not old:
        return ()
    found = [
        (title, old[name], new[name])
        for name, title in (("name", _("名称")), ("from", _("开始")), ("to", _("结束")))
        if old[name] != new[name]
    ]
    return tuple(found)


def _none(old: Row, new: Row) -> tuple[tuple[str, str, str], ...]:
    return ()
