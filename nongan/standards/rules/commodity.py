"""The tree of foods: what is a kind of what, and which food a written name means.

A node may stand under several parents: 豇豆 is a 荚可食类豆类蔬菜 of GB 2763 and a 豆类蔬菜 of GB 2762. The first
parent is the one shown. Which standard a parent belongs to does not matter: the rows of a standard hang on its nodes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nongan.common.errors import RuleBroken
from nongan.standards.rules.names import key, parts

# What is said in front of a name or behind it without making another food of it. 干 and 粉 are not among them: drying
# and milling do make another.
ADORNED = re.compile(
    r"^(?:新鲜|鲜活|鲜嫩|冰鲜|鲜|活|冷冻|速冻|冻|冷鲜|散装|精品|优质|有机|绿色|本地|农家|土|去皮|净|生)+(?=.)"
)
BEHIND = re.compile(
    r"(?<=.)(?:\((?:活|鲜|冻|冰鲜|散装|生|预包装|鲜活|冷冻)\)|[a-z]?\d+号|[一二三四五六七八九]号|tm|®)$"
)


class TreeBroken(RuleBroken):
    """The table of foods contradicts itself."""

    code = "tree_broken"


@dataclass(frozen=True)
class Commodity:
    """A food or a category. `heads`: synonyms that also name the food at the end of a longer name (赣南脐橙 → 脐橙).
    `processed`: made from agricultural produce, outside the scope of produce monitoring."""

    code: str
    name: str
    parents: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    processed: bool = False
    source: str = ""


@dataclass(frozen=True)
class Found:
    """What a written name means. `codes`: one when it is clear, several when it is ambiguous, none when unknown.
    `how` says in words by what it was recognised."""

    text: str
    codes: tuple[str, ...] = ()
    how: str = ""

    @property
    def code(self) -> str:
        """The one meaning, or blank."""
        return self.codes[0] if len(self.codes) == 1 else ""


@dataclass(frozen=True)
class Tree:
    """All foods by code. Raises TreeBroken at once when a parent is missing or a food is its own ancestor."""

    nodes: Mapping[str, Commodity] = field(default_factory=dict)

    @classmethod
    def of(cls, commodities: Iterable[Commodity]) -> "Tree":
        nodes: dict[str, Commodity] = {}
        for one in commodities:
            if one.code in nodes:
                raise TreeBroken(f"食品编码 {one.code} 重复：{nodes[one.code].name}、{one.name}。")
            nodes[one.code] = one
        for one in nodes.values():
            for parent in one.parents:
                if parent not in nodes:
                    raise TreeBroken(f"{one.name}（{one.code}）的上级 {parent} 不存在。")
        tree = cls(nodes)
        for code in nodes:
            tree.chains(code)  # finds every cycle
        return tree

    @cached_property
    def _chains(self) -> dict[str, dict[str, tuple[str, ...]]]:
        return {}

    def chains(self, code: str) -> Mapping[str, tuple[str, ...]]:
        """Every ancestor, and the food itself, with the shortest way up to it: {code: (food, …, code)}."""
        known = self._chains.get(code)
        if known is not None:
            return known
        ways: dict[str, tuple[str, ...]] = {code: (code,)}
        waiting = [code]
        while waiting:
            at = waiting.pop(0)
            for parent in self.nodes[at].parents:
                if parent == code or parent in ways[at]:
                    raise TreeBroken(f"{self.name(code)}（{code}）绕了一圈成为自己的上级。")
                if parent not in ways:
                    ways[parent] = (*ways[at], parent)
                    waiting.append(parent)
        self._chains[code] = ways
        return ways

    def is_within(self, code: str, ancestor: str) -> bool:
        """Is the food this node, or under it?"""
        return ancestor in self.chains(code)

    def name(self, code: str) -> str:
        return self.nodes[code].name

    def way(self, code: str, ancestor: str) -> str:
        """“豇豆 → 荚可食类豆类蔬菜 → 豆类蔬菜”."""
        return " → ".join(self.name(step) for step in self.chains(code)[ancestor])

    def line(self, code: str) -> list[Commodity]:
        """From the top down to the food, along the first parents."""
        steps = [self.nodes[code]]
        while steps[-1].parents:
            steps.append(self.nodes[steps[-1].parents[0]])
        return steps[::-1]

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Code → codes of what stands directly under it, in the order of the table."""
        found: dict[str, list[str]] = {}
        for one in self.nodes.values():
            for parent in one.parents:
                found.setdefault(parent, []).append(one.code)
        return {code: tuple(codes) for code, codes in found.items()}

    def is_category(self, code: str) -> bool:
        return code in self.children

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for code in self.nodes:
            for ancestor in self.chains(code):
                if ancestor != code:
                    found.setdefault(ancestor, set()).add(code)
        return {code: frozenset(codes) for code, codes in found.items()}

    def below(self, code: str) -> frozenset[str]:
        """Everything under a category, without itself."""
        return self._below.get(code, frozenset())

    # Names

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        """Names and synonyms as `key`; where one node stands under the other, the lower one is meant."""
        found: dict[str, list[str]] = {}
        for one in self.nodes.values():
            for name in (one.name, *one.synonyms, *one.heads):
                codes = found.setdefault(key(name), [])
                if one.code not in codes:
                    codes.append(one.code)
        return {name: self._narrowest(codes) for name, codes in found.items()}

    def _narrowest(self, codes: list[str]) -> tuple[str, ...]:
        kept = [c for c in codes if not any(o != c and self.is_within(o, c) for o in codes)]
        return tuple(kept)

    @cached_property
    def _heads(self) -> dict[str, tuple[str, ...]]:
        return {key(head): self._names[key(head)] for one in self.nodes.values() for head in one.heads}

    def find(self, text: str, *, inside: str = "") -> Found:
        """The food that a name means: as it stands, its parts in brackets, without adornments, by its last word.

        `inside` narrows to a category (“豌豆” as a vegetable, not as a pulse). What stays ambiguous has several codes.
        """
        for how, names in self._readings(text):
            meanings = {self._meant(name, inside, by_head="结尾" in how) for name in names} - {()}
            if len(meanings) > 1:
                meanings = {self._narrowest(sorted({code for codes in meanings for code in codes}))}
            for codes in meanings:
                return Found(text, codes, how)
        return Found(text)

    def _readings(self, text: str) -> Iterable[tuple[str, list[str]]]:
        whole = parts(text)
        bare = [BEHIND.sub("", ADORNED.sub("", part)) for part in whole]
        split = [piece for part in bare for piece in part.split("/") if piece]
        pieces = [ADORNED.sub("", piece) for piece in split]
        yield "名称", whole[:1]
        yield "名称及括注", whole[1:]
        yield "名称（去修饰词）", bare
        yield "名称（并列写法）", pieces
        yield "名称结尾", pieces

    def _meant(self, name: str, inside: str, *, by_head: bool) -> tuple[str, ...]:
        codes = self._by_head(name) if by_head else self._names.get(name, ())
        narrowed = tuple(c for c in codes if self.is_within(c, inside)) if inside else codes
        return narrowed or (() if inside else codes)

    def _by_head(self, name: str) -> tuple[str, ...]:
        """By the longest known ending: Chinese names of foods end in what they are. A known whole name is no ending."""
        for start in range(1, len(name)):
            ending = name[start:]
            if ending in self._heads:
                return self._heads[ending]
            if ending in self._names and len(ending) > 1:
                return ()  # a longer food that is no head: 核桃 is not 桃
        return ()
