"""What an indicator is: a TOML file, checked. Pure.

A fault names the file and the field, so that whoever wrote the file can mend it without reading code.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Scalar = bool | str | int | Decimal | date
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "bool": (bool,), "int": (int,), "decimal": (int, Decimal), "date": (date,)
}  # fmt: skip


class DefinitionFault(ValueError):
    """A definition that cannot be used: which file, which field, why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Bounds(_Strict):
    """`{at_least = 3, at_most = 9}` (numbers, days), `{known = true}` (a day that may be missing)."""

    at_least: int | Decimal | date | None = None
    at_most: int | Decimal | date | None = None
    known: bool | None = None

    @model_validator(mode="after")
    def not_empty(self) -> "Bounds":
        if self.at_least is None and self.at_most is None and self.known is None:
            raise ValueError("give at_least, at_most or known")
        return self


Condition = Scalar | Annotated[tuple[Scalar, ...], Field(min_length=1, strict=False)] | Bounds
Conditions = dict[str, Condition]


class Words(_Strict):
    """The indicator in words: what is counted below the line, what above, and what its records are called."""

    name: Text
    why: Text
    denominator: Text
    numerator: Text
    passing: Text
    failing: str = ""


class Stock(_Strict):
    """How many there are at the end of a period: rows from their `date` on, until the day in `until` (not included).
    A row is in the numerator from the day in `counts_from` on."""

    until: str | None = None
    counts_from: str | None = None


class Definition(_Strict):
    """An indicator. Shares are cut, never rounded, towards the side that the target is not on (`direction`).

    share   rows that meet `where` and `numerator` / rows that meet `where`
    ratio   sum of `numerator_sum` / sum of `denominator_sum` over rows that meet `where` (and `numerator`)
    count   rows that meet `where`; with `per_residents`, also per so many residents of the division in that year
    """

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    name: Text
    why: Text
    source: Text
    view: Text
    kind: Literal["share", "ratio", "count"]
    unit: Text
    direction: Literal["up", "down"]
    target_period: Literal["since", "year"]
    where: Conditions = {}
    numerator: Conditions = {}
    numerator_sum: str | None = None
    denominator_sum: str | None = None
    stock: Stock | None = None
    per_residents: Annotated[int, Field(gt=0)] | None = None
    words: "Said"
    english: Words

    @model_validator(mode="after")
    def fits_its_kind(self) -> "Definition":
        sums = self.numerator_sum is not None and self.denominator_sum is not None
        if (self.kind == "ratio") != sums or (self.numerator_sum is None) != (self.denominator_sum is None):
            raise ValueError('numerator_sum and denominator_sum belong to kind = "ratio", both of them')
        if self.kind == "share" and not self.numerator and not (self.stock and self.stock.counts_from):
            raise ValueError("a share needs [numerator] conditions, or stock.counts_from")
        if self.kind == "count" and self.numerator:
            raise ValueError("a count has no [numerator]: put its conditions into [where]")
        if self.per_residents is not None and self.kind != "count":
            raise ValueError('per_residents belongs to kind = "count"')
        if self.stock and self.kind == "ratio":
            raise ValueError('a stock counts rows: kind must be "share" or "count"')
        if self.kind != "count" and not self.words.failing:
            raise ValueError("words.failing: say what the records that fail are called")
        return self

    def said(self, language: str) -> Words:
        """The words in a language: Chinese, or English for every other one."""
        if not language.startswith("zh"):
            return self.english
        return Words(name=self.name, why=self.why, **self.words.model_dump())


class Said(_Strict):
    """`Words` without what the file already says at its top."""

    denominator: Text
    numerator: Text
    passing: Text
    failing: str = ""


Definition.model_rebuild()


def read_definition(file: str, text: str) -> Definition:
    """The definition in a file's text; `file` is its name, such as pass_rate.toml. Raises DefinitionFault."""
    try:
        found = Definition.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as fault:
        raise DefinitionFault(f"{file}: not TOML: {fault}") from fault
    except ValidationError as fault:
        raise DefinitionFault("\n".join(_named(file, error) for error in fault.errors())) from fault
    if file != f"{found.code}.toml":
        raise DefinitionFault(f"{file}: code: is {found.code!r}, so the file must be called {found.code}.toml")
    return found


def _named(file: str, error: Any) -> str:
    """pass_rate.toml: numerator.passed: why. The branches of a union are pydantic's affair, not the writer's."""
    known = {*Definition.model_fields, *Words.model_fields, *Stock.model_fields, *Bounds.model_fields}
    place = [str(part) for i, part in enumerate(error["loc"]) if i < 2 or part in known]
    return f"{file}: {'.'.join(place) or 'the whole'}: {error['msg'].removeprefix('Value error, ')}"


def check_against(definition: Definition, columns: Mapping[str, str] | None) -> None:
    """Does the view have what the definition asks for? `columns` of the view, None when there is no such view.

    Raises DefinitionFault.
    """
    fault = next(_misfits(definition, columns), None)
    if fault:
        raise DefinitionFault(f"{definition.code}.toml: {fault}")


def _misfits(definition: Definition, columns: Mapping[str, str] | None) -> Iterator[str]:
    if columns is None:
        yield f"view: no context offers {definition.view!r}"
        return
    stock = definition.stock or Stock()
    for field, name, wanted in (
        ("numerator_sum", definition.numerator_sum, ("int", "decimal")),
        ("denominator_sum", definition.denominator_sum, ("int", "decimal")),
        ("stock.until", stock.until, ("date",)),
        ("stock.counts_from", stock.counts_from, ("date",)),
    ):
        if name is not None and columns.get(name) not in wanted:
            yield f"{field}: {definition.view} has no column {name!r} of type {' or '.join(wanted)}"
    for field, conditions in (("where", definition.where), ("numerator", definition.numerator)):
        for name, condition in conditions.items():
            if name not in columns or name in ("id", "number", "title", "division", "date"):
                yield f"{field}.{name}: {definition.view} offers no fact {name!r}"
            elif not _fits(condition, columns[name]):
                yield f"{field}.{name}: {condition!r} does not fit a column of type {columns[name]}"


def _fits(condition: Condition, kind: str) -> bool:
    if isinstance(condition, Bounds):
        ends = [end for end in (condition.at_least, condition.at_most) if end is not None]
        comparable = kind in ("int", "decimal", "date") and all(_is(end, kind) for end in ends)
        return comparable and (condition.known is None or kind == "date")
    values = condition if isinstance(condition, tuple) else (condition,)
    return all(_is(value, kind) for value in values)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "bool" or not isinstance(value, bool))
