"""The indicators that are defined, and the evidence that the contexts offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.utils.module_loading import module_has_submodule
from django.utils.translation import get_language

from nongan.common.evidence import EvidenceView
from nongan.indicators.rules.definition import Definition, DefinitionFault, Words, check_against, read_definition

FOLDER = Path(__file__).parent.parent / "definitions"


class NoSuchIndicator(ObjectDoesNotExist):
    """No indicator of this code is computed."""


@dataclass(frozen=True)
class Faults:
    """Definitions that cannot be used, and those that wait for a context to offer their evidence, in words."""

    unusable: tuple[str, ...]
    waiting: tuple[str, ...]


def definitions() -> dict[str, Definition]:
    """All definitions that can be computed, by code. The others are named by `faults`."""
    return _loaded()[0]


def faults() -> Faults:
    return _loaded()[1]


@cache
def _loaded() -> tuple[dict[str, Definition], Faults]:
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.toml"))}
    return load(texts, {name: view.columns for name, view in views().items()})


def load(texts: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]) -> tuple[dict[str, Definition], Faults]:
    """Definitions from the texts of files, each checked against the columns of its view."""
    good: dict[str, Definition] = {}
    unusable: list[str] = []
    waiting: list[str] = []
    for file, text in texts.items():
        try:
            definition = read_definition(file, text)
        except DefinitionFault as fault:
            unusable.append(str(fault))
            continue
        try:
            check_against(definition, columns.get(definition.view))
            good[definition.code] = definition
        except DefinitionFault as fault:
            (unusable if definition.view in columns else waiting).append(str(fault))
    return good, Faults(tuple(unusable), tuple(waiting))


@cache
def views() -> dict[str, EvidenceView]:
    """Every view by name: `VIEWS` in the evidence.py of every context."""
    found: dict[str, EvidenceView] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("nongan.") and config.module and module_has_submodule(config.module, "evidence"):
            found |= {view.name: view for view in import_module(f"{config.name}.evidence").VIEWS}
    return found


def definition(code: str) -> Definition:
    """One definition. Raises NoSuchIndicator."""
    try:
        return definitions()[code]
    except KeyError:
        raise NoSuchIndicator(code) from None


def definitions_of(view: str) -> list[Definition]:
    return [d for d in definitions().values() if d.view == view]


def counted_views() -> list[EvidenceView]:
    """The views that some indicator counts."""
    wanted = {d.view for d in definitions().values()}
    return [view for name, view in views().items() if name in wanted]


def words(definition: Definition) -> Words:
    """The indicator in the reader's language."""
    return definition.said(get_language() or "zh-hans")
