import io
import json

import pytest
from django.core.management import CommandError, call_command

from nongan.standards.services import load_reference

pytestmark = pytest.mark.django_db
HEAD = "食品名称,生产日期,不合格项目,检验结果\n"


def check(tmp_path, text, *more):
    file = tmp_path / "bulletin.csv"
    file.write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("standards", "check-bulletins", str(file), *more, stdout=out)
    return out.getvalue()


def test_counts_and_what_is_not_covered(tmp_path):
    load_reference()
    rows = HEAD + "韭菜,2025-11-01,腐霉利,6.71mg/kg\n火星果,2025-11-01,腐霉利,6mg/kg\n"
    shown = check(tmp_path, rows)
    assert "共 2 条：不合格 1，合格 0，待判定 0，限量未覆盖 1" in shown
    assert "未覆盖 第 3 行 火星果 腐霉利" in shown
    told = json.loads(check(tmp_path, rows, "--json"))
    assert told["counts"] == {"pass": 0, "fail": 1, "undecided": 0, "unjudged": 0, "not_covered": 1}
    assert told["not_covered"][0]["row"] == 3


def test_a_covered_record_that_does_not_fail_is_an_error(tmp_path):
    load_reference()
    with pytest.raises(CommandError, match="1 条"):
        check(tmp_path, HEAD + "韭菜,2025-11-01,腐霉利,4mg/kg\n")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(CommandError):
        call_command("standards", "check-bulletins", str(tmp_path / "nowhere.csv"))
    with pytest.raises(CommandError, match="食品、项目、结果"):
        check(tmp_path, "a,b\n1,2\n")
