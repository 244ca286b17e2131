"""English is a complete second language: every text of the source has a translation that keeps its placeholders."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
CHINESE = re.compile(r"[一-鿿]")


def texts():
    """(text, where) of everything wrapped in gettext, in Python and in templates."""
    sources = [*ROOT.glob("nongan/**/*.py"), *ROOT.glob("config/*.py"), *ROOT.glob("nongan/**/templates/**/*.html")]
    for path in sources:
        source = path.read_text()
        if path.suffix == ".html":
            source = templatize(source)
        for line, _function, messages, _comments in extract_python(
            io.BytesIO(source.encode()), list(DEFAULT_KEYWORDS), [], {"encoding": "utf-8"}
        ):
            for text in messages if isinstance(messages, tuple) else (messages,):
                if text:
                    yield text, f"{path.relative_to(ROOT)}:{line}"


@pytest.fixture(scope="module")
def english():
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file)
    assert not catalog.fuzzy  # a fuzzy catalog is not compiled at all
    found = {}
    for message in catalog:
        if message.id and not message.fuzzy:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for one in ids:
                found[one] = strings
    return found


def test_every_text_is_translated(english):
    missing = {text: where for text, where in texts() if CHINESE.search(text) and not all(english.get(text, ("",)))}
    assert missing == {}, f"{len(missing)} texts without English; run `make messages` and translate them"


def test_translations_keep_the_placeholders(english):
    wrong = {
        text: strings
        for text, strings in english.items()
        if any(set(PLACEHOLDER.findall(one)) - set(PLACEHOLDER.findall(text)) for one in strings)
        or set(PLACEHOLDER.findall(text)) - {name for one in strings for name in PLACEHOLDER.findall(one)}
    }
    assert wrong == {}


def test_translations_are_english(english):
    assert {text: strings for text, strings in english.items() if any(CHINESE.search(one) for one in strings)} == {}
