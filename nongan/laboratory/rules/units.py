from decimal import Decimal

UNITS = ("mg/kg", "μg/kg", "g/kg", "mg/L", "μg/L", "%")
_F = {"mg/kg": Decimal(1), "μg/kg": Decimal("0.001"), "g/kg": Decimal(1000), "%": Decimal(10000)}


def unit_named(text: str) -> str:
    bare = text.strip().lower().replace("µ", "μ").replace("ug", "μg")
    return next((u for u in UNITS if u.lower() == bare), "")


def per_kilogram(unit: str) -> Decimal | None:
    return _F.get(unit)
