"""From a confirmed content to the rows of a plan in force. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nongan.programme.rules.content import Content
from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.states import DueFrom
from nongan.programme.rules.units import split_units

ALIKE = 0.6  # of the pairs of characters of two tasks: the same task in other words
_CARRYING_OUT = re.compile(r"实施|创建|攻坚|推进|建设|落实|开展|执行")
_NOT_CARRYING_OUT = re.compile(r"动员|部署|启动|准备|申报|申请|验收|总结|考评|考核|评估|监测|自查|整改|巩固|长效")


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation that the plan names and nobody has entered yet."""

    name: str
    division: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What a unit's name stands for: organisations by key, and new ones to be entered. Both empty: nobody."""

    organisations: tuple[int, ...] = ()
    new: tuple[NewOrganisation, ...] = ()


def unit_names(content: Content) -> dict[str, int]:
    """Every name of a unit in the order of the text, with the number of tasks that name it."""
    counts: dict[str, int] = {}
    for task in content["tasks"]:
        for name in dict.fromkeys(name for role in Role.values for name in split_units(task[role])):
            counts[name] = counts.get(name, 0) + 1
    return counts


def carrying_out(phases: Sequence[tuple[str, date | None]]) -> date | None:
    """The last day of the phase in which tasks are carried out (组织实施, 组织创建), by its name; None if unclear.

    Of several such phases the last with a date.
    """
    ends = [end for name, end in phases if end and _CARRYING_OUT.search(name) and not _NOT_CARRYING_OUT.search(name)]
    return max(ends, default=None)


def due_of(own: date | None, phases: Sequence[tuple[str, date | None]]) -> tuple[date | None, DueFrom]:
    """A task's last day: its own where the plan prints one, else the end of the phase of carrying out.

    The plans give most tasks no date and say of that phase 全面落实创建任务 / 对照实施方案 查漏补缺.
    """
    if own:
        return own, DueFrom.OWN
    end = carrying_out(phases)
    return (end, DueFrom.PHASE) if end else (None, DueFrom.NONE)


def same_tasks(old: Mapping[int, str], new: Sequence[str]) -> dict[int, int]:
    """Which task of the new version goes on from which of the old: {place in `new`: key in `old`}.

    Equal wordings first, then the most alike pairs (Dice coefficient of character pairs ≥ 0.6), each used once.
    """
    bare = {key: _bare(text) for key, text in old.items()}
    pairs: list[tuple[float, int, int]] = []
    grams = {key: _grams(text) for key, text in bare.items()}
    for place, text in enumerate(new):
        words = _bare(text)
        own = _grams(words)
        for key, theirs in grams.items():
            alike = 1.01 if words == bare[key] else _dice(own, theirs)
            if alike >= ALIKE:
                pairs.append((alike, place, key))
    found: dict[int, int] = {}
    for _alike, place, key in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if place not in found and key not in found.values():
            found[place] = key
    return found


def _bare(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", text)


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(len(text) - 1)) or frozenset({text})


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
