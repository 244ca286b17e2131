"""How an installation starts, and how it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRINT = "import django; django.setup(); from django.conf import settings as s; print({})"


def started(what: str = "1", module: str = "config.settings", **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NONGAN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", PRINT.format(what)], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={**kept, "DJANGO_SETTINGS_MODULE": module, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("secret", [{}, {"NONGAN_SECRET_KEY": ""}, {"NONGAN_SECRET_KEY": "short"}])
def test_nothing_starts_without_a_secret(secret, tmp_path):
    found = started(NONGAN_VAR=str(tmp_path), **secret)
    assert found.returncode != 0
    assert "Set NONGAN_SECRET_KEY to a random text of at least 50 characters" in found.stderr


def test_with_a_secret_it_starts_closed(tmp_path):
    what = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.ALLOWED_HOSTS"
    found = started(what, NONGAN_VAR=str(tmp_path), NONGAN_SECRET_KEY="x" * 50)
    assert found.stdout.strip() == "False True True True ['127.0.0.1', 'localhost']", found.stderr


def test_a_machine_on_a_desk_makes_its_own_secret_and_keeps_it(tmp_path):
    keys = {started("s.SECRET_KEY", "config.local", NONGAN_VAR=str(tmp_path / "var")).stdout for _ in range(2)}
    (key,) = keys
    assert len(key) > 50
    assert (tmp_path / "var/secret.key").stat().st_mode & 0o077 == 0, "for the owner alone"


def test_the_database_is_named_by_a_url(tmp_path):
    found = started(
        "s.DATABASES['default']['ENGINE'], s.DATABASES['default']['HOST'], s.DATABASES['default']['PASSWORD']",
        NONGAN_VAR=str(tmp_path), NONGAN_SECRET_KEY="x" * 50, NONGAN_DATABASE="postgresql://u:p%40ss@db.example:5432/n",
    )  # fmt: skip
    assert found.stdout.strip() == "django.db.backends.postgresql db.example p@ss", found.stderr
