"""What can happen to the law: shipped tables loaded, editions ended, the operator's own tables imported."""

from nongan.standards.services.editions import EditionRefused, end_edition
from nongan.standards.services.reference import load_reference
from nongan.standards.services.stamp import renew

__all__ = ["EditionRefused", "end_edition", "load_reference", "renew"]
