"""English is whole: no Chinese mark joins words that a reader of English sees.

Data stay as they were typed, and most of them are Chinese here. So templates are read as they are written, where a mark
outside a text of the catalogue can only be one too many; and the pages themselves are searched for marks that stand
between letters of the alphabet.
"""

import re
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.template.base import Lexer, TokenType
from django.urls import reverse

from nongan.accounts.rules import Role
from nongan.common.words import MARKS
from tests.test_permissions import EVERYBODY, EXAMPLES, NEEDS, PUBLIC
from tests.world import whole_city

ROOT = Path(__file__).parent.parent
SIGNS = "".join(MARKS)
# An official paper in Chinese; a page that speaks both languages, because it is shown when nothing works any more.
CHINESE = {"nongan/laboratory/templates/laboratory/report.html", "nongan/ui/templates/500.html"}
# Texts that are Chinese for every reader: names of laws, what an indicator rests on, a Chinese form, samples.
SPOKEN = (
    "nongan/enforcement/rules/deadlines.py", "nongan/indicators/definitions/*.toml", "nongan/places/services.py",
    "nongan/ui/pages.py",
)  # fmt: skip
LAW = {"standards:commodity", "standards:look-up"}  # say how a limit was found, in Chinese sentences made by the rules
NO_PAGE = re.compile(r":(logout|.*-options|.*-template|.*-file|.*paper|report)$")
ADDRESSES = sorted(name for name in {*PUBLIC, *EVERYBODY, *NEEDS} - LAW - {"set_language"} if not NO_PAGE.search(name))
ASKED = {"search": {"q": "000001"}}
JOINED = re.compile(rf"join:\s*[\"'][^\"']*[{SIGNS}]")
EDGE = "\x1f"  # of an element within a line
INLINE = re.compile(r"</?(?:a|span|strong|small|em|b|i)\b[^>]*>")


def marks_written(source: str) -> list[str]:
    """Chinese marks of a template that stand outside the texts of the catalogue, each with what is around it."""
    found, translated = [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK and "blocktrans" in token.contents:
            translated = not token.contents.startswith("end")
        elif token.token_type == TokenType.TEXT and not translated:
            found += re.findall(rf".{{0,30}}[{SIGNS}].{{0,20}}", token.contents)
        elif token.token_type != TokenType.COMMENT:
            found += JOINED.findall(token.contents)
    return found


def test_a_template_joins_words_with_the_mark_of_the_language():
    templates = sorted(ROOT.glob("nongan/**/templates/**/*.html"))
    assert len(templates) > 80
    found = {str(path.relative_to(ROOT)): marks_written(path.read_text()) for path in templates}
    assert {name: marks for name, marks in found.items() if marks and name not in CHINESE} == {}
    assert all(found[name] for name in CHINESE)  # one that has lost its marks needs no exception


def test_the_search_of_templates_finds_what_it_should():
    assert marks_written("{{ a }}、{{ b }}") == ["、"]
    assert marks_written('{{ a|join:"、" }}') == ['join:"、']
    assert marks_written('{% translate "甲、乙" %}{% blocktranslate %}甲：{{ a }}{% endblocktranslate %}') == []
    assert marks_written('{% mark "：" %}{# 甲、乙 #}') == []
    assert marks_written("{% blocktranslate %}甲{% endblocktranslate %}（{{ a }}）") == ["（", "）"]


def words_of(html: str) -> str:
    """What a page says: without its tags, with the texts of those attributes that are read out or shown."""
    said = re.findall(r'(?:aria-label|title|placeholder|content)="([^"]*)"', html)
    bare = re.sub(r"<(script|style|textarea)\b.*?</\1>", "", html, flags=re.S)
    return unescape("\n".join([re.sub(r"<[^>]*>", "\n", INLINE.sub(EDGE, bare)), *said]))


def close(text: str) -> str:
    return "".join(text.split())


def marks_of_code(html: str, data: str, spoken: str) -> list[str]:
    """Chinese marks that a page shows though nobody typed them, each with what is around it.

    A mark is part of the data where it stands there between the same two letters.
    """
    said, found = words_of(html), []
    for at in (m.start() for m in re.finditer(f"[{SIGNS}]", said)):
        left, right = said[max(at - 3, 0) : at].rstrip(" ")[-1:], said[at + 1 : at + 4].lstrip(" ")[:1]
        left, right = (side.strip(f"{EDGE}\n") for side in (left, right))
        known = (left or right) and left + said[at] + right in data or left and left + said[at] in spoken
        found += [] if known else [said[max(at - 15, 0) : at + 15]]
    return found


def data_kept() -> str:
    """Everything that the database holds."""
    rows = (row for kind in apps.get_models() for row in kind._default_manager.values_list())
    return close("\n".join(str(value) for row in rows for value in row))


def pages(client, world, user):
    """(address, HTML) of whatever a person can open, and of every form that is sent in empty."""
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for name in ADDRESSES:
        for method in ("get", "post"):
            with transaction.atomic():
                url = reverse(name, args=EXAMPLES.get(name, lambda w, u: [])(world, user))
                response = getattr(client, method)(url, ASKED.get(name, {}))
                transaction.set_rollback(True)
            if response.status_code in {200, 422} and response["Content-Type"].startswith("text/html"):
                yield f"{method} {name}", response.content.decode()


@pytest.mark.django_db
def test_no_page_puts_chinese_marks_between_what_it_shows(client):
    world = whole_city()
    spoken = close("".join(path.read_text() for source in SPOKEN for path in ROOT.glob(source)))
    seen, found = set(), {}
    for role in (Role.PROGRAMME_OFFICE, Role.OFFICER, Role.ANALYST, Role.ADMINISTRATOR):
        data = data_kept()
        for address, html in pages(client, world, world.people[role]):
            seen.add(address)
            if marks := marks_of_code(html, data, spoken):
                found[role.value, address] = marks
    assert found == {}
    assert len(seen) > 80 and {"get enforcement:case", "get programme:cockpit", "get laboratory:specimen"} <= seen


def test_the_search_of_pages_tells_data_from_what_code_puts_between_them():
    data = close("张三 | 李四、王五 | 2026（春）")
    for html, marks in [
        ("<p>李四、王五</p>", 0), ("<p>张三、李四、王五</p>", 1), ("<a>李四</a>、<a>王五</a>", 1),
        ("<b>2026</b> （春）", 0), ("Food （ 春 ）", 1),
        ('<i title="Case：1"></i>', 1), ("<script>a：b</script>", 0), ("《法》：第一条", 0),
    ]:  # fmt: skip
        assert len(marks_of_code(html, data, "《法》：")) == marks, html
