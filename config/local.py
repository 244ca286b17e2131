"""One machine on a desk: the production settings with a secret of its own, made at the first start and kept in var/."""

import os
import secrets
from pathlib import Path

_var = Path(os.environ.get("NONGAN_VAR", Path(__file__).resolve().parent.parent / "var")).resolve()
_secret = _var / "secret.key"
if not _secret.exists():
    _var.mkdir(parents=True, exist_ok=True)
    _secret.touch(mode=0o600)
    _secret.write_text(secrets.token_urlsafe(64))
os.environ.setdefault("NONGAN_SECRET_KEY", _secret.read_text())
os.environ.setdefault("NONGAN_HTTPS", "0")

from config.settings import *  # noqa: E402, F403
