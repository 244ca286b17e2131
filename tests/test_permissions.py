"""Role × URL: every address of the site, for nobody and for each role, exactly as `accounts/rules.py` says.

A new page is a line in NEEDS, and in EXAMPLES where it takes arguments; one that has neither fails here.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nongan.accounts import services as accounts
from nongan.accounts.models import User
from nongan.accounts.queries import tokens_of
from nongan.accounts.rules import Permission, Role
from nongan.documents.queries import token_for
from nongan.documents.services import begin_import, store
from tests.accounts.factories import COUNTY
from tests.conftest import NOON
from tests.places.factories import geojson
from tests.standards.factories import CARBOFURAN, COWPEA
from tests.world import World, whole_city

P = Permission
PUBLIC = {
    "portal:home", "portal:results", "portal:result", "portal:look-up", "portal:food-options", "portal:item-options",
    "accounts:login", "set_language",
}  # fmt: skip
EVERYBODY = {  # every person with an account, about oneself or about what everybody may know
    "home", "search", "accounts:logout", "accounts:password", "accounts:second-factor", "accounts:me",
    "accounts:issue-token", "accounts:totp", "accounts:begin-totp", "accounts:drop-totp",
    "accounts:organisation-options", "places:divisions", "places:division", "places:division-options",
    "registry:subject-options", "monitoring:item-options",
}  # fmt: skip
OWN = {
    "accounts:revoke-token",
    "documents:file",
    "documents:import",
    "documents:import-marked",
    "documents:drop-import",
}
PLANS = {
    "plans": P.PLAN_VIEW, "plan": P.PLAN_VIEW, "difference": P.PLAN_VIEW, "tasks": P.PLAN_VIEW, "task": P.PLAN_VIEW,
    "lists": P.PLAN_VIEW, "item": P.PLAN_VIEW, "schedule": P.PLAN_VIEW, "upload": P.PLAN_EDIT, "choose": P.PLAN_EDIT,
    "review": P.PLAN_EDIT, "match": P.PLAN_EDIT, "reopen": P.PLAN_EDIT, "write-report": P.TASK_REPORT,
    "steps": P.TASK_REVIEW, "duty": P.TASK_REVIEW, "accept-report": P.TASK_REVIEW, "return-report": P.TASK_REVIEW,
    "new-item": P.TASK_REVIEW,
}  # fmt: skip
NEEDS: dict[str, Permission] = {f"programme:{name}": needed for name, needed in PLANS.items()} | {
    "programme:cockpit": P.INDICATOR_VIEW, "indicators:list": P.INDICATOR_VIEW,
    "indicators:indicator": P.INDICATOR_VIEW, "indicators:records": P.INDICATOR_VIEW,
    "indicators:recount": P.INDICATOR_COMPUTE, "accounts:organisations": P.ACCOUNT_VIEW,
    "accounts:organisation": P.ACCOUNT_VIEW, "accounts:people": P.ACCOUNT_VIEW, "accounts:person": P.ACCOUNT_VIEW,
    "accounts:roles": P.ACCOUNT_VIEW, "accounts:new-organisation": P.ACCOUNT_MANAGE,
    "accounts:change-organisation": P.ACCOUNT_MANAGE, "accounts:new-person": P.ACCOUNT_MANAGE,
    "accounts:change-person": P.ACCOUNT_MANAGE, "accounts:reset-password": P.ACCOUNT_MANAGE,
    "accounts:reset-second-factor": P.ACCOUNT_MANAGE, "ui:gallery": P.ACCOUNT_MANAGE,
    "places:new-population": P.PLACE_EDIT, "places:population": P.PLACE_EDIT,
    "places:remove-population": P.PLACE_EDIT, "places:new-boundaries": P.PLACE_EDIT,
    "places:check-boundaries": P.PLACE_EDIT, "documents:new-import": P.PLACE_EDIT,
    "documents:import-template": P.PLACE_EDIT, "journal:lines": P.JOURNAL_VIEW, "standards:look-up": P.STANDARDS_VIEW,
    "standards:limits": P.STANDARDS_VIEW, "standards:bans": P.STANDARDS_VIEW,
    "standards:commodities": P.STANDARDS_VIEW, "standards:commodity": P.STANDARDS_VIEW,
    "standards:analytes": P.STANDARDS_VIEW, "standards:analyte": P.STANDARDS_VIEW,
    "standards:editions": P.STANDARDS_VIEW, "standards:edition": P.STANDARDS_VIEW,
    "standards:commodity-options": P.STANDARDS_VIEW, "standards:analyte-options": P.STANDARDS_VIEW,
    "standards:limit": P.STANDARDS_VIEW, "standards:new-limit": P.STANDARDS_EDIT,
    "standards:change-limit": P.STANDARDS_EDIT, "standards:end-limit": P.STANDARDS_EDIT,
    "standards:end-edition": P.STANDARDS_EDIT, "registry:subjects": P.SUBJECT_VIEW,
    "registry:subject": P.SUBJECT_VIEW, "registry:new-subject": P.SUBJECT_EDIT,
    "registry:supervising-options": P.SUBJECT_EDIT, "registry:assign": P.SUBJECT_EDIT,
    "registry:change-subject": P.SUBJECT_EDIT, "registry:close-subject": P.SUBJECT_EDIT,
    "registry:reopen-subject": P.SUBJECT_EDIT, "laboratory:specimens": P.SPECIMEN_VIEW,
    "laboratory:specimen": P.SPECIMEN_VIEW, "laboratory:report": P.SPECIMEN_VIEW, "laboratory:reject": P.RESULT_ENTER,
    "laboratory:leave-unjudged": P.REPORT_SIGN, "laboratory:worksheet": P.RESULT_ENTER,
    "laboratory:worksheet-file": P.RESULT_ENTER, "laboratory:verify": P.RESULT_VERIFY,
    "laboratory:sign": P.REPORT_SIGN, "laboratory:withdraw": P.REPORT_SIGN, "monitoring:samples": P.SAMPLE_VIEW,
    "monitoring:sample": P.SAMPLE_VIEW, "monitoring:new-sample": P.SAMPLE_TAKE, "monitoring:panel": P.SAMPLE_TAKE,
    "monitoring:send": P.SAMPLE_TAKE, "monitoring:attach": P.SAMPLE_TAKE, "monitoring:void": P.SAMPLE_TAKE,
    "monitoring:correct": P.SAMPLE_TAKE, "monitoring:paper": P.SAMPLE_VIEW,
    "monitoring:publish": P.SAMPLE_PUBLISH, "enforcement:cases": P.CASE_VIEW, "enforcement:case": P.CASE_VIEW,
    "enforcement:filing-paper": P.CASE_VIEW, "enforcement:transfer-paper": P.CASE_VIEW,
    "enforcement:goods-paper": P.CASE_VIEW,
    "enforcement:disposals": P.CASE_VIEW, "enforcement:disposal": P.CASE_VIEW, "enforcement:new-case": P.CASE_HANDLE,
    "enforcement:officer-options": P.CASE_HANDLE, "enforcement:act": P.CASE_HANDLE,
    "enforcement:involved": P.DISPOSAL_RECORD, "enforcement:book": P.DISPOSAL_RECORD,
    "enforcement:reverse-line": P.DISPOSAL_RECORD,
}  # fmt: skip


# About a thing that is there for one who may, but not in the state that the page is about: no paper of a case that is
# not filed, no file to choose from where one plan was read, no line to reverse, no duty of a county in a city's task.
SOMETIMES_GONE = {
    "enforcement:filing-paper", "enforcement:goods-paper", "enforcement:reverse-line", "programme:choose",
    "programme:duty",
}  # fmt: skip
Example = Callable[[World, User], list[Any]]
EXAMPLES: dict[str, Example] = {
    "portal:result": lambda w, u: [w.sample.number],
    "accounts:organisation": lambda w, u: [w.organisation.pk],
    "accounts:change-organisation": lambda w, u: [w.organisation.pk],
    "accounts:person": lambda w, u: [w.person.pk],
    "accounts:change-person": lambda w, u: [w.person.pk],
    "accounts:reset-password": lambda w, u: [w.person.pk],
    "accounts:reset-second-factor": lambda w, u: [w.person.pk],
    "places:division": lambda w, u: [COUNTY],
    "places:new-population": lambda w, u: [COUNTY],
    "places:population": lambda w, u: [COUNTY, 2025],
    "places:remove-population": lambda w, u: [COUNTY, 2025],
    "places:check-boundaries": lambda w, u: [outlines(u)],
    "documents:new-import": lambda w, u: ["population"],
    "documents:import-template": lambda w, u: ["population"],
    "standards:commodity": lambda w, u: [COWPEA],
    "standards:analyte": lambda w, u: [CARBOFURAN],
    "standards:edition": lambda w, u: [w.edition.pk],
    "standards:end-edition": lambda w, u: [w.edition.pk],
    "standards:limit": lambda w, u: [limit_of(w)],
    "standards:change-limit": lambda w, u: [limit_of(w)],
    "standards:end-limit": lambda w, u: [limit_of(w)],
    "registry:subject": lambda w, u: [w.sample.subject.number],
    "registry:change-subject": lambda w, u: [w.sample.subject.number],
    "registry:close-subject": lambda w, u: [w.sample.subject.number],
    "registry:reopen-subject": lambda w, u: [w.sample.subject.number],
    "laboratory:specimen": lambda w, u: [w.sample.specimen.code],
    "laboratory:reject": lambda w, u: [w.sample.specimen.code],
    "laboratory:leave-unjudged": lambda w, u: [w.sample.specimen.code],
    "laboratory:report": lambda w, u: [w.sample.report],
    "laboratory:withdraw": lambda w, u: [w.sample.report],
    "monitoring:sample": lambda w, u: [w.sample.number],
    "monitoring:attach": lambda w, u: [w.sample.number],
    "monitoring:correct": lambda w, u: [w.sample.number],
    "monitoring:paper": lambda w, u: [w.sample.number],
    "monitoring:void": lambda w, u: [w.sample.number],
    "enforcement:case": lambda w, u: [w.case.number],
    "enforcement:filing-paper": lambda w, u: [w.case.number],
    "enforcement:transfer-paper": lambda w, u: [w.case.number],
    "enforcement:goods-paper": lambda w, u: [w.case.number],
    "enforcement:act": lambda w, u: [w.case.number, "ask-filing"],
    "enforcement:disposal": lambda w, u: [w.disposal.number],
    "enforcement:involved": lambda w, u: [w.disposal.number],
    "enforcement:book": lambda w, u: [w.disposal.number],
    "enforcement:reverse-line": lambda w, u: [w.disposal.number, 1],
    "indicators:indicator": lambda w, u: ["pass_rate"],
    "indicators:records": lambda w, u: ["pass_rate"],
    "programme:plan": lambda w, u: [w.version.plan_id],
    "programme:choose": lambda w, u: [w.version.file_id],
    "programme:review": lambda w, u: [w.version.pk],
    "programme:match": lambda w, u: [w.version.pk],
    "programme:reopen": lambda w, u: [w.version.pk],
    "programme:difference": lambda w, u: [w.version.pk],
    "programme:task": lambda w, u: [w.task.pk],
    "programme:write-report": lambda w, u: [w.task.pk],
    "programme:steps": lambda w, u: [w.task.pk],
    "programme:duty": lambda w, u: [w.task.pk, COUNTY],
    "programme:accept-report": lambda w, u: [w.report.pk],
    "programme:return-report": lambda w, u: [w.report.pk],
    "programme:item": lambda w, u: [w.item.pk],
}


def limit_of(world: World) -> int:
    found = world.edition.limits.first()
    assert found is not None
    return found.pk


def outlines(user: User) -> str:
    return token_for(store(name="边界.geojson", data=geojson({}), by=user, at=NOON), user.username)


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Every URL name of the site; those of the API are for tests/test_api.py."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api-1":
                yield from names(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name


NAMES = sorted(set(names()))


@pytest.fixture
def world(db: None) -> World:
    return whole_city()


def test_every_address_stands_in_the_table():
    known = [*PUBLIC, *EVERYBODY, *OWN, *NEEDS]
    assert sorted(known) == NAMES, set(known) ^ set(NAMES)


def asked(client: Client, name: str, arguments: list[Any], method: str) -> int:
    """The status of a request that leaves nothing behind. `client` gives a fault of ours back as a 500."""
    with transaction.atomic():
        status = getattr(client, method)(reverse(name, args=arguments)).status_code
        transaction.set_rollback(True)
    return int(status)


def test_nobody_is_sent_to_the_login(client, world):
    client.raise_request_exception = False
    for name in NAMES:
        if name in OWN:
            continue
        arguments = EXAMPLES.get(name, lambda w, u: [])(world, world.people[Role.ADMINISTRATOR])
        for method in ("get", "post"):
            with transaction.atomic():
                response = getattr(client, method)(reverse(name, args=arguments))
                transaction.set_rollback(True)
            if name in PUBLIC:
                assert response.status_code in {200, 302, 404, 405}, (name, method, response.status_code)
            else:
                assert response.status_code == 302, (name, method, response.status_code)
                assert response["Location"].startswith("/accounts/login/?next="), (name, method)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_gives_it(client, world, role):
    client.raise_request_exception = False
    user = world.people[role]
    client.force_login(user)
    wrong = []
    for name, needed in NEEDS.items():
        arguments = EXAMPLES.get(name, lambda w, u: [])(world, user)
        may = user.may(needed)
        statuses = [asked(client, name, arguments, method) for method in ("get", "post")]
        good = {200, 302, 405, 409, 422} | ({404} if name in SOMETIMES_GONE else set())
        if may and not set(statuses) <= good or not may and not set(statuses) <= {403, 404, 405}:
            wrong.append((name, needed.value, may, statuses))
        if set(statuses) == {405}:
            wrong.append((name, "answers to nothing"))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("role", list(Role))
def test_what_is_for_everybody_opens_for_every_role(client, world, role):
    client.raise_request_exception = False
    client.force_login(world.people[role])
    for name in sorted(EVERYBODY):
        arguments = EXAMPLES.get(name, lambda w, u: [])(world, world.people[role])
        if name != "accounts:logout":
            statuses = {asked(client, name, arguments, method) for method in ("get", "post")}
            assert statuses <= {200, 302, 405, 422}, (name, statuses)


def test_what_is_somebodys_own_is_nobody_elses(client, world):
    owner = world.people[Role.PROGRAMME_OFFICE]
    csv = "区划代码,年份,常住人口,来源\n360902,2025,八千,公报".encode()
    found = begin_import(kind="population", name="人口.csv", data=csv, options={}, by=owner, at=NOON)
    accounts.issue_token(label="省平台", days=30, by=owner, at=NOON)
    token = owner_token(owner)
    arguments = {
        "accounts:revoke-token": [token],
        "documents:file": [token_for(found.document, owner.username)],
        "documents:import": [found.pk],
        "documents:import-marked": [found.pk],
        "documents:drop-import": [found.pk],
    }
    assert set(arguments) == OWN
    for user, good in ((world.people[Role.ADMINISTRATOR], {404, 405}), (owner, {200, 302, 405, 409, 422})):
        client.force_login(user)
        for name, given in arguments.items():
            statuses = {asked(client, name, given, method) for method in ("get", "post")}
            assert statuses <= good, (user.role, name, statuses)


def owner_token(owner: User) -> int:
    found = tokens_of(owner).first()
    assert found is not None
    return found.pk
