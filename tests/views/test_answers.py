"""A question of the coordinator's, answered on the guest's own page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.models.question import Question
from rsvp.services import questions, rsvps
from tests import factories
from tests.views import pages

WORDS = {"en": "Who in the community knows you?", "km": "តើនរណានៅក្នុងសហគមន៍ស្គាល់អ្នក?"}
SAID = {"en": ("Send my answer", "You answered:"), "km": ("ផ្ញើចម្លើយរបស់ខ្ញុំ", "អ្នកបានឆ្លើយថា៖")}
Asked = tuple[str, str]


@pytest.fixture
def asked(site: Flask) -> Asked:
    """The address of a guest's page without its language, and the id of what they are asked."""
    with site.app_context():
        factories.event()
        person = factories.ask()
        token = factories.prove(person)
        with transaction():
            question = questions.ask(factories.decision(factories.rsvp_of(person)), WORDS["en"]).public_id
        return f"/places/{token}", question


def answer_of(site: Flask) -> str | None:
    with site.app_context():
        found: str | None = db.session.query(Question).one().answer
        return found


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_guest_answers_on_their_page_which_then_says_so(
    client: FlaskClient, site: Flask, asked: Asked, language: str
) -> None:
    before, after = SAID[language]
    path, question = f"/{language}{asked[0]}", asked[1]
    page = client.get(path)
    pages.check(page)
    assert WORDS["en"] in page.text
    assert before in page.text
    assert after not in page.text
    answer = client.post(f"{path}/answers", data={"question": question, "answer": "My aunt in Long Beach."})
    assert (answer.status_code, answer.location) == (303, f"{path}?done=answered")
    page = client.get(path)
    pages.check(page)
    assert after in page.text
    assert "My aunt in Long Beach." in page.text
    assert before not in page.text
    assert answer_of(site) == "My aunt in Long Beach."


@pytest.mark.parametrize("words", ["", " \u200b ", "My \u202eaunt", "x" * 3001])
def test_an_answer_that_cannot_be_taken_comes_back_with_what_is_wrong(
    client: FlaskClient, site: Flask, asked: Asked, words: str
) -> None:
    answer = client.post(f"/en{asked[0]}/answers", data={"question": asked[1], "answer": words})
    assert answer.status_code == 422
    pages.check(answer)
    assert 'aria-invalid="true"' in answer.text
    assert answer_of(site) is None


def test_an_answer_is_given_once_and_to_ones_own_question_only(client: FlaskClient, site: Flask, asked: Asked) -> None:
    address = f"/en{asked[0]}/answers"
    assert client.post(address, data={"question": asked[1], "answer": "One."}).status_code == 303
    again = client.post(address, data={"question": asked[1], "answer": "Two."})
    assert again.status_code == 409
    pages.check(again)
    with site.app_context():
        other = factories.prove(factories.ask())
    assert client.post(f"/en/places/{other}/answers", data={"question": asked[1], "answer": "Me!"}).status_code == 409
    assert client.post("/en/places/nobody/answers", data={"question": asked[1], "answer": "Me!"}).status_code == 404
    assert answer_of(site) == "One."


def test_an_answer_that_comes_after_the_decision_is_told_so(client: FlaskClient, site: Flask, asked: Asked) -> None:
    with site.app_context(), transaction():
        rsvps.decline(factories.decision(db.session.query(Rsvp).one()))
    answer = client.post(f"/en{asked[0]}/answers", data={"question": asked[1], "answer": "My aunt."})
    assert answer.status_code == 409
    assert "has decided meanwhile" in answer.text
    assert answer_of(site) is None
