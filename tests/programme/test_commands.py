"""No database mark here: `nongan plan read` opens none."""

import json
import os
import subprocess
import sys

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


def test_a_document_without_tasks_is_told_and_fails(tmp_path, capsys):
    file = tmp_path / "通知.txt"
    file.write_text("关于召开会议的通知\n定于明日召开会议。\n")
    with pytest.raises(CommandError, match="没有读到任务"):
        call_command("plan", "read", str(file))
    capsys.readouterr()
    call_command("plan", "read", str(file), "--json")
    told = capsys.readouterr()
    assert all(plan["tasks"] == [] for plan in json.loads(told.out)["plans"])
    assert "没有读到任务" in told.err


def test_a_closed_pipe_ends_quietly(tmp_path):
    file = tmp_path / "方案.docx"
    file.write_bytes(plan_docx())
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "nongan", "plan", "read", str(file)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
