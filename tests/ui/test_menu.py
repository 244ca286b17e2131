import pytest
from django.urls import reverse

from config.menu import MENU
from nongan.accounts.rules import ROLES


def test_at_most_eight_groups():
    assert len(MENU) <= 8


@pytest.mark.parametrize("entry", [entry for group in MENU for entry in group.entries], ids=lambda entry: entry.name)
def test_every_entry_leads_somewhere_and_somebody_may(entry):
    assert reverse(entry.name, args=entry.args)
    assert entry.permission is None or any(entry.permission in may for may in ROLES.values())
