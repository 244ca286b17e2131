"""What can happen to subjects, one or ten thousand at once."""

from nongan.registry.services.subjects import (
    Entry,
    Supervision,
    assign_supervisor,
    change_subject,
    close_subject,
    register_many,
    register_subject,
    reopen_subject,
)

__all__ = [
    "Entry",
    "Supervision",
    "assign_supervisor",
    "change_subject",
    "close_subject",
    "register_many",
    "register_subject",
    "reopen_subject",
]
