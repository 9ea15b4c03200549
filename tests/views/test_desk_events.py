"""Changing events at the desk."""

import html
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db
from rsvp.models import Event, Letter
from rsvp.services import outbox
from rsvp.views.desk.notices import UNDO
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer
from tests.views import pages


@pytest.fixture
def desk(site: Flask, clock: Moment) -> FlaskClient:
    pages.build(site)
    with site.app_context():
        outbox.deliver(clock.now)
    return pages.sign_in(site.test_client())


def filled(desk: FlaskClient, slug: str = "democracy", **changes: str) -> dict[str, str]:
    """Return the event form as the page shows it, with changes."""
    return pages.fields(desk.get(f"/desk/events/{slug}"), "/changes") | changes


def change(desk: FlaskClient, slug: str = "democracy", **changes: str) -> TestResponse:
    return desk.post(f"/desk/events/{slug}/changes", data=filled(desk, slug, **changes))


def event(site: Flask, slug: str = "democracy") -> Event:
    with site.app_context():
        return db.session.query(Event).filter_by(slug=slug).one()


def kinds(site: Flask) -> list[str]:
    with site.app_context():
        return [letter.kind for letter in db.session.query(Letter).order_by(Letter.id)]


def test_an_event_elsewhere_is_spoken_of_in_the_hours_of_its_own_city(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        at = datetime(2025, 7, 12, 22, 30, tzinfo=UTC)  # Sunday in Paris, Saturday in Washington
        factories.event("paris", zone="Europe/Paris", starts_at=at)
        factories.pending("paris", email="elsewhere@example.org", zone="America/New_York")
    for address in ("paris", "paris/hours?week=2025-07-07&day=2025-07-13&hour=0", "paris/copies"):
        page = desk.get(f"/desk/events/{address}")
        pages.check(page)
        assert ("in Washington" in page.text, "in Paris" in page.text) == (False, True), address
        rows = [" ".join(row.itertext()) for row in pages.check(page).iter(f"{pages.XHTML}tr")]
        assert ["the day before" in row for row in rows if "Washington" in row] in ([True], []), address
    form = desk.get("/desk/events/paris")
    assert "Day in Paris" in form.text
    assert pages.fields(form, "/changes")["hour"] == "00:30"


def test_a_move_says_first_how_many_letters_it_sends_and_then_sends_them(desk: FlaskClient, site: Flask) -> None:
    before = kinds(site)
    review = change(desk, day="2025-07-19")
    pages.check(review)
    assert "This change sends 1 letter." in review.text
    assert "Saturday, 12 July 2025, 4:00 PM EDT" in review.text
    assert "Saturday, 19 July 2025, 4:00 PM EDT" in review.text
    assert event(site).starts_at == factories.FIRST
    assert kinds(site) == before
    again = filled(desk, day="2025-07-19", confirmed="1", note_en="The room was taken.", note_km="")
    answer = desk.post("/desk/events/democracy/changes", data=again)
    assert answer.status_code == 303
    assert "1 letter is on its way" in desk.get(answer.location).text
    assert event(site).starts_at.isoformat() == "2025-07-19T20:00:00+00:00"
    assert kinds(site) == [*before, "update"]


def test_the_review_carries_everything_that_was_typed(desk: FlaskClient, site: Flask) -> None:
    review = change(desk, hour="18:30", title_km="ចំណងជើង & ថ្មី").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', review))
    fields |= {"note_en": "", "note_km": ""}
    fields["title_km"] = fields["title_km"].replace("&amp;", "&")
    assert desk.post("/desk/events/democracy/changes", data=fields).status_code == 303
    assert event(site).title["km"] == "ចំណងជើង & ថ្មី"
    assert event(site).starts_at.isoformat() == "2025-07-12T22:30:00+00:00"


def test_a_change_that_matters_to_nobody_is_saved_at_once(desk: FlaskClient, site: Flask) -> None:
    before = kinds(site)
    answer = change(desk, capacity="25", summary_en="Other words.")
    assert answer.status_code == 303
    assert "Nobody needed a letter" in desk.get(answer.location).text
    assert (event(site).capacity, kinds(site)) == (25, before)


@pytest.mark.parametrize(("empty", "filled"), [("day", "hour"), ("hour", "day")])
def test_of_day_and_hour_the_one_is_marked_that_is_empty(desk: FlaskClient, empty: str, filled: str) -> None:
    page = change(desk, **{empty: ""}).text
    assert f'id="{empty}-error"' in page
    assert f'href="#{empty}"' in page
    assert f'id="{filled}-error"' not in page


def test_setting_the_hour_of_the_officials_session_needs_day_and_hour(desk: FlaskClient, site: Flask) -> None:
    answer = change(desk, "officials", day="2025-09-06")
    assert answer.status_code == 422
    pages.check(answer)
    assert "both the day and the hour" in answer.text
    assert change(desk, "officials", day="2025-09-06", hour="10:00").status_code == 303
    assert event(site, "officials").starts_at.isoformat() == "2025-09-06T14:00:00+00:00"


@pytest.mark.parametrize(
    ("day", "hour", "reason"),
    [
        ("2026-03-08", "02:30", "On Sunday, 8 March 2026 clocks in Washington are set forward and jump over 2:30 AM"),
        ("2026-11-01", "01:30", "On Sunday, 1 November 2026 clocks in Washington are set back and show 1:30 AM twice"),
    ],
    ids=["skipped", "repeated"],
)
def test_an_hour_that_a_clock_change_skips_or_repeats_is_refused_with_the_reason(
    desk: FlaskClient, site: Flask, day: str, hour: str, reason: str
) -> None:
    answer = change(desk, day=day, hour=hour)
    assert answer.status_code == 422
    assert reason in html.unescape(answer.text)
    assert event(site).starts_at == factories.FIRST


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title_en", ""),
        ("title_km", "x" * 300),
        ("minutes", "0"),
        ("minutes", "many"),
        ("minutes", "9" * 5000),
        ("capacity", "-1"),
        ("day", "soon"),
        ("hour", "25:00"),
        ("reminders", "soon"),
        ("reminders", "1 2 3 4 5 6"),
        ("reminders", "9" * 70),
        ("recording_url", "ftp://x"),
        ("summary_en", "\u202eevil"),
        ("note_en", "x" * 2000),
    ],
    ids=lambda value: "" if len(value) > 12 else None,
)
def test_what_cannot_be_used_is_refused_and_everything_typed_stays(
    desk: FlaskClient, site: Flask, field: str, value: str
) -> None:
    answer = change(desk, **{"title_en": "A title just typed", field: value})
    assert answer.status_code == 422
    pages.check(answer)
    assert field == "title_en" or "A title just typed" in answer.text
    assert event(site).title["en"] == "Democracy and the Political Process"


def test_two_coordinators_changing_one_event_do_not_overwrite_each_other(
    desk: FlaskClient, site: Flask, clock: Moment
) -> None:
    mine = filled(desk, capacity="10")
    clock.pass_by(minutes=1)
    assert change(desk, capacity="20").status_code == 303
    assert desk.post("/desk/events/democracy/changes", data=mine).status_code == 409
    assert event(site).capacity == 20


def test_cancelling_and_restoring_an_event(desk: FlaskClient, site: Flask, clock: Moment) -> None:
    token = pages.csrf_token(desk.get("/desk/events/democracy").text)
    note = {"csrf_token": token, "note_en": "We are sorry.", "note_km": "យើងសុំទោស។"}
    assert desk.post("/desk/events/democracy/cancellation", data=note).status_code == 303
    assert event(site).is_cancelled
    assert kinds(site)[-1] == "cancellation"
    with site.app_context():
        outbox.deliver(clock.now)
    assert "events=democracy" not in site.test_client().get("/en/").text
    page = desk.get("/desk/events/democracy")
    pages.check(page)
    assert desk.post("/desk/events/democracy/restoration", data=note).status_code == 303
    assert not event(site).is_cancelled
    assert kinds(site)[-1] == "update"


def test_who_lacks_the_invitation_stands_on_top_of_the_event_until_it_is_sent_again(
    desk: FlaskClient, site: Flask, mail_server: MailServer, clock: Moment
) -> None:
    with site.app_context():
        rsvp = factories.pending(email="lost@example.org", name="Lost Guest")
        outbox.deliver(clock.now)
        public_id, version = rsvp.public_id, rsvp.version
    mail_server.refuse("lost@example.org", "550 5.1.1 No such user")
    token = pages.csrf_token(desk.get("/desk/").text)
    desk.post(f"/desk/rsvps/{public_id}/approval", data={"csrf_token": token, "version": version})
    clock.at += UNDO
    with site.app_context():
        outbox.deliver(clock.now)
    page = desk.get("/desk/events/democracy").text
    assert "1 approved person doesn't have the invitation:" in page
    assert "Lost Guest" in page
    mail_server.accept("lost@example.org")
    letters = desk.get("/desk/letters/").text
    address = re.search(r"/desk/letters/[\w-]+/resending", letters)
    assert address
    assert desk.post(address[0], data={"csrf_token": token}).status_code == 303
    with site.app_context():
        outbox.deliver(clock.now)
    assert "have the invitation:" not in desk.get("/desk/events/democracy").text
    assert mail_server.received[-1].recipient == "lost@example.org"


def test_a_long_list_has_pages(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        for _ in range(51):
            factories.pending()
    first, second = desk.get("/desk/").text, desk.get("/desk/?page=2").text
    pages.check(desk.get("/desk/?page=2"))
    assert "page=2" in first
    assert first.count('class="queue-link"') == 50
    assert second.count('class="queue-link"') >= 1
    assert desk.get("/desk/?page=999999").status_code == 200
    assert desk.get("/desk/?page=x").status_code == 200


def test_a_reason_that_cannot_be_sent_comes_back_with_the_words(desk: FlaskClient, site: Flask) -> None:
    page = desk.get("/desk/").text
    address = re.search(r"/desk/rsvps/[\w-]+", page)
    assert address
    data = {"csrf_token": pages.csrf_token(page), "version": "1", "reason": "Not \u202eyet"}
    answer = desk.post(f"{address[0]}/decline", data=data)
    assert answer.status_code == 422
    pages.check(answer)
    assert "Not yet" in answer.text


def test_another_way_in_is_counted_first_and_then_everybody_with_a_place_hears_of_it(
    desk: FlaskClient, site: Flask
) -> None:
    assert filled(desk)["link_mode"] == "direct"
    review = change(desk, link_mode="guarded")
    assert "This change sends 1 letter." in review.text
    assert "Earlier invitations hold the Zoom link" in review.text
    assert not event(site).is_guarded
    before = kinds(site)
    carried = pages.fields(review, "/changes")
    assert desk.post("/desk/events/democracy/changes", data=carried).status_code == 303
    assert (event(site).is_guarded, kinds(site)) == (True, [*before, "update"])
    assert filled(desk)["link_mode"] == "guarded"
    back = change(desk, link_mode="direct").text
    assert "Earlier invitations" not in back


def test_an_event_keeps_its_way_in_where_a_form_says_none_and_refuses_one_that_nobody_knows(
    desk: FlaskClient, site: Flask
) -> None:
    form = filled(desk, link_mode="guarded", confirmed="1")
    assert desk.post("/desk/events/democracy/changes", data=form).status_code == 303
    form = filled(desk, capacity="30")
    del form["link_mode"]
    assert desk.post("/desk/events/democracy/changes", data=form).status_code == 303
    assert event(site).is_guarded
    refused = change(desk, link_mode="secret")
    assert refused.status_code == 422
    pages.check(refused)
    assert "Please choose one from the list." in refused.text


def test_another_zoom_link_of_a_guarded_event_says_that_nobody_needs_a_letter(desk: FlaskClient, site: Flask) -> None:
    form = filled(desk, link_mode="guarded", confirmed="1")
    assert desk.post("/desk/events/democracy/changes", data=form).status_code == 303
    page = desk.get("/desk/events/democracy")
    assert "nobody needs a letter" in page.text
    before = kinds(site)
    answer = desk.post(
        "/desk/events/democracy/link", data=pages.fields(page, "/link") | {"link": "https://zoom.example/j/9"}
    )
    assert "Nobody needed a letter" in desk.get(answer.location).text
    assert kinds(site) == before
