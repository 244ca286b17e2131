"""What kind of part each heading of the outline opens.

Top headings are known by name (`headings`). Four names are ambiguous and decided by the plan as a whole:
措施 (tasks, unless the plan has tasks elsewhere), so 职责分工, 目标任务 (tasks where there are none elsewhere, else goals) and
组织实施 (phases if its parts carry dates, else safeguards). An unnamed part that names responsible units is a
chapter of tasks; if the plan has no task part at all, so is every unnamed part with numbered points, and in a
titled plan without even those every unnamed part.
"""

import re
from collections.abc import Callable, Iterator

from nongan.programme.rules.reading.dates import find_periods
from nongan.programme.rules.reading.headings import Kind, kind_of_line, kind_of_name
from nongan.programme.rules.reading.marks import Style
from nongan.programme.rules.reading.outline import Node

HasUnits = Callable[[Node], bool]

_OPEN = (Kind.PRINCIPLES, Kind.GOALS, Kind.AIMS_AND_TASKS, Kind.UNKNOWN)


def top_parts(root: Node) -> list[Node]:
    """The uppermost parts: below the title, where a .docx has the title as its one main heading."""
    nodes = root.children
    while len(nodes) == 1 and nodes[0].mark and nodes[0].mark.style is Style.H1 and nodes[0].children:
        nodes = nodes[0].children
    return nodes


def classify(plain: str, root: Node, has_units: HasUnits, titled: bool) -> list[Node]:
    """Give every node its kind and return the top parts."""
    tops = top_parts(root)
    for node in tops:
        node.kind = Kind.UNKNOWN if _is_annex(node) else kind_of_line(plain[slice(*node.heading)])
        _inherit(plain, node)
    _resolve(plain, tops, has_units)
    _find_tasks(tops, has_units, titled)
    _find_twofold(plain, tops, has_units)
    return tops


def _find_twofold(plain: str, tops: list[Node], has_units: HasUnits) -> None:
    """Phases that hold the tasks, of a plan that has no others; and a part of tasks that is divided by phases."""
    with_tasks = any(node.kind is Kind.TASKS for top in tops for node in top.walk())
    with_phases = any(node.kind is Kind.PHASES for node in tops)
    for node in tops:
        if node.kind is Kind.PHASES:
            node.twofold = not with_tasks and has_units(node)
        elif node.kind is Kind.TASKS and not with_phases:
            staged = [child for child in node.children if "阶段" in plain[slice(*child.heading)]]
            node.twofold = len(staged) == len(node.children) >= 2 and _has_dates(plain, node)


def is_container(plain: str, node: Node) -> bool:
    """Is the part only the frame of its chapters (“主要任务”), or a chapter itself (“加强投入品监管”)?"""
    return kind_of_line(plain[slice(*node.heading)]) not in (Kind.UNKNOWN, Kind.SAFEGUARDS)


def annexes(tops: list[Node]) -> Iterator[Node]:
    return (node for node in tops if _is_annex(node) and node.kind is not Kind.TASKS)


def _is_annex(node: Node) -> bool:
    return node.mark is not None and node.mark.style is Style.ANNEX


def _inherit(plain: str, node: Node) -> None:
    for child in node.children:
        own = kind_of_name(re.sub(r"\s", "", plain[slice(*child.heading)]))
        child.kind = own if own is not Kind.UNKNOWN and _may_change(node.kind, own) else node.kind
        _inherit(plain, child)


def _may_change(kind: Kind, own: Kind) -> bool:
    return kind in _OPEN or (kind is Kind.TASKS and own is Kind.GOALS)


def _resolve(plain: str, tops: list[Node], has_units: HasUnits) -> None:
    nodes = [node for top in tops for node in top.walk()]
    for node in nodes:
        if node.kind is Kind.CARRYING_OUT:
            _set(node, Kind.PHASES if _has_dates(plain, node) else Kind.SAFEGUARDS, Kind.CARRYING_OUT)
    unnamed = any(not _is_annex(top) and top.kind is Kind.UNKNOWN and has_units(top) for top in tops)
    with_tasks = unnamed or any(node.kind is Kind.TASKS for node in nodes)
    for node in nodes:
        if node.kind is Kind.MEASURES:
            kind = Kind.TASKS if has_units(node) or not with_tasks else Kind.SAFEGUARDS
            _set(node, kind, Kind.MEASURES)
    for node in nodes:
        if node.kind is Kind.DUTIES:
            other = with_tasks or any(top.kind is Kind.AIMS_AND_TASKS and has_units(top) for top in tops)
            _set(node, Kind.PRINCIPLES if other else Kind.TASKS, Kind.DUTIES)
    elsewhere = unnamed or any(node.kind is Kind.TASKS for node in nodes)
    for node in nodes:
        if node.kind is Kind.AIMS_AND_TASKS:
            inside = any(child.kind is Kind.TASKS for child in node.walk())
            kind = Kind.TASKS if has_units(node) and not inside or not elsewhere else Kind.GOALS
            _set(node, kind, Kind.AIMS_AND_TASKS)


def _find_tasks(tops: list[Node], has_units: HasUnits, titled: bool) -> None:
    first = next((nth for nth, top in enumerate(tops) if top.kind in (Kind.TASKS, Kind.UNKNOWN) and has_units(top)), 0)
    for node in tops[:first]:  # 组织领导 before the first tasks, with units of its own, is a chapter like theirs
        if node.kind is Kind.SAFEGUARDS and has_units(node):
            _set(node, Kind.TASKS, Kind.SAFEGUARDS)
    unnamed = [top for top in tops if top.kind is Kind.UNKNOWN and not _is_annex(top)]
    for node in unnamed:
        if has_units(node):
            _set(node, Kind.TASKS, Kind.UNKNOWN)
            for child in node.children:  # “(一)加强组织领导” with units of its own is a task, whatever its name
                if has_units(child):
                    _set(child, Kind.TASKS, Kind.SAFEGUARDS)
    tests: list[Callable[[Node], bool]] = [lambda node: len(node.children) >= 2, lambda node: titled]
    for test in tests:
        if any(node.kind is Kind.TASKS for top in tops for node in top.walk()):
            return
        for node in unnamed:
            if test(node):
                _set(node, Kind.TASKS, Kind.UNKNOWN)
    for node in tops:
        if _is_annex(node) and has_units(node):
            _set(node, Kind.TASKS, Kind.UNKNOWN)


def _set(node: Node, kind: Kind, old: Kind) -> None:
    """Give the node and all below it that had the same kind the new one."""
    for each in node.walk():
        if each.kind is old:
            each.kind = kind


def _has_dates(plain: str, node: Node) -> bool:
    dated = [
        child
        for child in node.children
        if next(find_periods(plain, child.start, min(child.end, child.start + 80)), None)
    ]
    return len(dated) >= 2
