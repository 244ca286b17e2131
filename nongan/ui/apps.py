from django.apps import AppConfig
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms and fields in our own templates: label above, help under, error beside the field."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class UiConfig(AppConfig):
    name = "nongan.ui"
