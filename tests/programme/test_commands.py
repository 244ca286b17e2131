"""No database mark here: `nongan plan read` opens none."""

import pytest
from django.core.management import CommandError, call_command

from tests.programme.factories import plan_docx


def test_the_command_reads_without_a_database(tmp_path, capsys):
    file = tmp_path / "方案.docx"
    file.write_bytes(plan_docx())
    call_command("plan", "read", str(file))
    told = capsys.readouterr().out
    assert "丰城市创建国家农产品质量安全县实施方案" in told and "牵头:市农业农村局" in told
    call_command("plan", "read", str(file), "--json")
    assert '"indicator": "quantitative_batches"' in capsys.readouterr().out


def test_the_command_says_why_it_cannot_read(tmp_path):
    file = tmp_path / "a.docx"
    file.write_bytes(b"nothing")
    for path in (file, tmp_path / "missing.docx"):
        with pytest.raises(CommandError):
            call_command("plan", "read", str(path))
