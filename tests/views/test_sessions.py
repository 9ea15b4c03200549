"""How long a coordinator's session lasts, what ends it, and what never begins one."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import encode_cookie

from rsvp import create_app
from rsvp.db import db, transaction
from rsvp.models import Coordinator
from rsvp.services import coordinators
from tests import factories
from tests.databases import Databases, release
from tests.views import pages


@pytest.fixture
def desk_site(site: Flask) -> Flask:
    """The application with a coordinator."""
    pages.build_desk(site)
    return site


@pytest.fixture
def desk(desk_site: Flask) -> FlaskClient:
    return pages.sign_in(desk_site.test_client())


def sign_out(desk: FlaskClient) -> None:
    token = pages.csrf_token(desk.get("/desk/").text)
    assert desk.post("/desk/session/end", data={"csrf_token": token}).status_code == 302


def sign_in_form(client: FlaskClient, **changes: str) -> dict[str, str]:
    token = pages.csrf_token(client.get("/desk/session").text)
    return {"email": pages.EMAIL, "password": pages.PASSWORD, "csrf_token": token, **changes}


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/desk/").status_code == 200


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("desk")
    assert cookie is not None
    return cookie.value


def remember_cookie(site: Flask) -> str:
    with site.app_context():
        return encode_cookie(db.session.query(Coordinator).one().fs_uniquifier)


def test_a_session_lasts_while_the_coordinator_works_and_ends_when_idle(desk_site: Flask) -> None:
    assert desk_site.permanent_session_lifetime == timedelta(minutes=30)
    desk_site.permanent_session_lifetime = timedelta(seconds=2)
    desk = pages.sign_in(desk_site.test_client())
    for _ in range(4):
        time.sleep(1)
        assert is_signed_in(desk)
    time.sleep(3.1)
    assert not is_signed_in(desk)


def test_looking_at_other_pages_is_no_work_at_the_desk(desk_site: Flask) -> None:
    desk = pages.sign_in(desk_site.test_client())
    assert "Set-Cookie" in desk.get("/desk/").headers
    assert "Set-Cookie" not in desk.get("/en/").headers


def test_the_desks_cookie_is_strict_and_ends_with_the_browser(desk: FlaskClient) -> None:
    cookie = desk.get_cookie("desk")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.expires) == (True, "Strict", "/", None)


def test_over_https_the_desks_cookie_belongs_to_this_host_alone(databases: Databases, tmp_path: Path) -> None:
    settings = factories.settings(tmp_path, DATABASE_URL=databases.sqlite(tmp_path), BASE_URL="https://localhost")
    app = create_app(settings, factories.Moment())
    answer = app.test_client().get("/desk/session", base_url="https://localhost")
    name, *flags = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-desk=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]
    with app.app_context():
        release(app)


def test_signing_out_ends_the_session(desk: FlaskClient) -> None:
    sign_out(desk)
    assert desk.get("/desk/").location == "/desk/session"


def test_a_cookie_copied_before_signing_out_opens_nothing_afterwards(desk_site: Flask, desk: FlaskClient) -> None:
    thief = desk_site.test_client()
    thief.set_cookie("desk", cookie_of(desk))
    assert is_signed_in(thief)
    sign_out(desk)
    assert not is_signed_in(thief)


def test_signing_out_leaves_other_coordinators_at_the_desk(desk_site: Flask, desk: FlaskClient) -> None:
    with desk_site.app_context(), transaction():
        coordinators.add("other@example.org", password=pages.PASSWORD, at=factories.NOW)
    other = desk_site.test_client()
    other.post("/desk/session", data=sign_in_form(other, email="other@example.org"))
    sign_out(desk)
    assert is_signed_in(other)


def test_a_new_password_ends_every_session(desk_site: Flask, desk: FlaskClient) -> None:
    result = desk_site.test_cli_runner().invoke(args=["coordinators", "add", pages.EMAIL])
    assert result.exit_code == 0
    assert desk.get("/desk/").location == "/desk/session"


def test_a_cookie_planted_before_signing_in_gives_its_planter_nothing(desk_site: Flask) -> None:
    attacker, victim = desk_site.test_client(), desk_site.test_client()
    form = sign_in_form(attacker)
    planted = cookie_of(attacker)
    victim.set_cookie("desk", planted)
    assert victim.post("/desk/session", data=form).status_code == 302
    assert cookie_of(victim) != planted
    assert is_signed_in(victim)
    assert not is_signed_in(attacker)
    assert victim.post("/desk/language", data={"csrf_token": form["csrf_token"], "language": "km"}).status_code == 400


def test_the_desk_remembers_nobody(desk_site: Flask) -> None:
    client = desk_site.test_client()
    answer = client.post("/desk/session", data=sign_in_form(client, remember="y"))
    assert answer.status_code == 302
    assert [header.split("=")[0] for header in answer.headers.getlist("Set-Cookie")] == ["desk"]
    assert client.get_cookie("remember_token") is None


def test_a_remember_cookie_signs_nobody_in(desk_site: Flask) -> None:
    client = desk_site.test_client()
    client.set_cookie("remember_token", remember_cookie(desk_site))
    for _ in range(2):
        assert not is_signed_in(client)
    assert is_signed_in(pages.sign_in(client))


def test_a_remember_cookie_revives_no_session_that_has_ended(desk_site: Flask, desk: FlaskClient) -> None:
    ended = desk_site.test_client()
    ended.set_cookie("desk", cookie_of(desk))
    sign_out(desk)
    ended.set_cookie("remember_token", remember_cookie(desk_site))
    for _ in range(2):
        assert not is_signed_in(ended)


def test_a_token_in_place_of_a_session_signs_nobody_in(desk_site: Flask) -> None:
    with desk_site.app_context():
        token = db.session.query(Coordinator).one().get_auth_token()
    client = desk_site.test_client()
    assert client.get("/desk/", headers={"Authentication-Token": token}).status_code == 302
    assert client.get("/desk/", query_string={"auth_token": token}).status_code == 302
    assert client.get("/desk/", json={"auth_token": token}).status_code == 302
