"""Settings of the test suite: the production settings, a throw-away folder, a quick password hasher."""

import os
import tempfile

os.environ.setdefault("NONGAN_SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("NONGAN_VAR", tempfile.mkdtemp(prefix="nongan-test-"))
os.environ["NONGAN_HTTPS"] = "0"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": None}
