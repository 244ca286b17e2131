"""Editions: their end, and new ones from the operator's own tables."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import check_version
from nongan.common.errors import RuleBroken
from nongan.journal.services import record
from nongan.standards.models import Edition
from nongan.standards.services.stamp import renew

if TYPE_CHECKING:
    from nongan.accounts.models import User


class EditionRefused(RuleBroken):
    """The validity of the edition cannot be this."""

    code = "edition_refused"


@transaction.atomic
def end_edition(*, edition_id: int, valid_to: date | None, seen: int, by: "User", at: datetime) -> Edition:
    """Say until which day an edition is in force; None takes the end back. Raises Stale, EditionRefused.

    Verdicts that were given keep the limit that they used: they hold a snapshot of it.
    """
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    require(by, Permission.STANDARDS_EDIT)
    check_version(edition, seen)
    if valid_to is not None and valid_to < edition.valid_from:
        raise EditionRefused(
            _("最后有效日不能早于生效日期 %(day)s。请核对标准的实施公告。") % {"day": edition.valid_from}
        )
    before, edition.valid_to = edition.valid_to, valid_to
    edition.save(update_fields=["valid_to", "version"])
    record(
        "standards.edition.ended", on=edition, by=by, at=at, code=edition.code,
        before=before.isoformat() if before else None, after=valid_to.isoformat() if valid_to else None,
        note=_("最后有效日 %(day)s") % {"day": valid_to} if valid_to else _("改为长期有效"),
    )  # fmt: skip
    renew()
    return edition
