"""The numbers that Word prints before the paragraphs of a list, and the levels of its headings.

Word keeps only “list 3, level 1”; the number itself follows from word/numbering.xml and from what came before:
each level has a form (一, 1, ①), a pattern (“（%1）”, “%1.%2”) and a start, and begins anew below a higher level.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ONES = "零一二三四五六七八九"
_BULLET = "·"
_CIRCLED = ("decimalEnclosedCircle", "decimalEnclosedCircleChinese")


def tag(name: str) -> str:
    return _W + name


def value(element: Element | None) -> str:
    """The w:val of an element; blank without one."""
    return element.get(tag("val"), "") if element is not None else ""


def chinese(number: int) -> str:
    """一 … 九十九; beyond that digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _ONES[tens] + "十") + (_ONES[ones] if ones else "")


def _circle(number: int) -> str:
    return chr(0x2460 + number - 1) if 0 < number <= 20 else f"({number})"


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) if number > 0 else ""


def _roman(number: int) -> str:
    text = ""
    for size, sign in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        count, number = divmod(number, size)
        text += sign * count
    return text


_FORMS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese, "chineseCountingThousand": chinese, "chineseLegalSimplified": chinese,
    "ideographDigital": chinese, "ideographTraditional": chinese, "japaneseCounting": chinese,
    "taiwaneseCounting": chinese, "taiwaneseCountingThousand": chinese, "japaneseDigitalTenThousand": chinese,
    "decimalEnclosedCircle": _circle, "decimalEnclosedCircleChinese": _circle,
    "decimalZero": lambda number: f"{number:02d}", "decimalEnclosedParen": lambda number: f"({number})",
    "lowerLetter": _letter, "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman, "upperRoman": lambda number: _roman(number).upper(),
    "bullet": lambda number: _BULLET, "none": lambda number: "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int
    through: bool = False  # counts on below every higher level


@dataclass(slots=True)
class Styles:
    """Paragraph styles: what each is based on, its list and its heading level."""

    part: Element | None
    by_id: dict[str, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for style in self.part if self.part is not None else ():
            if style.tag == tag("style"):
                self.by_id[style.get(tag("styleId"), "")] = style

    def chain(self, paragraph: Element) -> list[Element]:
        """The properties of the paragraph, then of its style, then of the style that this is based on …"""
        own = paragraph.find(tag("pPr"))
        found = [own] if own is not None else []
        name = value(own.find(tag("pStyle"))) if own is not None else ""
        for _step in range(12):
            style = self.by_id.get(name)
            if style is None:
                break
            properties = style.find(tag("pPr"))
            found += [properties] if properties is not None else []
            name = value(style.find(tag("basedOn")))
        return found

    def level(self, paragraph: Element) -> int:
        """1 to 3 for a heading, else 0."""
        own = paragraph.find(tag("pPr"))
        style = self.by_id.get(value(own.find(tag("pStyle")))) if own is not None else None
        name = value(style.find(tag("name"))).lower() if style is not None else ""
        if name[:-1].strip() in ("heading", "标题") and name[-1].isdecimal():
            return int(name[-1]) if int(name[-1]) <= 3 else 0
        for properties in self.chain(paragraph):
            outline = value(properties.find(tag("outlineLvl")))
            if outline.isdecimal():
                return int(outline) + 1 if int(outline) < 3 else 0
        return 0


@dataclass(slots=True)
class Numbering:
    """The lists of word/numbering.xml and how far each has been counted."""

    part: Element | None
    lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    restarts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.part is None:
            return
        kinds = {kind.get(tag("abstractNumId"), ""): kind for kind in self.part.findall(tag("abstractNum"))}
        for one in self.part.findall(tag("num")):
            key, kind = one.get(tag("numId"), ""), value(one.find(tag("abstractNumId")))
            self.abstract[key] = kind
            levels = dict(_levels(kinds.get(kind)))
            for override in one.findall(tag("lvlOverride")):
                place = _number(override.get(tag("ilvl"), ""), 0)
                levels |= dict(_levels(override))
                start = override.find(tag("startOverride"))
                if start is not None:
                    old = levels.get(place, _Level("decimal", f"%{place + 1}.", 1))
                    levels[place] = _Level(old.form, old.pattern, _number(value(start), 1))
                    self.restarts.add(key)
            self.lists[key] = levels

    def label(self, paragraph: Element, styles: Styles) -> str:
        """The number as printed, with its punctuation; blank for a paragraph of no list."""
        key, place = self._place(paragraph, styles)
        levels = self.lists.get(key, {})
        if place not in levels or levels[place].form == "none":
            return ""
        counts = self.counts.setdefault(key if key in self.restarts else "kind " + self.abstract[key], {})
        for deeper in [level for level in counts if level > place and not levels[level].through]:
            del counts[deeper]
        counts[place] = counts.get(place, levels[place].start - 1) + 1
        text = levels[place].pattern
        if levels[place].form == "bullet":
            return "● "
        for level in range(place + 1):
            shown = levels.get(level, levels[place])
            number = counts.get(level, shown.start)
            text = text.replace(f"%{level + 1}", _FORMS.get(shown.form, str)(number))
        if text and text[-1].isalnum() and not text.startswith("第") and levels[place].form not in _CIRCLED:
            text += "、" if levels[place].form in _FORMS and text[-1] in _ONES + "十" else "."
        return text + (" " if text.endswith((".", "条")) else "")

    def _place(self, paragraph: Element, styles: Styles) -> tuple[str, int]:
        key, place = "", None
        for properties in styles.chain(paragraph):
            found = properties.find(tag("numPr"))
            if found is None:
                continue
            if place is None and (level := found.find(tag("ilvl"))) is not None:
                place = _number(value(level), 0)
            if not key and (one := found.find(tag("numId"))) is not None:
                key = value(one)
        return key, place or 0


def _levels(kind: Element | None) -> list[tuple[int, _Level]]:
    found = []
    for level in kind.findall(tag("lvl")) if kind is not None else ():
        place = _number(level.get(tag("ilvl"), ""), 0)
        form = value(level.find(tag("numFmt"))) or "decimal"
        pattern = value(level.find(tag("lvlText")))
        through = value(level.find(tag("lvlRestart"))) == "0"
        found.append((place, _Level(form, pattern, _number(value(level.find(tag("start"))), 1), through)))
    return found


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default
