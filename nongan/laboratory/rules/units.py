"""Units of a worksheet, in every spelling that the standards understand."""

from decimal import Decimal

from nongan.standards.rules import Kind, UnitRefused, parse_unit

USUAL = ("mg/kg", "μg/kg", "g/kg", "mg/L", "μg/L", "%")  # named to somebody who wrote something else
MILLIGRAM_PER_KILOGRAM = -6  # power of ten of g/g


def unit_named(text: str) -> str:
    """The unit as it is printed (“ug/kg” is “μg/kg”); blank when there is none of that name."""
    if not text.strip():
        return ""
    try:
        return parse_unit(text).symbol
    except UnitRefused:
        return ""


def per_kilogram(unit: str) -> Decimal | None:
    """How many mg/kg one of this unit is; None for what is not a share of the mass."""
    found = parse_unit(unit)
    return Decimal(1).scaleb(found.power - MILLIGRAM_PER_KILOGRAM) if found.kind == Kind.FRACTION else None
