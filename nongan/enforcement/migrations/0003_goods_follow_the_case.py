"""Goods and materials follow within three days of the notice that the police filed the case (国务院令第310号 第十二条).

Cases that the police had filed before get the clock of the law, counted from their notice; it runs where the case is
still open. Files that acts had left in the journal alone get their row. (SQLite keeps the guards of migration 0002: the
table of the ledger is not rebuilt for its choices.)
"""

import json
from datetime import datetime, time, timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


DAYS = 3  # natural days, the strict reading (rules/deadlines.py)
ACTS = {
    "enforcement.case.filing_asked": "ask-filing",
    "enforcement.case.notified": "notify",
    "enforcement.case.answered": "answer",
    "enforcement.case.heard": "held",
    "enforcement.case.executed": "execute",
}


def start_clocks(apps, schema_editor):
    for transfer in apps.get_model("enforcement", "Transfer").objects.filter(state="filed").select_related("case"):
        last = timezone.localtime(transfer.answered_at).date() + timedelta(days=DAYS)
        transfer.goods_by = timezone.make_aware(datetime.combine(last, time(23, 59, 59)))
        transfer.save(update_fields=["goods_by"])
        if transfer.case.state == "transferred":
            transfer.case.due_at, transfer.case.due_for = transfer.goods_by, "goods"
            transfer.case.save(update_fields=["due_at", "due_for"])


def keep_files(apps, schema_editor):
    kept = apps.get_model("enforcement", "CaseFile")
    for line in apps.get_model("journal", "Line").objects.filter(action__in=ACTS):
        for document in json.loads(line.details).get("files", []):
            kept.objects.get_or_create(case_id=int(line.on_id), act=ACTS[line.action], document_id=document)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("enforcement", "0002_guards"),
        ("journal", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("dismiss", "撤销案件（结果已推翻）"),
                            ("suspect", "报告涉嫌犯罪"),
                            ("approve", "批准移送"),
                            ("refuse", "不批准移送"),
                            ("hand-over", "移送公安机关"),
                            ("receipt", "登记公安回执"),
                            ("police", "登记公安决定"),
                            ("reconsider", "提请复议"),
                            ("reconsidered", "登记复议决定"),
                            ("goods", "移交涉案物品"),
                            ("resume", "恢复行政处理"),
                            ("file", "批准立案"),
                            ("ask-filing", "提请立案"),
                            ("decline", "不予立案"),
                            ("propose", "提出处理意见"),
                            ("inquire", "登记调查取证"),
                            ("review", "法制审核"),
                            ("notify", "告知当事人"),
                            ("answer", "登记陈述申辩"),
                            ("hearing", "安排听证"),
                            ("held", "登记听证笔录"),
                            ("decide", "作出决定"),
                            ("execute", "登记执行"),
                            ("close", "结案"),
                            ("return", "退回补充调查"),
                            ("extend", "延长期限"),
                        ],
                        max_length=14,
                        verbose_name="环节",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件文件",
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handed_at", models.DateTimeField(verbose_name="移交时间")),
                ("receiver", models.CharField(blank=True, max_length=50, verbose_name="接收人")),
                ("materials", models.CharField(blank=True, max_length=500, verbose_name="一并移交的材料")),
                ("kinds", models.PositiveSmallIntegerField(default=0, verbose_name="物品种数")),
                ("none_reason", models.CharField(blank=True, max_length=500, verbose_name="没有涉案物品的原因")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "涉案物品移交",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="物品名称")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="单位")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="特征、批号、说明")),
            ],
            options={
                "verbose_name": "移交物品",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="transfer",
            name="goods_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="涉案物品移交时间"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="goods_by",
            field=models.DateTimeField(blank=True, null=True, verbose_name="涉案物品移交期限"),
        ),
        migrations.RunPython(start_clocks, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="disposalline",
            name="method",
            field=models.CharField(
                choices=[
                    ("destroy", "监督销毁"),
                    ("harmless", "无害化处理"),
                    ("lost", "已售无法追回"),
                    ("police", "随案移交公安机关"),
                    ("recall", "追回（召回）"),
                    ("seal", "封存（先行登记保存）"),
                ],
                max_length=10,
                verbose_name="方式",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("goods_by__isnull", False), ("state", "filed")),
                    models.Q(models.Q(("state", "filed"), _negated=True), ("goods_at", None), ("goods_by", None)),
                    _connector="OR",
                ),
                name="transfer_goods_follow_when_filed",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("goods_at", None), ("goods_at__gte", models.F("answered_at")), _connector="OR"),
                name="transfer_goods_after_the_answer",
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="enforcement.case",
                verbose_name="案件",
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.document",
                verbose_name="文件",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="登记人",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="files",
            field=models.ManyToManyField(related_name="+", to="documents.document", verbose_name="交接清单和回执"),
        ),
        migrations.AddField(
            model_name="handover",
            name="transfer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="enforcement.transfer"
            ),
        ),
        migrations.AddField(
            model_name="handoveritem",
            name="handover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="enforcement.handover"
            ),
        ),
        migrations.AddConstraint(
            model_name="casefile",
            constraint=models.UniqueConstraint(fields=("case", "act", "document"), name="case_file_once"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kinds__gt", 0), ("none_reason", ""), models.Q(("receiver", ""), _negated=True)),
                    models.Q(("kinds", 0), models.Q(("none_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="handover_lists_goods_or_says_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("handed_at__lte", models.F("at"))), name="handover_before_its_record"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="handover_item_is_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity", None),
                    models.Q(("quantity__gt", 0), models.Q(("unit", ""), _negated=True)),
                    _connector="OR",
                ),
                name="handover_item_counts_in_a_unit",
            ),
        ),
        migrations.RunPython(keep_files, migrations.RunPython.noop),
    ]
