"""Division codes: 12 digits = province 2 + city 2 + county 2 + township 3 + village 3 (GB/T 2260, GB/T 10114)."""

from enum import IntEnum

from django.db.models import Q

LENGTH = 12


class Level(IntEnum):
    """How many of the twelve digits name the division itself."""

    COUNTRY = 0
    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    TOWNSHIP = 9
    VILLAGE = 12


def is_code(text: str) -> bool:
    """Digits, at most twelve: somebody may have typed anything."""
    return text.isascii() and text.isdecimal() and len(text) <= LENGTH


def level_of(code: str) -> Level:
    """The level of a full code: 360902000000 is a county."""
    return next(level for level in Level if code[level:].strip("0") == "")


def prefix_of(code: str) -> str:
    """The digits that name the division: 360900000000 gives 3609. A blank code gives a blank."""
    return code[: level_of(code)] if code else ""


def parent_of(code: str) -> str:
    """The full code one level up; blank above a province."""
    levels = list(Level)
    up = levels[max(levels.index(level_of(code)) - 1, 0)]
    return code[:up].ljust(LENGTH, "0") if up else ""


def chain_of(code: str) -> list[str]:
    """The full codes from the province down to the division itself."""
    return [code[:level].ljust(LENGTH, "0") for level in Level if 0 < level <= level_of(code)]


def within(column: str, code: str) -> Q:
    """Rows whose `column` (a full code) lies in division `code`; a blank code, and one that is none, sees nothing.

    A range of digits instead of LIKE: it uses the index on SQLite and PostgreSQL alike.
    """
    if not is_code(code):
        return Q(pk__in=[])
    prefix = prefix_of(code)
    return Q(**{f"{column}__gte": prefix.ljust(LENGTH, "0"), f"{column}__lte": prefix.ljust(LENGTH, "9")})


def covers(scope: str, code: str) -> bool:
    """Does a person whose scope is `scope` see division `code`? A blank scope sees nothing."""
    return bool(scope) and is_code(code) and code.startswith(prefix_of(scope))
