"""Goods and materials follow a case that the police filed: three days, a list, a receipt (国务院令第310号 第十二条)."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from nongan.common.editing import Stale
from nongan.documents.rules import FileNotAccepted
from nongan.enforcement import queries, services
from nongan.enforcement.models import Case, CaseFile, Disposal, Handover, HandoverItem, Transfer
from nongan.enforcement.queries.files import files_of
from nongan.enforcement.rules.disposal import DisposalRefused
from nongan.enforcement.rules.states import MoveNotAllowed
from nongan.enforcement.rules.transfer import Goods, GoodsRefused, check_goods, goods_late
from nongan.enforcement.services.acting import ActRefused
from nongan.journal.queries import timeline
from tests.conftest import NOON
from tests.enforcement.factories import DAY, HOUR, PHOTO, Agency, disposed, driven, handed, lead, transferred
from tests.standards.factories import small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def agency():
    return Agency()


# --- rules ---


@given(st.lists(st.builds(Goods, st.sampled_from(["豇豆", " "]), st.none() | st.decimals(-1, 5, places=3))), st.text())
def test_either_a_list_or_a_reason(goods, reason):
    try:
        check_goods(goods, reason)
    except GoodsRefused as refused:
        assert refused.field in ("items", "none_reason")
    else:
        assert bool(goods) != bool(reason)
        assert all(one.name.strip() and one.quantity is None for one in goods)  # none of these has a unit


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (Goods("", Decimal(1), "千克"), "没有名称"), (Goods("豇豆", Decimal(0), "千克"), "大于 0"),
        (Goods("豇豆", Decimal("0.0001"), "千克"), "三位小数"), (Goods("豇豆", Decimal(1)), "没有单位"),
        (Goods("豇" * 101), "太长"), (Goods("豇豆", note="x" * 201), "太长"),
    ],
)  # fmt: skip
def test_a_line_that_says_nothing(one, word):
    with pytest.raises(GoodsRefused, match=f"第 2 行.*{word}"):
        check_goods([Goods("台秤", Decimal(1), "台"), one], "")


def test_lateness():
    assert not goods_late(None, NOON)
    assert not goods_late(NOON, NOON)
    assert goods_late(NOON + HOUR, NOON)


# --- the duty and its act ---


def test_the_duty_begins_with_the_notice_of_the_police(agency):
    case = transferred("filed", agency)
    transfer = Transfer.objects.get(case=case)
    assert localtime(transfer.goods_by).strftime("%Y-%m-%d %H:%M:%S") == "2026-05-16 23:59:59"  # noticed on the 13th
    (todo,) = [t for t in queries.todos(agency.first, NOON + 2 * DAY) if case.number in t.note and "CZ" not in t.note]
    assert todo.text.startswith("移交涉案物品和材料 剩 2 天")
    (late,) = [t for t in queries.todos(agency.second, NOON + 8 * DAY) if t.due == transfer.goods_by]
    assert ("逾期" in late.text, late.tone) == (True, "bad")
    not_filed = transferred("not_filed", agency)
    assert Transfer.objects.get(case=not_filed).goods_by is None
    with pytest.raises(MoveNotAllowed):
        handed(not_filed, agency, NOON + 2 * DAY)


def test_the_hand_over_stops_the_clock(agency):
    case = transferred("filed", agency)
    made = handed(case, agency, NOON + 2 * DAY, handed_at=NOON + DAY + HOUR, materials="询问笔录 2 份")
    case.refresh_from_db()
    transfer = Transfer.objects.get(case=case)
    assert (transfer.goods_at, transfer.goods_late, case.due_at) == (NOON + DAY + HOUR, False, None)
    (item,) = made.items.all()
    assert (item.name, item.quantity, item.unit, item.note) == ("豇豆", Decimal("37.5"), "千克", "批号 0512")
    assert (made.kinds, made.receiver, made.files.count()) == (1, "周警官", 1)
    line = timeline(case)[0]
    assert (line.action, line.note) == ("enforcement.transfer.goods_moved", "豇豆，接收人 周警官")
    assert not [t for t in queries.todos(agency.first, NOON + 3 * DAY) if "涉案物品" in t.text]


def test_late_is_kept_as_late_and_more_may_follow(agency):
    case = transferred("filed", agency)
    handed(case, agency, NOON + 6 * DAY)
    more = [Goods("台秤", Decimal(1), "台"), Goods("账册")]
    second = handed(case, agency, NOON + 7 * DAY, items=more)
    transfer = Transfer.objects.get(case=case)
    assert (transfer.goods_at, transfer.goods_late) == (NOON + 6 * DAY, True)
    assert (Handover.objects.count(), second.kinds) == (2, 2)
    assert timeline(case)[0].note == "台秤等 2 种，接收人 周警官"


def test_no_goods_with_the_reason(agency):
    case = transferred("filed", agency)
    made = handed(case, agency, NOON + 2 * DAY, items=[], none_reason=" 产品已全部售出 ", receiver="", files=[])
    assert (made.kinds, made.none_reason) == (0, "产品已全部售出")
    assert "没有涉案物品：产品已全部售出" in timeline(case)[0].note
    disposed(case, agency, NOON + 2 * DAY)
    assert services.close_case(number=case.number, reason="移送完毕", by=agency.head, at=NOON + 3 * DAY).closed_at


def test_refusals(agency):
    case, later = transferred("filed", agency), NOON + 2 * DAY
    for changes, kind, word in [
        ({"items": []}, GoodsRefused, "写明原因"), ({"none_reason": "没有"}, GoodsRefused, "不能又写"),
        ({"files": []}, ActRefused, "交接清单"), ({"receiver": " "}, ActRefused, "接收人"),
        ({"handed_at": NOON}, ActRefused, "早于上一环节"), ({"handed_at": later + HOUR}, ActRefused, "不能晚于现在"),
        ({"files": [("a.exe", b"MZ")]}, FileNotAccepted, "a.exe"),
        ({"seen": case.version - 1}, Stale, "刚被他人修改"),
        ({"items": [Goods("豇豆", Decimal(1), "千克")] * 501}, GoodsRefused, "分次登记"),
    ]:  # fmt: skip
        with pytest.raises(kind, match=word), transaction.atomic():
            handed(case, agency, later, **changes)
    with pytest.raises(PermissionDenied):
        services.hand_over_goods(number=case.number, items=[], none_reason="没有", by=agency.reviewer, at=later)
    with pytest.raises(Case.DoesNotExist):
        elsewhere = Agency("360981000000")
        services.hand_over_goods(number=case.number, items=[], none_reason="没有", by=elsewhere.first, at=later)
    assert Handover.objects.count() == 0


def test_goods_with_the_police_settle_the_duty(agency):
    case, later = transferred("filed", agency), NOON + 3 * DAY
    duty = Disposal.objects.get(case=case)
    booked = {"number": duty.number, "method": "police", "done_on": later.date(), "by": agency.first, "at": later}
    services.establish_weight(number=duty.number, involved=Decimal(40), basis="称重", by=agency.first, at=later)
    with pytest.raises(DisposalRefused, match="第十二条"):
        services.record_disposal(**booked, kg=Decimal("37.5"))
    handed(case, agency, later, items=[], none_reason="未查扣物品", files=[])
    with pytest.raises(DisposalRefused, match="没有登记"):
        services.record_disposal(**booked, kg=Decimal("37.5"))
    handed(case, agency, later)
    services.record_disposal(**booked, kg=Decimal("37.5"))
    duty.refresh_from_db()
    assert (duty.state, duty.disposed, duty.balance.remaining) == ("partly", Decimal("37.5"), Decimal("2.5"))


# --- what the database itself refuses, and old rows ---


def test_a_hand_over_is_whole(agency):
    case = transferred("filed", agency)
    made = handed(case, agency, NOON + 2 * DAY)
    for rows, false in [
        (Handover.objects.filter(pk=made.pk), {"none_reason": "x"}),
        (Handover.objects.filter(pk=made.pk), {"kinds": 0}),
        (Handover.objects.filter(pk=made.pk), {"receiver": ""}),
        (Handover.objects.filter(pk=made.pk), {"handed_at": NOON + 9 * DAY}),
        (HandoverItem.objects.filter(handover=made), {"name": ""}),
        (HandoverItem.objects.filter(handover=made), {"unit": ""}),
        (Transfer.objects.filter(case=case), {"goods_by": None}),
        (Transfer.objects.filter(case=case), {"goods_at": NOON}),
        (Transfer.objects.filter(case=transferred("received", agency)), {"goods_by": NOON}),
    ]:
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            rows.update(**false)


def test_cases_filed_before_get_the_clock(agency):
    """The data step of migration 0003, on rows as they are now."""
    case = transferred("filed", agency)
    by = Transfer.objects.get(case=case).goods_by
    closed = transferred("filed", agency)
    handed(closed, agency, NOON + 2 * DAY)
    disposed(closed, agency, NOON + 2 * DAY)
    services.close_case(number=closed.number, reason="移送完毕", by=agency.head, at=NOON + 3 * DAY)
    Transfer.objects.filter(case=case).update(goods_by=NOON)
    Case.objects.filter(pk=case.pk).update(due_at=None, due_for="")
    import_module("nongan.enforcement.migrations.0003_goods_follow_the_case").start_clocks(apps, None)
    case.refresh_from_db()
    assert (case.due_at, case.due_for, Transfer.objects.get(case=case).goods_by) == (by, "goods", by)
    assert Case.objects.get(pk=closed.pk).due_at is None


def test_files_kept_in_the_journal_alone_get_their_row(agency):
    """The other data step of migration 0003."""
    case = driven("filed", agency)
    services.ask_filing(
        number=lead().number, **agency.pair, cause="x", grounds="报告", files=[PHOTO], by=agency.first, at=NOON + HOUR
    )
    (row,) = CaseFile.objects.all()
    was = (row.case_id, row.act, row.document_id)
    CaseFile.objects.all().delete()
    for _again in range(2):
        import_module("nongan.enforcement.migrations.0003_goods_follow_the_case").keep_files(apps, None)
        assert list(CaseFile.objects.values_list("case_id", "act", "document_id")) == [was]
    assert case.pk != was[0]


# --- files of a case ---


def test_every_file_of_every_act_is_listed(agency):
    case = transferred("filed", agency)
    handed(case, agency, NOON + 2 * DAY)
    disposed(case, agency, NOON + 2 * DAY)
    found = files_of(Case.objects.get(pk=case.pk))
    said = [(str(f.act), str(f.kind), f.document.name) for f in found]
    assert len(said) == 7
    assert said[0][0] == "移送公安机关"
    assert ("移交涉案物品", "", PHOTO[0]) in said
    assert ("处置不合格产品", "监督销毁", PHOTO[0]) in said
    assert [f.document.at for f in found] == sorted(f.document.at for f in found)
