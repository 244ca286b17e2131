from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class AccountsConfig(AppConfig):
    name = "nongan.accounts"

    def ready(self) -> None:
        name_acts(
            {
                "accounts.organisation.added": _("新增机构"),
                "accounts.organisation.changed": _("修改机构"),
                "accounts.person.added": _("新增人员"),
                "accounts.person.changed": _("修改人员"),
                "accounts.password.reset": _("重置密码"),
                "accounts.password.changed": _("修改密码"),
                "accounts.totp.on": _("启用动态口令"),
                "accounts.totp.off": _("停用动态口令"),
                "accounts.totp.reset": _("解除动态口令"),
                "accounts.token.issued": _("签发接口令牌"),
                "accounts.token.revoked": _("撤销接口令牌"),
            }
        )
