"""Places as people write them on sheets: a code of 6, 9 or 12 digits, or a name, alone or with what it lies in."""

from collections import defaultdict

from django.utils.translation import gettext as _

from nongan.common.divisions import LENGTH, Level, chain_of, covers
from nongan.common.words import listed
from nongan.places.queries import divisions_in, names_of
from nongan.registry.rules import Fault


class Places:
    """The counties, townships and villages of a scope, by code and by every way of writing their names."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        inside = divisions_in(scope).filter(level__gte=Level.COUNTY) if scope else divisions_in("").none()
        self.names: dict[str, str] = dict(inside.values_list("code", "name"))
        above = names_of([code for code in chain_of(scope) if code not in self.names]) if scope else {}
        self.codes: dict[str, set[str]] = defaultdict(set)
        for code in self.names:
            written = ""
            for part in reversed(chain_of(code)):
                written = (self.names.get(part) or above.get(part, "")) + written
                self.codes[written].add(code)

    def find(self, code: str, name: str) -> tuple[str, Fault | None]:
        """The full code of the place, or a fault; where both are given they must agree."""
        if not code and not name:
            return "", Fault("division", _("未填写"), _("区划代码和区划名称至少填一个"))
        by_code, wrong = self._by_code(code) if code else ("", None)
        if wrong or not name:
            return by_code, wrong
        found, wrong = self._by_name(name, by_code)
        if code and not wrong and found != by_code:
            reason = _("与区划代码 %(code)s（%(name)s）不是同一处") % {"code": code, "name": self.names[by_code]}
            return "", Fault("division_name", reason, _("请核对，或只填一个"))
        return found, wrong

    def _by_code(self, code: str) -> tuple[str, Fault | None]:
        full = code.ljust(LENGTH, "0")
        if len(full) != LENGTH or not full.isdigit():
            return "", Fault("division", _("“%(code)s”不是区划代码") % {"code": code}, _("应为 9 或 12 位数字"))
        if full in self.names:
            return full, None
        if not covers(self.scope, full):
            return "", Fault("division", _("%(code)s 不在您的管辖范围内") % {"code": code}, _("请交由当地登记"))
        return "", Fault("division", _("没有 %(code)s 这个县、乡镇或村") % {"code": code}, _("请核对区划代码"))

    def _by_name(self, name: str, code: str) -> tuple[str, Fault | None]:
        written = "".join(name.split()).replace("/", "").replace("·", "")
        found = self.codes.get(written, set())
        if code in found:
            return code, None
        if len(found) == 1:
            return next(iter(found)), None
        if not found:
            reason = _("您的管辖范围内没有“%(name)s”") % {"name": name}
            return "", Fault("division_name", reason, _("请写全称，或改填区划代码"))
        some = listed(sorted(found)[:3])
        reason = _("有 %(n)s 处叫“%(name)s”（%(some)s 等）") % {"n": len(found), "name": name, "some": some}
        return "", Fault("division_name", reason, _("请写成“县乡村”全称，或填区划代码"))
