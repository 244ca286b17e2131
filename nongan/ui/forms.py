from django import forms
from django.utils.translation import gettext_lazy as _


class GalleryForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=20, help_text=_("营业执照上的全称"))
    weight = forms.DecimalField(label=_("重量（千克）"), min_value=0)
    day = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("类型"), choices=[("a", _("企业")), ("b", _("合作社"))])
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label=_("已核对原件"), required=False)
