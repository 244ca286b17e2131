"""What pages receive and send back."""

from io import BytesIO

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from nongan.common.http import asked, download, go, listed, page
from nongan.places.models import Division
from tests.accounts.factories import UserFactory

GALLERY = "ui/gallery.html"


def request(query=None, **headers):
    made = RequestFactory().get("/list/", query, headers=headers)
    made.htmx = HtmxDetails(made)
    return made


def test_a_value_of_the_address_bar():
    assert asked(request({"q": " 甲 "}), "q") == "甲"
    assert asked(request(), "q") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("size, rows", [("20", 10), ("abc", 10), ("²", 10), ("-5", 10), ("", 10)])
def test_the_page_that_is_asked_for(size, rows):
    found = listed(request({"size": size}), Division.objects.all(), order=("code",))
    assert len(found.rows) == rows


def test_the_reader_is_sent_on_whether_browser_or_htmx_asked():
    assert go(request(), "home")["Location"] == "/home/"
    assert go(request(**{"HX-Request": "true"}), "home")["HX-Redirect"] == "/home/"


@pytest.mark.parametrize("name", ["名录.xlsx", 'a"b\r\nX: y.xlsx', "plain.csv", "🌾.csv"])
def test_a_download_keeps_its_name_and_adds_no_header(name):
    answer = download(BytesIO(b"abc"), name, "text/csv")
    assert answer.content == b"abc"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "X" not in answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers, whole",
    [({}, True), ({"HX-Request": "true"}, False), ({"HX-Request": "true", "HX-Boosted": "true"}, True),
     ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True)],
)  # fmt: skip
def test_one_template_serves_the_page_and_its_part(client, headers, whole):
    client.force_login(UserFactory())
    answer = client.get("/registry/subjects/", headers=headers)
    assert (b"<html" in answer.content) == whole
    assert "HX-Request" in answer["Vary"]


@pytest.mark.django_db
def test_a_status_is_kept(rf):
    made = request()
    made.user = UserFactory()
    assert page(made, "ui/empty.html", {"text": "空"}, status=422).status_code == 422
