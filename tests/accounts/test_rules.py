import pytest

from nongan.accounts.rules import CHAPTERS, ROLES, OwnAccount, Permission, Role, check_not_self, may


def test_every_role_stands_in_the_table():
    assert set(ROLES) == set(Role)


def test_every_permission_has_one_name_and_one_chapter():
    named = [permission for _chapter, names in CHAPTERS for permission in names]
    assert sorted(named) == sorted(Permission)
    assert all(str(name) for _chapter, names in CHAPTERS for name in names.values())


def test_an_unknown_role_may_nothing():
    assert not any(may("nobody", permission) for permission in Permission)


def test_who_judges_does_not_enter_and_who_enters_does_not_sign():
    assert not may(Role.ANALYST, Permission.RESULT_VERIFY)
    assert not may(Role.SIGNATORY, Permission.RESULT_ENTER)
    assert not any(may(role, Permission.SAMPLE_VIEW) for role in (Role.ANALYST, Role.VERIFIER, Role.SIGNATORY))


def test_nobody_takes_away_the_own_keys():
    check_not_self("a", "b")
    with pytest.raises(OwnAccount):
        check_not_self("a", "a")
