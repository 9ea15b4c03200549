"""The queue at the desk: which list is shown, one request beside it, and what is said of the person."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Letter, Rsvp
from rsvp.services import questions, resending, rsvps
from tests import factories
from tests.factories import Moment
from tests.views import pages


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    with site.app_context():
        factories.event(capacity=20)
        factories.event("sovereignty")
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def pending(site: Flask, *slugs: str, **facts: str) -> tuple[str, int]:
    """Let somebody ask; return the request's public id and version."""
    with site.app_context():
        rsvp = factories.pending(*slugs, **facts)
        return rsvp.public_id, rsvp.version


def act(desk: FlaskClient, address: str, **form: object) -> TestResponse:
    token = pages.csrf_token(desk.get("/desk/").text)
    return desk.post(address, data={"csrf_token": token, **form})


def stored(public_id: str) -> Rsvp:
    return db.session.query(Rsvp).filter_by(public_id=public_id).one()


def test_a_tab_for_each_state_tells_how_many_stand_in_it(desk: FlaskClient, site: Flask) -> None:
    for _ in range(2):
        pending(site)
    with site.app_context():
        factories.approved(name="Chan Rath")
    tabs = pages.check(desk.get("/desk/")).find(f".//{pages.XHTML}nav[@class='tabs']")
    assert tabs is not None
    assert [" ".join("".join(link.itertext()).split()) for link in tabs.iter(f"{pages.XHTML}a")] == [
        "waiting for a decision 2",
        "on the waiting list 0",
        "approved 1",
        "declined 0",
        "all 3",
    ]
    assert "Chan Rath" in desk.get("/desk/?state=all").text
    assert "Chan Rath" not in desk.get("/desk/").text


def test_the_list_is_narrowed_to_one_event_whose_places_stand_beside_it(desk: FlaskClient, site: Flask) -> None:
    pending(site, name="Here")
    pending(site, "sovereignty", name="Elsewhere")
    with site.app_context():
        factories.approved()
    page = desk.get("/desk/?event=democracy").text
    assert "Here" in page
    assert "Elsewhere" not in page
    assert "1 of 20" in page
    assert desk.get("/desk/?event=nothing").status_code == 404


def test_the_newest_comes_first_when_asked_for(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.pending(name="First", at=factories.NOW - timedelta(hours=1))
        factories.pending(name="Second")
    page = desk.get("/desk/").text
    assert page.index("First") < page.index("Second")
    page = desk.get("/desk/?order=newest").text
    assert page.index(">Second<") < page.index(">First<")


def test_a_search_finds_people_and_its_words_stand_in_no_address_and_in_no_readable_cookie(
    desk: FlaskClient, site: Flask
) -> None:
    found, _ = pending(site, name="Keo Sophea", email="sophea@kanari.example")
    pending(site, name="Chan Rath")
    answer = act(desk, "/desk/searches", words="kanari.example")
    assert (answer.status_code, answer.location) == (303, "/desk/?search=on")
    cookie = desk.get_cookie(site.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    page = desk.get(answer.location).text
    assert "Keo Sophea" in page
    assert "Chan Rath" not in page
    assert not [address for address in addresses(page) if "kanari" in address.partition("mailto:")[0]]
    assert "kanari" not in str(site.session_interface.get_signing_serializer(site).loads(cookie.value))
    beside = desk.get(f"/desk/rsvps/{found}?search=on").text
    assert "Chan Rath" not in beside
    assert "Chan Rath" in desk.get("/desk/").text


def addresses(page: str) -> list[str]:
    """Return every address that a page leads to."""
    tree = pages.html5lib.parse(page, namespaceHTMLElements=False)
    return [
        each.get("href") or each.get("action") or "" for each in tree.iter() if each.get("href") or each.get("action")
    ]


def test_an_empty_search_shows_everybody_again(desk: FlaskClient, site: Flask) -> None:
    act(desk, "/desk/searches", words="nobody")
    assert act(desk, "/desk/searches?state=approved&search=on", words=" ").location == "/desk/?state=approved"


def test_beside_the_list_stands_everything_that_helps_to_decide(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.approved(name="Vanna")
        rsvp = factories.pending(
            "democracy",
            "sovereignty",
            message="Please let me in.",
            country="Cambodia",
            referrer="Vanna",
            email="x@mailinator.com",
        )
        with transaction():
            asked = questions.ask(factories.decision(rsvp), "Who are you?")
            rsvps.annotate(rsvp.public_id, "Ask Vanna first.", by=factories.COORDINATOR, at=factories.NOW)
        with transaction():
            questions.answer(rsvp.participant_id, asked.public_id, "A teacher.", at=factories.NOW)
        public_id = rsvp.public_id
    answer = desk.get(f"/desk/rsvps/{public_id}")
    pages.check(answer)
    for words in (
        "Please let me in.",
        "Cambodia",
        "3:00 AM",
        "1 of 20",
        "Who are you?",
        "A teacher.",
        "Ask Vanna first.",
        "an address at this provider for an hour",
        "The person whom they name has a place:",
        "question asked",
        "Their other requests",
        "All 2 that wait",
    ):
        assert words in answer.text, words


def test_a_request_that_is_not_proven_is_nobodys_to_look_at(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        public_id = factories.rsvp_of(factories.ask()).public_id
    assert desk.get(f"/desk/rsvps/{public_id}").status_code == 404
    assert desk.get("/desk/rsvps/nothing").status_code == 404


def test_the_menu_says_that_the_coordinator_is_in_the_queue_while_a_request_is_open(
    desk: FlaskClient, site: Flask
) -> None:
    public_id, _version = pending(site)

    def marked(address: str) -> list[tuple[str, str]]:
        menu = pages.check(desk.get(address)).find(f".//{pages.XHTML}nav[@class='top-nav']")
        assert menu is not None
        links = menu.iter(f"{pages.XHTML}a")
        return [(link.text or "", link.get("aria-current", "")) for link in links if link.get("aria-current")]

    assert marked("/desk/") == [("Queue", "page")]
    assert marked(f"/desk/rsvps/{public_id}") == [("Queue", "true")]
    assert marked("/desk/events/new") == [("Events", "true")]


def test_a_letter_written_anew_stands_in_words_in_the_persons_history(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        public_id = factories.approved().public_id
        with transaction():
            resending.resend(factories.letters("invitation")[-1], by=factories.COORDINATOR, at=factories.NOW)
    page = desk.get(f"/desk/rsvps/{public_id}").text
    assert "letter written anew (invitation)" in page
    assert "resending invitation" not in page


def test_no_name_stands_in_a_title_which_the_browsers_history_keeps(desk: FlaskClient, site: Flask) -> None:
    public_id, _ = pending(site, name="Keo Sophea")
    title = pages.check(desk.get(f"/desk/rsvps/{public_id}")).findtext(f".//{pages.XHTML}title")
    assert title == "One request · Desk"


def test_after_a_decision_the_next_request_of_the_same_list_is_open(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        first = factories.pending(name="First", at=factories.NOW - timedelta(hours=3)).public_id
        factories.pending("sovereignty", name="Elsewhere", at=factories.NOW - timedelta(hours=2))
        second = factories.pending(name="Second", at=factories.NOW - timedelta(hours=1)).public_id
        version = stored(first).version
    answer = act(desk, f"/desk/rsvps/{first}/approval?event=democracy", version=version)
    assert (answer.status_code, answer.location) == (303, f"/desk/rsvps/{second}?event=democracy")
    page = desk.get(answer.location).text
    assert page.index("Approved.") < page.index("First") < page.index("Second")


def test_after_the_last_decision_the_empty_list_is_shown(desk: FlaskClient, site: Flask) -> None:
    public_id, version = pending(site)
    answer = act(desk, f"/desk/rsvps/{public_id}/waitlisting", version=version)
    assert answer.location == "/desk/"
    assert "No request stands here now." in desk.get("/desk/").text


def test_a_question_goes_out_and_the_request_stays_open_before_the_coordinator(desk: FlaskClient, site: Flask) -> None:
    public_id, version = pending(site)
    answer = act(desk, f"/desk/rsvps/{public_id}/question", version=version, question="Who are you?")
    assert answer.location == f"/desk/rsvps/{public_id}"
    with site.app_context():
        assert stored(public_id).state == "pending"
        assert "Who are you?" in db.session.query(Letter).filter_by(kind="question").one().content
    page = desk.get(answer.location)
    pages.check(page)
    assert "No answer yet." in page.text
    assert page.text.count("The letter waits for ten seconds.") == 1
    answer = act(desk, f"/desk/rsvps/{public_id}/undoing", version=version)
    assert answer.location == f"/desk/rsvps/{public_id}"
    assert "Taken back. Nobody was written to." in desk.get(answer.location).text
    assert "Who are you?" not in desk.get(answer.location).text
    assert "question taken back" in desk.get(answer.location).text


@pytest.mark.parametrize("words", ["", "Who \u202eare you?"])
def test_a_question_that_cannot_be_sent_is_asked_for_again(desk: FlaskClient, site: Flask, words: str) -> None:
    public_id, version = pending(site)
    answer = act(desk, f"/desk/rsvps/{public_id}/question?order=newest", version=version, question=words)
    assert answer.status_code == 422
    pages.check(answer)
    assert f"/desk/rsvps/{public_id}/question?order=newest" in answer.text


def test_a_note_stays_at_the_desk(desk: FlaskClient, site: Flask) -> None:
    public_id, version = pending(site)
    act(desk, f"/desk/rsvps/{public_id}/note", note="Ask Vanna first.")
    assert "Ask Vanna first." in desk.get(f"/desk/rsvps/{public_id}").text
    act(desk, f"/desk/rsvps/{public_id}/decline", version=version, reason="Only members this time.")
    with site.app_context():
        letter = db.session.query(Letter).filter_by(kind="decline").one()
        assert "Only members this time." in letter.content
        assert "Vanna" not in letter.content
    assert act(desk, "/desk/rsvps/nothing/note", note="x").status_code == 404


def test_approving_beyond_the_last_place_offers_the_waiting_list(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event("small", capacity=1)
        factories.approved("small")
    public_id, version = pending(site, "small")
    answer = act(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    assert answer.status_code == 409
    pages.check(answer)
    assert "1 given, of 1" in answer.text
    assert f"/desk/rsvps/{public_id}/waitlisting" in answer.text
    act(desk, f"/desk/rsvps/{public_id}/waitlisting", version=version)
    with site.app_context():
        assert stored(public_id).state == "waitlisted"


def test_when_a_place_frees_the_desk_names_who_is_next_and_waits_for_a_click(
    desk: FlaskClient, site: Flask, clock: Moment
) -> None:
    with site.app_context():
        factories.event("small", capacity=1)
        holder = factories.approved("small")
        waiting = factories.pending("small", name="Keo Sophea")
        with transaction():
            rsvps.waitlist(factories.decision(waiting))
        assert "1 place is free" not in desk.get("/desk/").text
        with transaction():
            rsvps.withdraw(holder.participant_id, "small", at=clock.now())
        public_id, version = waiting.public_id, waiting.version
    page = desk.get("/desk/").text
    assert "1 place is free" in page
    assert "Keo Sophea" in page
    with site.app_context():
        assert stored(public_id).state == "waitlisted"
    act(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    with site.app_context():
        assert stored(public_id).state == "approved"
