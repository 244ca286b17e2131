"""检打联动: a failed sample opens case and duty by itself; what a withdrawn report does; nothing is left without."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from nongan.enforcement import handlers, services
from nongan.enforcement.models import Case, Disposal, Transfer
from nongan.enforcement.rules.acts import NotLawful
from nongan.enforcement.rules.states import MoveNotAllowed
from nongan.enforcement.services import leads
from nongan.journal.models import Delivery, Line
from nongan.journal.queries import timeline
from nongan.journal.services import HANDLERS, deliver_due, record
from nongan.monitoring.rules import SampleState, Verdict
from nongan.operations.services import work_once
from tests.accounts.factories import COUNTY
from tests.conftest import NOON
from tests.enforcement.factories import DAY, HOUR, Agency, driven, failed_sample, lead, transferred
from tests.monitoring.factories import SamplerFactory, judged_sample
from tests.standards.factories import small_law

NAME = "nongan.enforcement.handlers.sample_changed"


@pytest.fixture(autouse=True)
def law(db):
    small_law()


def told(sample, action="judged", at=NOON):
    details = {"sample": sample.pk, "number": sample.number, "verdict": sample.verdict, "banned": sample.banned}
    return record(f"monitoring.sample.{action}", on=sample, by="系统", at=at, **details)


def withdrawn(sample):
    """What monitoring does when the laboratory withdraws a report."""
    sample.state, sample.verdict, sample.report, sample.judged_at = SampleState.SENT, "", "", None
    sample.banned = sample.tested_banned = False
    sample.save()
    services.follow_sample(sample_id=sample.pk, at=NOON + DAY)


def judged_again(sample, verdict, at=NOON + 2 * DAY, **changes):
    sample.state, sample.verdict, sample.report, sample.judged_at = SampleState.JUDGED, verdict, "BG-2026-000099", at
    for name, value in changes.items():
        setattr(sample, name, value)
    sample.save()
    services.follow_sample(sample_id=sample.pk, at=at)


def test_it_hears_what_it_must():
    assert NAME in HANDLERS["monitoring.sample.judged"]
    assert NAME in HANDLERS["monitoring.sample.reopened"]


@pytest.mark.django_db
def test_from_the_field_to_the_case(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sample = judged_sample("0.5", by=SamplerFactory(division_id=COUNTY))
    case = Case.objects.get(sample=sample)
    services.follow_sample(sample_id=sample.pk, at=NOON)
    assert sample.verdict == Verdict.FAIL
    assert (case.party, case.report, case.division_id) == (sample.subject.name, sample.report, sample.division_id)
    assert Disposal.objects.get(sample=sample).case == case
    assert Transfer.objects.filter(case=case).exists() == sample.banned
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_heard_twice_it_happens_once():
    sample = failed_sample(banned=True)
    line = told(sample)
    for _ in range(3):
        handlers.sample_changed(line)
    assert (Case.objects.count(), Disposal.objects.count(), Transfer.objects.count()) == (1, 1, 1)
    assert Line.objects.filter(action="enforcement.case.opened").count() == 1


@pytest.mark.django_db
def test_a_sample_that_passes_opens_nothing():
    sample = failed_sample(verdict=Verdict.PASS, finding="")
    handlers.sample_changed(told(sample))
    assert not Case.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["routine", "supervision", "risk"])
def test_every_kind_of_sample_and_a_subject_that_has_closed(kind):
    sample = failed_sample(kind=kind)
    sample.subject.closed_on, sample.subject.close_reason = NOON.date(), "注销"
    sample.subject.save()
    handlers.sample_changed(told(sample))
    assert Case.objects.get().subject == sample.subject


@pytest.mark.django_db
def test_killed_half_way_the_outbox_restores_it(monkeypatch, django_capture_on_commit_callbacks):
    sample = failed_sample()

    def killed(*args):
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(leads, "_open_duty", killed)
        with django_capture_on_commit_callbacks(execute=True):
            told(sample)
    assert not Case.objects.exists()  # nothing half done
    assert Delivery.objects.get(handler=NAME).fault.startswith("RuntimeError")
    assert deliver_due(at=NOON + DAY) == (1, 0)
    assert (Case.objects.count(), Disposal.objects.count(), Delivery.objects.count()) == (1, 1, 0)


@pytest.mark.django_db
def test_and_where_even_the_outbox_was_lost_the_worker_does():
    banned, plain = failed_sample(banned=True), failed_sample()
    failed_sample(verdict=Verdict.PASS, finding="")
    cache.clear()
    assert work_once(at=NOON + DAY)["mended"] == 2
    assert set(Case.objects.values_list("sample", flat=True)) == {banned.pk, plain.pk}
    assert Case.objects.get(sample=banned).opened_at == NOON  # the clock does not gain by the delay
    assert services.open_missing(at=NOON + DAY) == 0


@pytest.mark.django_db
def test_the_command_mends_too(capsys):
    failed_sample()
    call_command("enforcement", "reconcile", verbosity=0)
    assert "1 samples mended" in capsys.readouterr().out
    assert Disposal.objects.count() == 1


@pytest.mark.django_db
def test_a_duty_alone_is_mended_too():
    case = lead()
    Disposal.objects.filter(case=case).delete()
    assert services.open_missing(at=NOON) == 1
    assert Disposal.objects.get().case == case


@pytest.mark.django_db
def test_one_that_cannot_be_mended_holds_nobody_back(monkeypatch):
    bad, good = failed_sample(), failed_sample()
    real = leads.follow_sample

    def follow(*, sample_id, at):
        if sample_id == bad.pk:
            raise ValueError
        return real(sample_id=sample_id, at=at)

    monkeypatch.setattr(leads, "follow_sample", follow)
    assert services.open_missing(at=NOON) == 1
    assert Case.objects.get().sample_id == good.pk


@pytest.mark.django_db
def test_a_withdrawn_report_stops_case_and_duty():
    agency = Agency()
    case = driven("answered", agency)
    withdrawn(case.sample)
    for service, given, who in [
        (services.decide_case, {"decision_number": "x"}, agency.head),
        (services.suspect_crime, {**agency.pair, "grounds": "x"}, agency.first),
    ]:
        with pytest.raises(NotLawful, match="检测报告已撤回"):
            service(number=case.number, **given, by=who, at=NOON + 2 * DAY)
    duty = Disposal.objects.get()
    with pytest.raises(MoveNotAllowed, match="报告已撤回"):
        services.establish_weight(number=duty.number, involved=5, basis="x", by=agency.first, at=NOON + DAY)
    with pytest.raises(NotLawful, match="没有被推翻"):
        services.dismiss_case(number=case.number, reason="x", by=agency.head, at=NOON + DAY)


@pytest.mark.django_db
def test_a_new_report_that_passes_refutes_it():
    agency = Agency()
    case = driven("reviewed", agency, lead(banned=True))
    withdrawn(case.sample)
    judged_again(case.sample, Verdict.PASS)
    case.refresh_from_db()
    duty, transfer = Disposal.objects.get(), Transfer.objects.get()
    assert (case.refuted_at, duty.state, transfer.state) == (NOON + 2 * DAY, "lifted", "lifted")
    assert services.open_missing(at=NOON + 3 * DAY) == 0
    with pytest.raises(MoveNotAllowed, match="已解除"):
        services.establish_weight(number=duty.number, involved=5, basis="x", by=agency.first, at=NOON + 3 * DAY)
    closed = services.dismiss_case(number=case.number, reason="新报告合格", by=agency.head, at=NOON + 3 * DAY)
    assert (closed.state, closed.due_at) == ("closed", None)


@pytest.mark.django_db
def test_a_new_report_that_fails_lets_it_go_on():
    agency = Agency()
    case = driven("reviewed", agency)
    withdrawn(case.sample)
    judged_again(case.sample, Verdict.FAIL, finding="毒死蜱 0.3 mg/kg", banned=True)
    case.refresh_from_db()
    assert (case.withdrawn_at, case.report, case.state) == (None, "BG-2026-000099", "reviewed")
    assert (Disposal.objects.get().withdrawn_at, Transfer.objects.get().state) == (None, "suspected")


@pytest.mark.django_db
@pytest.mark.parametrize(("to", "paid"), [("decided", ""), ("executed", "，退还已缴 50300 元")])
def test_a_decision_on_a_result_that_did_not_stand_is_taken_back(to, paid):
    """Else nobody could end such a case: the decision is not carried out, and an open penalty is not closed."""
    agency = Agency()
    case = driven(to, agency)
    Case.objects.filter(pk=case.pk).update(withdrawn_at=NOON + DAY)
    with pytest.raises(NotLawful, match="没有被推翻"):
        services.dismiss_case(number=case.number, reason="x", by=agency.head, at=NOON + DAY)
    Case.objects.filter(pk=case.pk).update(refuted_at=NOON + DAY)
    with pytest.raises(PermissionDenied):
        services.dismiss_case(number=case.number, reason="新报告合格", by=agency.first, at=NOON + DAY)
    done = services.dismiss_case(number=case.number, reason="新报告合格", by=agency.head, at=NOON + 2 * DAY)
    done.refresh_from_db()
    assert (done.state, done.outcome, done.fine, done.paid, done.due_at) == ("closed", "", 0, 0, None)
    assert timeline(done)[0].note == f"新报告合格。撤销决定 袁农罚〔2026〕1号{paid}"


def test_a_dismissed_case_comes_back_when_the_passing_report_falls_too():
    agency, case = Agency(), lead(banned=True)
    withdrawn(case.sample)
    judged_again(case.sample, Verdict.PASS)
    services.dismiss_case(number=case.number, reason="新报告合格", by=agency.head, at=NOON + 2 * DAY)
    withdrawn(case.sample)
    judged_again(case.sample, Verdict.FAIL, at=NOON + 4 * DAY, banned=True)
    case.refresh_from_db()
    assert (case.state, Disposal.objects.get().state, Transfer.objects.get().state) == ("lead", "open", "suspected")
    assert case.due_for in ("transfer", "file")


@pytest.mark.django_db
def test_missed_withdrawals_are_mended():
    case = lead()
    case.sample.state, case.sample.verdict, case.sample.report, case.sample.judged_at = SampleState.SENT, "", "", None
    case.sample.tested_banned = False
    case.sample.save()
    assert services.open_missing(at=NOON) == 1
    case.refresh_from_db()
    assert case.withdrawn_at == NOON


@pytest.mark.django_db
def test_undecided_stays_withdrawn():
    case = lead()
    withdrawn(case.sample)
    judged_again(case.sample, Verdict.UNJUDGED)
    case.refresh_from_db()
    assert (case.withdrawn_at is not None, case.refuted_at) == (True, None)


@pytest.mark.django_db
def test_what_is_with_the_police_stays_with_the_police():
    case = transferred("received")
    withdrawn(case.sample)
    judged_again(case.sample, Verdict.PASS, at=NOON + 2 * DAY + HOUR)
    assert Transfer.objects.get().state == "received"
