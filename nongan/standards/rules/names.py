"""Names as people write them, brought to one form, so that equal things compare equal."""

import re
import unicodedata

SAME = str.maketrans({
    "【": "(", "】": ")", "〔": "(", "〕": ")", "[": "(", "]": ")", "{": "(", "}": ")",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "·": "", "•": "", "・": "", "’": "'", "′": "'",
    "、": "/", ",": "/", ";": "/", "及": "和", "与": "和", "或": "/", "*": "", "\u200b": "", "\ufeff": "",
})  # fmt: skip
BRACKETS = re.compile(r"\(([^()]*)\)")


def key(text: str) -> str:
    """The form in which two spellings of one name are equal: full and half width, brackets, blanks, case, 、 and /.

    >>> key("镉（以Cd计）") == key("镉(以Cd计)")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().translate(SAME)


def parts(text: str) -> list[str]:
    """What a written name may mean, the likeliest first: itself, then outside and inside of its brackets.

    >>> parts("山芹（芹菜）")
    ['山芹(芹菜)', '芹菜', '山芹']
    """
    whole = key(text)
    inside = BRACKETS.findall(whole)
    return [name for name in dict.fromkeys([whole, *inside, BRACKETS.sub("", whole)]) if name]
