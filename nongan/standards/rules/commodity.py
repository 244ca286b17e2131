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
    r"(?<=.)(?:\((?:活|鲜|冻|冰鲜|散装|生|预包装|鲜活|冷冻)\)|[a-z]?\d+号|[一二三四五六七八九]号|\d{1,2}|tm|®)$"
)
# Words that make another food of what is named behind them (酱牛肉, 干香菇, 冻干草莓) or in brackets behind them
# (水饺(猪肉), 挂面(鸡蛋)); then the name is not read by its ending, or by its brackets.
MADE = re.compile(
    r"(?<![新余])干|腌|酱|卤|腊|咸|烤|炸|炒|烧|熏|糟|醉|炖|焖|酥|煮|蒸|烘|焙|五香|香辣|麻辣|藤椒|蒜香|椒盐|盐水|盐渍|"
    r"糖水|糖渍|糖炒|拔丝|脱水|罐头|即食|调味|调理|速溶|膨化|油炸|(?<![早中晚成完])熟|虎皮|火锅|茶叶|松花|风味|味|仿|素|人造|"
    r"泡|^酸|剁|蜜饯|果脯|粉碎|研磨|真空"
)
MADE_BEHIND = re.compile(
    r"(?:饺|饼|饼干|面|挂面|面条|酱|粥|汤|羹|糕|粽|粽子|丸|肠|罐头|脯|片|粉|汁|饮料|饮品|酒|醋|油|糖|蜜饯|馅|包|包子|饺子|水饺|"
    r"馄饨|汤圆|堡|卷|条|圈|腐|皮|露|冻|膏|晶|精|料|调料|丝|干|锅巴|零食|制品|菜肴|罐|乳|奶|串|排|球|味)(?:类)?$"
)
# Foods that end in the name of another food and are not a kind of it: 酸枣 is no 枣, 火鸡 is no 鸡.
OTHERS = re.compile(
    r"盐水鸭|酱鸭|酸枣|沙枣|黑枣|椰枣|拐枣|海枣|滇刺枣|刺梨|胡桃|羊桃|夹竹桃|良姜|山姜|岩姜|石蒜|野蒜|小根蒜|胡葱|楼葱|地椒|山胡椒|木姜|"
    r"蜗牛|田鸡|火鸡|野鸡|山鸡|珍珠鸡|竹鸡|鸵鸟|野鸭|野猪|豪猪|竹鼠|海牛|岩羊|羚羊|河豚|海豚|冰红茶|冰绿茶|奶茶|茶饮|"
    r"蛋黄果|人参果|鸡蛋花|蛇莓|菠萝莓|木菠萝|番木瓜海棠|豆角干|蒜蓉|姜汁|辣木|芥末"
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
                meanings = {self._together(sorted({code for codes in meanings for code in codes}))}
            for codes in meanings:
                return Found(text, codes, how)
        return Found(text)

    def _together(self, codes: list[str]) -> tuple[str, ...]:
        """What several names of one food mean: the lower one; or, where one is a class near the other, that class:
        “鲈鱼（海水鱼）” is a sea fish, whatever 鲈鱼 is else."""
        kept = self._narrowest(codes)
        classes = [code for code in kept if self.is_category(code)]
        if len(kept) == 2 and len(classes) == 1:
            (name,) = set(kept) - set(classes)
            tops = {code for code in self.chains(name) if self.nodes[code].parents}
            if not tops.isdisjoint(self.chains(classes[0])):
                return (classes[0],)
        return kept

    def _readings(self, text: str) -> Iterable[tuple[str, list[str]]]:
        whole = _named(parts(text), self._names)
        bare = [BEHIND.sub("", ADORNED.sub("", part)) for part in whole]
        split = [piece for part in bare for piece in part.split("/") if piece]
        pieces = [ADORNED.sub("", piece) for piece in split]
        dried = [f"{name[1:]}(干)" for name in bare if name[0] == "干"]
        dried += [f"{name[:-1]}(干)" for name in bare if name[-1] == "干"]
        yield "名称", whole[:1]
        yield "名称及括注", whole[1:]
        yield "名称（去修饰词）", bare
        yield "名称（并列写法）", pieces
        yield "名称（干制）", dried
        yield "名称结尾", pieces

    def _meant(self, name: str, inside: str, *, by_head: bool) -> tuple[str, ...]:
        codes = self._by_head(name) if by_head else self._names.get(name, ())
        narrowed = tuple(c for c in codes if self.is_within(c, inside)) if inside else codes
        return narrowed or (() if inside else codes)

    def _by_head(self, name: str) -> tuple[str, ...]:
        """By the longest known ending: Chinese names of foods end in what they are. A known whole name is no ending,
        nor is one that cuts through another food (韭菜花 is no 菜花), nor what was made of the food (酱牛肉)."""
        if OTHERS.search(name):
            return ()
        for start in range(1, len(name)):
            ending = name[start:]
            if ending in self._heads:
                codes = self._heads[ending]
                return () if MADE.search(name[:start]) or self._cuts(name, start, codes) else codes
            if ending in self._names and len(ending) > 1:
                return ()  # a longer food that is no head: 核桃 is not 桃
        return ()

    def _cuts(self, name: str, start: int, codes: tuple[str, ...]) -> bool:
        """Does the name of another food begin before `start` and end behind it?"""
        spans = ((a, b) for a in range(start) for b in range(start + 1, len(name)))
        return any(self._names.get(name[a:b], codes) != codes for a, b in spans)


def _named(whole: list[str], known: Mapping[str, object]) -> list[str]:
    """The parts of a name, without what stands in brackets behind a product: “水饺（猪肉）” is no 猪肉; and only the
    whole where the brackets say that something was made of it: “茶树菇（干）” is no 茶树菇."""
    if len(whole) < 2:
        return whole
    *inside, outside = whole[1:]
    if any(part not in known and MADE.search(part) for part in inside):
        return whole[:1]
    made = MADE_BEHIND.search(outside) or (outside not in known and MADE.search(outside))
    return [whole[0], outside] if made else whole
