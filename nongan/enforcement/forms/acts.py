"""One small form for each act on a case. Field names are the arguments of the service that the act calls."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import FilesField, Option, PickField
from nongan.enforcement.forms.goods import GoodsField
from nongan.enforcement.models import Case, InquiryKind
from nongan.enforcement.queries.cases import disposal_of, transfer_of
from nongan.enforcement.queries.officers import pick_officers
from nongan.enforcement.rules.acts import Act
from nongan.enforcement.rules.penalties import Article, article_of
from nongan.enforcement.rules.states import Outcome, Procedure
from nongan.enforcement.rules.transfer import Goods, Paper

if TYPE_CHECKING:
    from nongan.accounts.models import User

PAPERS = "image/*,application/pdf,.docx,.xlsx,.txt"


def nothing(text: str) -> list[Option]:
    """Until a form knows its reader it finds nothing."""
    return []


def text_field(label: Any, help_text: Any = "", most: int = 500, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=forms.Textarea({"rows": rows}))


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


def money_field(label: Any, **kwargs: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"inputmode": "decimal", "step": "0.01"})
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, min_value=0, widget=widget, **kwargs)


def officer_field(label: Any) -> PickField:
    return PickField(
        url_name="enforcement:officer-options", find=nothing, label=label, help_text=_("输入姓名，从提示中选择")
    )


def files_field(label: Any = "", *, required: bool = False, help_text: Any = "") -> FilesField:
    return FilesField(
        attrs={"accept": PAPERS}, label=label or _("附件"), required=required,
        help_text=help_text or _("照片、PDF、Word、Excel，每个不超过 20 MB"),
    )  # fmt: skip


class ActForm(forms.Form):
    """Nothing to fill in: the act itself. `arguments` are what the service takes."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, by: "User", **kwargs: Any) -> None:
        kwargs["initial"] = {**self.offered(case), "version": case.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        find = partial(pick_officers, by, division=case.division_id)
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.find = find

    def offered(self, case: Case) -> dict[str, Any]:
        """Sensible defaults."""
        return {}

    def arguments(self) -> dict[str, Any]:
        found = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if "attachments" in found:
            found["files"] = read(found.pop("attachments"))
        return found


def read(files: Any) -> list[tuple[str, bytes]]:
    return [(file.name, file.read()) for file in files]


class OfficersForm(ActForm):
    officer = officer_field(_("主办执法人员"))
    second = officer_field(_("协办执法人员"))

    def offered(self, case: Case) -> dict[str, Any]:
        return {
            "officer": case.officer.username if case.officer else "",
            "second": case.second.username if case.second else "",
        }


class AskFilingForm(OfficersForm):
    cause = forms.CharField(label=_("案由"), max_length=200)
    grounds = text_field(_("立案依据"), _("初步查明的事实和证据，涉嫌违反的条款"), 5000, 6)
    procedure = forms.ChoiceField(label=_("适用程序"), choices=Procedure, help_text=_("决定立案期限的长短"))
    attachments = files_field()

    def offered(self, case: Case) -> dict[str, Any]:
        return {
            **super().offered(case), "cause": case.cause, "grounds": case.grounds or case.finding,
            "procedure": case.procedure,
        }  # fmt: skip


class ReasonForm(ActForm):
    reason = text_field(_("理由"), _("记录在案，可被监督检查"))


class CloseForm(ActForm):
    reason = text_field(_("结案说明"), _("如“罚没款缴清，产品处置完毕”"))


class InquireForm(ActForm):
    kind = forms.ChoiceField(label=_("类型"), choices=InquiryKind)
    held_on = day_field(_("日期"))
    text = text_field(_("内容"), _("问了谁、看到什么、取得什么证据"), 5000, 6)
    attachments = files_field()


class ProposeForm(ActForm):
    outcome = forms.ChoiceField(label=_("处理意见"), choices=Outcome, widget=forms.RadioSelect)
    facts = text_field(_("查明的事实"), "", 5000, 6)
    article = forms.ChoiceField(
        label=_("处罚依据"), choices=[("", _("不予处罚的不选")), *Article.choices], required=False
    )
    basis = forms.CharField(
        label=_("其他依据"), max_length=200, required=False, help_text=_("依据其他法律法规时，写明名称和条款")
    )
    goods_value = money_field(_("货值金额（元）"), required=False, help_text=_("处罚时必填，一万元上下幅度不同"))
    household = forms.BooleanField(label=_("当事人是农户（适用农户的罚款幅度）"), required=False)
    fine = money_field(_("拟罚款（元）"), required=False)
    confiscated = money_field(_("拟没收违法所得（元）"), required=False)
    mitigation = forms.CharField(
        label=_("从轻、减轻理由"),
        max_length=500,
        required=False,
        help_text=_("低于法定幅度必填（行政处罚法第三十二条）"),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        person = bool(case.subject and not case.subject.uscc)
        return {
            "outcome": Outcome.PENALTY, "facts": case.facts or case.finding, "household": case.household or person,
            "article": case.article or (article_of(case.banned) if case.sample_id else ""),
            "goods_value": case.goods_value, "basis": case.basis, "mitigation": case.mitigation,
        }  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {**found, "fine": found["fine"] or 0, "confiscated": found["confiscated"] or 0}


class ReviewForm(ActForm):
    passed = forms.ChoiceField(
        label=_("审核结论"),
        choices=[("yes", _("通过")), ("no", _("不通过，退回办案人员"))],
        widget=forms.RadioSelect,
    )
    opinion = text_field(_("审核意见"), _("事实、证据、法律适用、程序、裁量"))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "passed": self.cleaned_data["passed"] == "yes"}


class NotifyForm(ActForm):
    served_at = moment_field(_("告知书送达时间"), help_text=_("陈述申辩和要求听证的期限从这时起算"))
    hearing = forms.BooleanField(
        label=_("告知了听证权利"), required=False,
        help_text=_("较大数额罚没、吊销许可、责令停产停业等须告知（行政处罚法第六十三条）"),
    )  # fmt: skip
    attachments = files_field(_("告知书和送达回证"))

    def offered(self, case: Case) -> dict[str, Any]:
        return {"hearing": True}


class AnswerForm(ActForm):
    answer = text_field(_("当事人的陈述申辩"), _("也可写“当事人明确放弃陈述申辩”"), 5000, 5)
    attachments = files_field()


class HearingForm(ActForm):
    asked_at = moment_field(_("当事人提出听证的时间"))
    hearing_on = day_field(_("听证日期"), help_text=_("通知当事人至少七个工作日之后（行政处罚法第六十四条）"))


class HeldForm(ActForm):
    held_on = day_field(_("举行日期"))
    host = forms.CharField(label=_("主持人"), max_length=50, help_text=_("不得是本案调查人员"))
    record_text = text_field(_("听证笔录摘要"), "", 5000, 6)
    attachments = files_field(_("听证笔录"))

    def offered(self, case: Case) -> dict[str, Any]:
        return {"held_on": case.hearing_on}


class DecideForm(ActForm):
    decision_number = forms.CharField(label=_("决定书文号"), max_length=60, help_text=_("如“袁农罚〔2026〕12号”"))
    fine = money_field(_("罚款（元）"), required=False)
    confiscated = money_field(_("没收违法所得（元）"), required=False)
    served_at = moment_field(_("送达时间"), required=False, help_text=_("不填为现在；当事人不在场的七日内送达"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        if case.proposed != Outcome.PENALTY:
            del self.fields["fine"], self.fields["confiscated"]

    def offered(self, case: Case) -> dict[str, Any]:
        return {"fine": case.proposed_fine, "confiscated": case.proposed_confiscated}


class ExecuteForm(ActForm):
    paid = money_field(_("已缴罚没款（元）"))
    executed_on = day_field(_("执行完毕日期"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    attachments = files_field(_("缴款凭证"))

    def offered(self, case: Case) -> dict[str, Any]:
        return {"paid": case.fine + case.confiscated}


class SuspectForm(OfficersForm):
    grounds = text_field(_("涉嫌犯罪的事实和依据"), _("涉案金额、情节、后果，涉嫌的罪名和追诉标准"), 5000, 6)

    def offered(self, case: Case) -> dict[str, Any]:
        return {**super().offered(case), "grounds": case.finding}


class ApproveForm(OfficersForm):
    """The head approves, and names the two officers where none are named yet."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        if case.officer_id:
            del self.fields["officer"], self.fields["second"]


class HandOverForm(ActForm):
    police = forms.CharField(label=_("接收的公安机关"), max_length=100, help_text=_("同级公安机关"))
    letter_number = forms.CharField(label=_("移送书文号"), max_length=60, help_text=_("如“袁农移〔2026〕1号”"))
    handed_over_at = moment_field(_("移送时间"), required=False, help_text=_("不填为现在"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, paper in enumerate(Paper, 1):
            self.fields[f"paper_{paper.value}"] = files_field(f"{n}. {paper.label}", required=True)

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        papers = {paper: read(found.pop(f"paper_{paper.value}")) for paper in Paper}
        return {**found, "papers": papers}


class ReceiptForm(ActForm):
    received_at = moment_field(_("公安机关签收时间"), help_text=_("回执上的时间，公安机关三日审查期从这时起算"))
    receiver = forms.CharField(label=_("签收人"), max_length=50)


class PoliceForm(ActForm):
    filed = forms.ChoiceField(
        label=_("公安机关的决定"), choices=[("yes", _("立案")), ("no", _("不予立案"))], widget=forms.RadioSelect
    )
    answered_at = moment_field(_("收到通知书的时间"))
    answer_number = forms.CharField(label=_("通知书文号"), max_length=60)
    reason = forms.CharField(
        label=_("不予立案的理由"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "filed": self.cleaned_data["filed"] == "yes"}


class GoodsForm(ActForm):
    """What goes to the police after they filed the case. The product of the duty stands in the first line."""

    items = GoodsField(
        label=_("涉案物品清单"), required=False, help_text=_("空着的行不算。超过十种的，登记后再登记一次")
    )
    receiver = forms.CharField(label=_("接收人"), max_length=50, required=False, help_text=_("公安机关签收人姓名"))
    handed_at = moment_field(_("移交时间"), required=False, help_text=_("不填为现在"))
    materials = forms.CharField(
        label=_("一并移交的材料"), max_length=500, required=False, help_text=_("如“询问笔录 2 份、进销台账 1 册”")
    )
    attachments = files_field(_("交接清单、回执的照片或扫描件"))
    none_reason = forms.CharField(
        label=_("没有涉案物品的原因"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("有物品的不填。如“产品已全部售出，未查扣物品”“已随案卷一并移交”"),
    )  # fmt: skip

    def offered(self, case: Case) -> dict[str, Any]:
        duty, moved = disposal_of(case), transfer_of(case)
        if duty is None or (moved is not None and moved.goods_at):
            return {}
        left = duty.balance.remaining
        return {"items": [Goods(duty.sample.commodity.name, left, str(_("千克")))]} if left else {}


class ReconsiderForm(ActForm):
    grounds = text_field(_("复议理由"))


FORMS: dict[Act, type[ActForm]] = {
    Act.DISMISS: ReasonForm, Act.SUSPECT: SuspectForm, Act.APPROVE: ApproveForm, Act.REFUSE: ReasonForm,
    Act.HAND_OVER: HandOverForm, Act.RECEIPT: ReceiptForm, Act.POLICE: PoliceForm, Act.RECONSIDER: ReconsiderForm,
    Act.RECONSIDERED: PoliceForm, Act.RESUME: ReasonForm, Act.FILE: ActForm, Act.ASK_FILING: AskFilingForm,
    Act.DECLINE: ReasonForm, Act.PROPOSE: ProposeForm, Act.INQUIRE: InquireForm, Act.REVIEW: ReviewForm,
    Act.NOTIFY: NotifyForm, Act.ANSWER: AnswerForm, Act.HEARING: HearingForm, Act.HELD: HeldForm,
    Act.DECIDE: DecideForm, Act.EXECUTE: ExecuteForm, Act.CLOSE: CloseForm, Act.RETURN: ReasonForm,
    Act.EXTEND: ReasonForm, Act.GOODS: GoodsForm,
}  # fmt: skip
