"""What the import linter cannot see: foreign keys, reverse names, names of acts, length of files."""

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import PROTECT, ForeignKey, ManyToManyField, OneToOneField

from nongan.journal.rules import ACTS
from nongan.journal.services import HANDLERS

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LAYERS = next(
    c["layers"] for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["name"] == "Contexts depend downwards"
)
HEIGHT = {name.strip(): -row for row, line in enumerate(LAYERS) for name in line.split("|")}
SOURCES = [p for p in ROOT.glob("nongan/**/*.py") if "migrations" not in p.parts]


def foreign_fields():
    for model in apps.get_models():
        if model.__module__.startswith("nongan."):
            for field in model._meta.get_fields():
                if isinstance(field, ForeignKey | OneToOneField | ManyToManyField):
                    other = field.related_model._meta.app_label
                    if other in HEIGHT:
                        yield model, field, other


def test_foreign_keys_point_downwards():
    own = [(m, f, o) for m, f, o in foreign_fields() if m._meta.app_label != o]
    assert own
    assert [str(f) for m, f, o in own if HEIGHT[m._meta.app_label] <= HEIGHT[o]] == []


def test_foreign_keys_between_contexts_leave_no_reverse_name():
    assert [str(f) for m, f, o in foreign_fields() if m._meta.app_label != o and not f.remote_field.hidden] == []


def test_foreign_keys_protect():
    assert [
        str(f) for _, f, _ in foreign_fields() if not f.many_to_many and f.remote_field.on_delete is not PROTECT
    ] == []


def test_handlers_listen_downwards():
    for action, handlers in HANDLERS.items():
        for name in handlers:
            assert HEIGHT[action.split(".")[0]] < HEIGHT[name.split(".")[1]], (action, name)


def test_every_recorded_act_has_a_name():
    recorded = {
        act for source in SOURCES for act in re.findall(r'(?:record|Act)\(\s*"([a-z_]+\.[a-z_.]+)"', source.read_text())
    }
    assert len(recorded) > 10
    assert recorded - set(ACTS) == set()


def test_files_stay_short():
    lengths = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in SOURCES}
    assert {p: n for p, n in lengths.items() if n > 400} == {}
