"""The list of goods as a small table of boxes: works with the keyboard alone, needs no JavaScript."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from nongan.common.errors import RuleBroken
from nongan.enforcement.rules.transfer import LONGEST, Goods, check_one

LINES = 10  # empty lines offered
COLUMNS = ("name", "quantity", "unit", "note")


class GoodsInput(forms.Widget):
    """Boxes `items-name`, `items-quantity` …, each repeated once a line."""

    template_name = "enforcement/goods.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, ...]]:
        columns = [data.getlist(f"{name}-{column}")[:LINES] for column in COLUMNS]
        return [tuple(text.strip() for text in line) for line in zip(*columns, strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-name" not in data

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        lines = [_texts(one) if isinstance(one, Goods) else one for one in value or []]
        empty = [("",) * len(COLUMNS)] * (LINES - len(lines))
        context: dict[str, Any] = super().get_context(name, value, dict(attrs or {}))
        return {**context, "lines": [*lines, *empty], "longest": LONGEST}


class GoodsField(forms.Field):
    """Cleans to a list of Goods; every line with a fault is named."""

    widget = GoodsInput

    def clean(self, value: Any) -> list[Goods]:
        found, faults = [], []
        for n, line in enumerate(value or [], 1):
            if not any(line):
                continue
            try:
                found.append(_read(n, line))
            except (RuleBroken, forms.ValidationError) as fault:
                faults += fault.messages if isinstance(fault, forms.ValidationError) else [str(fault)]
        if faults:
            raise forms.ValidationError(faults)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


def _read(n: int, line: tuple[str, ...]) -> Goods:
    name, quantity, unit, note = line
    try:
        number = Decimal(quantity.replace(",", "")) if quantity else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not number.is_finite():
        raise forms.ValidationError(_("清单第 %(n)s 行的“%(text)s”不是数量。") % {"n": n, "text": quantity})
    one = Goods(name, number, unit, note)
    check_one(n, one)
    return one


def _texts(one: Goods) -> tuple[str, ...]:
    return (one.name, "" if one.quantity is None else f"{one.quantity.normalize():f}", one.unit, one.note)
