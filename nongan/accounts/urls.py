from django.contrib.auth.views import LogoutView
from django.urls import path

from nongan.accounts.pages import entry, me, organisations, people

app_name = "accounts"
urlpatterns = [
    path("login/", entry.login, name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", entry.password, name="password"),
    path("second-factor/", entry.second_factor, name="second-factor"),
    path("me/", me.me, name="me"),
    path("me/tokens/", me.issue_token, name="issue-token"),
    path("me/tokens/<int:token_id>/revoke/", me.revoke_token, name="revoke-token"),
    path("me/totp/", entry.totp, name="totp"),
    path("me/totp/begin/", entry.begin_totp, name="begin-totp"),
    path("me/totp/drop/", entry.drop_totp, name="drop-totp"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/options/", organisations.organisation_options, name="organisation-options"),
    path("organisations/new/", organisations.new_organisation, name="new-organisation"),
    path("organisations/<int:organisation_id>/", organisations.organisation, name="organisation"),
    path("organisations/<int:organisation_id>/change/", organisations.change_organisation, name="change-organisation"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/change/", people.change_person, name="change-person"),
    path("people/<int:person_id>/reset-password/", people.reset_password, name="reset-password"),
    path("people/<int:person_id>/reset-second-factor/", people.reset_second_factor, name="reset-second-factor"),
    path("roles/", people.roles, name="roles"),
]
