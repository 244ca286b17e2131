"""Shapes and names that the parts of the API share."""

from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Field

from nongan.common.errors import RuleBroken
from nongan.standards import queries

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
Word = Annotated[str, Field(max_length=60, pattern=PRINTABLE)]
Short = Annotated[str, Field(max_length=300, pattern=PRINTABLE)]
Note = Annotated[str, Field(max_length=500, pattern=PRINTABLE)]
Told = Annotated[str, Field(min_length=1, max_length=300, pattern=PRINTABLE)]


class NameUnknown(RuleBroken):
    """No food or item goes by this name."""

    code = "name_unknown"


def food_of(text: str) -> str:
    code = queries.find_commodity(text)
    if code is None:
        raise NameUnknown(_("食品分类中没有“%(text)s”，或它不止一种食品。请用编码或全称。") % {"text": text})
    return code


def item_of(text: str) -> str:
    code = queries.find_analyte(text)
    if code is None:
        raise NameUnknown(_("项目表中没有“%(text)s”。请用编码或标准中的名称。") % {"text": text})
    return code
