"""Official failures must fail here: an own extract always, the real table where it lies beside the project."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nongan.standards.queries import book
from nongan.standards.queries.bulletins import BulletinUnreadable, check_bulletins
from nongan.standards.rules import Authority, LimitForm, Verdict
from nongan.standards.rules.bulletin import check_record, columns_of, read_line
from nongan.standards.services import load_reference

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[3] / "shared" / "data" / "sampling" / "failed_results_2025_2026.csv"
DAY = date(2025, 11, 1)

# Failures as bulletins print them, in our own words: names of foods in brackets, spellings, units, days of every form.
EXTRACT = """食品名称,食品细类,生产日期,不合格项目,检验结果,标准值
豆角（豇豆）,蔬菜-豇豆,2025-10-24,克百威,0.50mg/kg,≤0.02mg/kg 三唑磷
老来少芸豆,蔬菜-菜豆,2025/12/1,噻虫胺,0.036mg/kg,≤0.01mg/kg
山芹（芹菜）,蔬菜-芹菜,45952.0,氧乐果,0.19 mg/kg,≤0.02mg/kg
牛蛙,水产品-其他水产品,2025年7月16日,恩诺沙星,1.77×10³μg/kg,≤100μg/kg
鲜活牛蛙,水产品-水产品-其他水产品,20250801,呋喃西林代谢物,1.45µg/kg,不得检出
大扁豆角,蔬菜-菜豆,2025-12-06,噻虫胺,0.10ｍｇ／ｋｇ,≤0.01mg/kg
上海青（普通白菜）,蔬菜-普通白菜（小白菜、小油菜、青菜）,2025-11-24,氟虫腈,0.034mg/kg,≤0.02mg/kg
铁棍山药,蔬菜-蔬菜-蔬菜,2025-09-23,咪鲜胺及咪鲜胺锰盐,0.549mg/kg,≤0.3mg/kg
小台农芒果,水果类-芒果,2025-07-09,吡唑醚菌酯,检出 0.23mg/kg,≤0.05mg/kg
赣南脐橙,水果类-橙,2025-12-26,联苯菊酯,0.10mg/kg,≤0.05mg/kg
皮皮虾（海水虾）,水产品-海水虾,2025-10-22,镉（以 Cd 计）,4.02mg/kg,≤3.0mg/kg
海水虾,水产品-海水虾,2025-10-30,土霉素、金霉素、四环素（组合含量）,264.9µg/kg,≤200µg/kg
鲜鸡蛋,鲜蛋-鸡蛋,2026-01-08,托曲珠利,37.7ug/kg,≤10µg/kg
绿豆芽,蔬菜-豆芽,2026-03-09,亚硫酸盐(以SO₂计),0.0409g/kg,≤0.02g/kg
绿豆芽,蔬菜-豆芽,2026-03-12,6-苄基腺嘌呤(6-BA),0.0169mg/kg,不得检出
云雾绿茶,茶叶及相关制品-茶叶,2026-01-02,乙酰甲胺磷,0.17mg/kg,≤0.05mg/kg
枸杞桑椹茶（代用茶）,茶叶及相关制品-代用茶,2025-10-28,霉菌,1.3×10³CFU/g,≤1×10³CFU/g
鸡肫,畜禽肉及副产品-其他禽副产品,2025-06-13,氯霉素,1.5µg/kg,不得检出
洋槐蜂蜜,蜂产品-蜂蜜,2025-07-12,氯霉素,0.460µg/kg,不得检出
香蕉,水果类-香蕉,2026-03-16,吡虫啉,0.219mg/kg,≤0.05mg/kg
"""


@pytest.fixture
def law():
    load_reference()
    return book()


def test_every_covered_failure_fails(law):
    found = check_bulletins(EXTRACT.encode())
    assert [one.reason for one in found.not_covered] == []
    assert [(one.record.foods, one.judgement.reason) for one in found.mismatches] == []
    assert len(found.of(Verdict.FAIL)) == 20


def test_what_is_not_covered_says_why(law):
    head = "食品名称,生产日期,不合格项目,检验结果\n"
    rows = ["火星果,2025-11-01,克百威,1mg/kg", "韭菜,2025-11-01,未知药,1mg/kg", "韭菜,,克百威,1mg/kg",
            "韭菜,2025-11-01,菌落总数,1CFU/g"]  # fmt: skip
    found = check_bulletins((head + "\n".join(rows)).encode("gb18030"))
    reasons = [one.reason for one in found.not_covered]
    assert ["不在食品分类中" in reasons[0], "不在项目表中" in reasons[1], "生产日期" in reasons[2]] == [True] * 3
    assert "没有“菌落总数”的限量" in reasons[3]


def test_an_unreadable_result_of_a_covered_record_is_a_mismatch(law):
    found = check_bulletins("食品名称,生产日期,不合格项目,检验结果\n韭菜,2025-11-01,腐霉利,见附件".encode())
    (mismatch,) = found.mismatches
    assert mismatch.judgement.verdict == Verdict.UNDECIDED
    assert found.as_dict()["counts"]["undecided"] == 1


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\xd8"])
def test_a_file_that_is_no_table_of_failures_is_refused(law, data):
    with pytest.raises(BulletinUnreadable):
        check_bulletins(data)


def test_every_quoted_limit_is_covered_by_the_name_of_its_class(law):
    """A result just above any shipped limit fails, also when the food is written as the name of the row's food."""
    columns = columns_of(["food", "item", "result", "prod_date"])
    wrong = []
    for limit in law.limits:
        edition = law.editions[limit.edition]
        if edition.authority != Authority.QUOTED or limit.bounds.form != LimitForm.MAXIMUM:
            continue
        above = limit.bounds.high + Decimal("0.000001")
        row = [
            law.tree.name(limit.commodity), law.analytes.name(limit.analyte), f"{above}{limit.bounds.unit}",
            DAY.isoformat(),
        ]  # fmt: skip
        (record,) = read_line(law, 2, row, columns)
        checked = check_record(law, record)
        if checked.judgement is None or checked.judgement.verdict != Verdict.FAIL:
            wrong.append((row, checked.reason or checked.judgement.reason))
    assert wrong == []


@pytest.mark.skipif(not REAL.exists(), reason="the real table lies outside the project")
def test_the_real_failures(law):
    found = check_bulletins(REAL.read_bytes())
    assert len(found.checked) == 358
    assert found.mismatches == []
    assert len(found.not_covered) <= 3
    assert all(one.reason for one in found.not_covered)
