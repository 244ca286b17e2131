"""What a page or a website printed around the plan: page numbers, download notices; and how a plan is signed off.

Furniture is left out before anything is read, so that a page number does not cut a sentence; it is listed as unread.
"""

import re
from collections.abc import Iterator

from nongan.programme.rules.reading.source import Range

_DAY = r"(?:20\d\d|20[XxY×*]{2}|[Xx×]{2,4}|二[零〇○][零〇○一二三四五六七八九]{2})\s*年\s*(?:\d{1,2}|[XxX×]{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(?:\d{1,2}|[Xx×]{1,2}|[一二三四五六七八九十]{1,3})\s*日"
_PAGE = (
    r"[-—–―－·•\s]{1,4}[\dlIO]{1,3}[-—–―－·•\s]{1,4}|第\s?\d{1,3}\s?页(?:\s?[,，/]?\s?共\s?\d{1,3}\s?页)?|\d{1,3}\s?/\s?\d{1,3}"
    r"|Page\s?\d{1,3}(?:\s?of\s?\d{1,3})?|[|｜_=~\-—–…·*]{1,80}"
)
_SITE = (
    r"资源\s?ID[:：].*|资源(?:大小|格式)[:：].*|全文页数[:：].*|[-—]?\s?资源格式[:：].*|下载积分[:：].*|友情提示[:：]?"
    r"|\d[.、]\s?(?:PDF文件下载后|本站(?:不支持|资源)|试题试卷类文档).*|(?:当前位置|您(?:现在)?的位置|首页)\s?[:：>＞].*"
    r"|(?:来源|信息来源|发布(?:时间|日期|机构)|浏览次数|阅读次数|点击(?:数|量)|发布部门|成文日期|公文生成日期|公开(?:方式|形式|目录|日期)|有效性|文号|发文字号|政策文号|备注/文号|信息来源|体裁分类|主题分类|字号|字体|索引号|索\s*引\s*号|文章来源|作者)\s?[:：].{0,60}"
    r"|【?(?:打印(?:本页)?|关闭(?:窗口|本页)?|收藏|返回顶部|大 中 小)】?|(?:上|下)一篇[:：].*|扫一扫.{0,20}|责任编辑[:：].{0,20}|版权所有.*"
    r"|[\[［]\s*(?:索引号|发文字号|主题分类|体裁分类|发布机构|成文日期|发布日期)\s*[\]］].*|(?:打印|分享)\s?[【\[].*|【字体[:：].*|政策解读[:：]?|https?://\S+|www\.\S+"
)
_FURNITURE = re.compile(rf"(?:(?<=\n)|^)[ \t\u3000]*(?:{_PAGE}|{_SITE})[ \t\u3000]*(?=\n|$)")
_CLOSING = re.compile(
    rf"(?<=\n)(?:[ ]*[^\n。;:,、]{{2,40}}\n)?[ ]*{_DAY}[ ]*(?=\n|$)"
    r"|(?<=\n)[ ]*(?:\(\s?此件[^\n()]{0,20}\)|抄\s?送[:].*|主题词[:].*|\(?联系(?:人|电话|方式)[:].{0,80}|[^\n]{0,30}办公室\s{0,6}20\d\d年\d{1,2}月\d{1,2}日印发)[ ]*(?=\n|$)"
)


def furniture(text: str) -> list[Range]:
    """The lines of `text` that belong to the page and not to the plan, with their line ends."""
    found: list[Range] = []
    for match in _FURNITURE.finditer(text):
        if match[0].strip():
            found.append((match.start(), min(match.end() + 1, len(text))))
    return found


def closings(plain: str, start: int, end: int) -> Iterator[Range]:
    """Signatures, dates of signature, distribution lists: lines of their own."""
    for match in _CLOSING.finditer(plain, start, end):
        yield match.start(), match.end()
