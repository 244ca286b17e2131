"""What can happen to the law: shipped tables loaded, own tables imported, editions ended, single limits kept."""

from nongan.standards.services.editions import EditionRefused, end_edition
from nongan.standards.services.imports.cells import listed
from nongan.standards.services.limits import LimitFacts, LimitRowRefused, add_limit, change_limit, end_limit
from nongan.standards.services.reference import load_reference
from nongan.standards.services.stamp import renew

__all__ = [
    "EditionRefused", "LimitFacts", "LimitRowRefused", "add_limit", "change_limit", "end_edition", "end_limit",
    "listed", "load_reference", "renew",
]  # fmt: skip
