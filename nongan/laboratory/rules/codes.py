"""Numbers that people see: blind codes that tell nothing, report numbers that follow one another."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: codes are read from wet labels and over the telephone
BLIND_LENGTH = 10


def blind_code(symbols: str) -> str:
    """`symbols`: ten random symbols of ALPHABET. Neither order nor place can be read from it."""
    return f"MY-{symbols}"


def report_prefix(year: int) -> str:
    return f"BG-{year}-"


def report_number(year: int, serial: int) -> str:
    return f"{report_prefix(year)}{serial:06d}"
