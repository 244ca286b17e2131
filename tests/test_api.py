"""The API as a whole: who may call it, what it says of itself, and whatever may be sent to it."""

import json
from collections import Counter
from pathlib import Path

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import api
from nongan.accounts import services as accounts
from nongan.accounts.rules import Role
from tests.world import whole_city

ROOT = Path(__file__).parent.parent
PUBLIC = {"list_published_results", "get_published_result", "look_up_limit"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 4  # of each operation and role
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(), default=str))
OPERATIONS = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]


def test_the_document_is_the_one_that_is_committed():
    committed = json.loads((ROOT / "docs/openapi.json").read_text())
    assert committed == DOCUMENT, "run make openapi"


def test_every_operation_asks_who_you_are_unless_it_is_public_by_name():
    found = {
        operation.view_func.__name__
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        if not operation.auth_callbacks
    }
    assert found == PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("method, path", [(method, path) for method, path, _operation in OPERATIONS])
def test_without_a_login_nothing_is_said(client, method, path):
    public = any(operation.get("security") is None for m, p, operation in OPERATIONS if (m, p) == (method, path))
    response = getattr(client, method)(path.replace("{", "").replace("}", ""))
    if not public:
        assert response.status_code in {401, 404}, "a path that takes a number does not know a word"
        assert response.status_code == 404 or response.json()["code"] == "not_authenticated"


def test_no_two_shapes_share_a_name():
    """The document knows a shape by its name alone: the second would silently stand for the first."""
    shapes = [shape for shape in descendants(Schema) if shape.__module__.startswith(("nongan.", "config."))]
    names = Counter(shape.__name__ for shape in shapes)
    assert [name for name, count in names.items() if count > 1] == []


def descendants(shape):
    for child in shape.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_operation_says_what_it_does_and_how_it_refuses():
    for method, path, operation in OPERATIONS:
        assert operation["summary"], (method, path)
        wanted = {"400", "404", "409", "422", "429"} | ({"401", "403"} if operation.get("security") else set())
        assert wanted <= set(operation["responses"]), (method, path)


@pytest.fixture
def one_connection():
    """A request of the real server ends with its connection, and with it would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("role", [None, Role.PROGRAMME_OFFICE, Role.OFFICER_HEAD, Role.SIGNATORY])
def test_whatever_is_sent_is_answered_as_described(role):
    """No 5xx, and every answer of a status, type and shape that the document names."""
    city = whole_city()
    headers = {}
    if role:
        token = accounts.issue_token(label="test", days=1, by=city.people[role], at=timezone.now())
        headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_wsgi(reverse("api-1:openapi-json"), get_wsgi_application())
    wrong = [told for result in schema.get_all_operations() if (told := answered(result.ok(), headers, known(city)))]
    assert wrong == [], "\n\n".join(wrong)


def known(city):
    """What the path of a thing that is there says, by the beginning of the path."""
    return {
        "/accounts/organisations": {"organisation_id": city.organisation.pk},
        "/accounts/people": {"person_id": city.person.pk},
        "/enforcement/cases": {"number": city.case.number},
        "/enforcement/disposals": {"number": city.disposal.number},
        "/indicators": {"code": "pass_rate"},
        "/laboratory/specimens": {"code": city.sample.specimen.code},
        "/laboratory/reports": {"number": city.sample.report},
        "/monitoring/samples": {"number": city.sample.number},
        "/places/divisions": {"code": "360902000000", "year": 2025},
        "/programme/plans": {"plan_id": city.version.plan_id},
        "/programme/tasks": {"task_id": city.task.pk},
        "/registry/subjects": {"number": city.sample.subject.number},
    }


def answered(operation, headers, things):
    """What is wrong with the answers to some requests, half of them about a thing that is there; blank when nothing."""
    there = next((names for start, names in things.items() if start in operation.path), {})

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def once(case, real):
        cache.clear()  # nobody calls too often here
        if real and case.path_parameters:
            case.path_parameters |= {name: there[name] for name in case.path_parameters if name in there}
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    try:
        once()
    except FailureGroup as found:
        return str(found)
    return ""
