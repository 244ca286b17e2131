"""The operator's own tables: limits as a new edition, foods, items, bans. Every fault named, then all rows or none."""

from nongan.documents.services import ImportKind
from nongan.standards.services.imports import analytes, bans, commodities, limits


def kinds() -> list[ImportKind]:
    """What `apps.ready` registers with documents."""
    return [limits.kind(), commodities.kind(), analytes.kind(), bans.kind()]
