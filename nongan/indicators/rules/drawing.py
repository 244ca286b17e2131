"""A line small enough for a table cell. Pure."""

from collections.abc import Sequence
from fractions import Fraction

WIDTH, HEIGHT, EDGE = 120, 28, 3


def strokes(values: Sequence[Fraction | None]) -> list[list[tuple[int, int]]]:
    """Points of a line in a box of WIDTH × HEIGHT, broken where there is no value; the last point ends at the right."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, span = min(known), max(known) - min(known)
    step = Fraction(WIDTH - 2 * EDGE, max(len(values) - 1, 1))
    found: list[list[tuple[int, int]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            found.append([])
            continue
        share = (value - low) / span if span else Fraction(1, 2)
        found[-1].append((int(EDGE + i * step), int(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE))))
    return [stroke for stroke in found if stroke]
