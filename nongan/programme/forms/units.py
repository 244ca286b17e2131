"""Which organisation each unit's name of a plan means."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.accounts.queries import pick_organisations
from nongan.common.fields import PickInput
from nongan.common.words import mark
from nongan.programme.queries.drafts import Proposal
from nongan.programme.rules.adoption import Match, NewOrganisation

if TYPE_CHECKING:
    from nongan.accounts.models import User

PROPOSED, OTHER, NEW, NOBODY = "proposed", "other", "new", "nobody"


class UnitForm(forms.Form):
    """One line of the matching page; `match` after it was found valid."""

    choice = forms.ChoiceField(label=_("对应"))
    name = forms.CharField(
        label=_("机构名称"), required=False, max_length=100, widget=PickInput("accounts:organisation-options")
    )
    match = Match()

    def __init__(self, *args: Any, proposal: Proposal, division: str, by: "User", **kwargs: Any) -> None:
        self.proposal, self.division, self.by = proposal, division, by
        new = proposal.match.new
        single_new = len(new) == 1 and not proposal.match.organisations and proposal.how == "new"
        initial = {"choice": NEW if single_new else PROPOSED, "name": new[0].name if single_new else ""}
        if proposal.match == Match():
            initial = {"choice": NOBODY, "name": ""}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [
            (OTHER, _("其他已有机构")), (NEW, _("新建机构")), (NOBODY, _("不对应任何机构"))
        ]  # fmt: skip
        if not single_new and proposal.match != Match():
            choices.insert(0, (PROPOSED, proposed_label(proposal)))
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{proposal.name}{mark('：')}{field.label}"

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        choice, name = typed.get("choice"), (typed.get("name") or "").strip()
        if choice == PROPOSED:
            self.match = self.proposal.match
        elif choice == NEW and name:
            proposed = next((new for new in self.proposal.match.new if new.name == name), None)
            alias = (self.proposal.name,) if name != self.proposal.name else ()
            self.match = Match(new=(proposed or NewOrganisation(name, self.division, alias),))
        elif choice == OTHER and name:
            self.match = self._known(name)
        elif choice in (NEW, OTHER):
            self.add_error("name", _("请填写机构名称。"))
        return typed

    def _known(self, name: str) -> Match:
        found = pick_organisations(self.by, name)
        exact = [key for key, label in found if name in (key, label, label.partition(" · ")[0])]
        if len(exact) != 1 and len(found) != 1:
            self.add_error("name", _("没有唯一的“%(name)s”。请从提示中选择，或选“新建机构”。") % {"name": name})
            return Match()
        return Match((int(exact[0] if len(exact) == 1 else found[0][0]),))


def proposed_label(proposal: Proposal) -> str:
    """“宜春市农业局”, or “10 个机构（2 个待新建）”."""
    count = len(proposal.organisations) + len(proposal.match.new)
    if count == 1 and proposal.organisations:
        return proposal.organisations[0].name
    label = str(_("%(n)s 个机构") % {"n": count})
    return label + str(_("（%(n)s 个待新建）") % {"n": len(proposal.match.new)}) if proposal.match.new else label


def unit_forms(proposals: Sequence[Proposal], division: str, by: "User", data: Any = None) -> list[UnitForm]:
    return [
        UnitForm(data, prefix=f"unit{n}", proposal=proposal, division=division, by=by)
        for n, proposal in enumerate(proposals)
    ]
