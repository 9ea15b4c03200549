"""What search engines and chats are told of a page, and what they are not."""

import re
import struct
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from rsvp.views import previews
from tests import factories
from tests.views import pages
from tests.views.heads import Head

PICTURES = Path(previews.__file__).parents[1] / "static" / "previews"
FOUND = ("", "events/democracy", "events/officials", "events/preparatory", "rsvps/new")
LANGUAGES = ("en", "km")
SUMMARIES = {
    "en": "Political repression is getting worse and institutions have been taken apart. " * 4,
    "km": "ការគាបសង្កត់ផ្នែកនយោបាយកាន់តែធ្ងន់ធ្ងរ ហើយស្ថាប័នប្រជាធិបតេយ្យត្រូវបានបំផ្លាញ។ " * 6,
}


@pytest.fixture(autouse=True)
def programme(site: Flask) -> None:
    """A programme with an event of each kind."""
    with site.app_context():
        factories.event("officials", kind="officials", starts_at=None, title={"en": "Officials", "km": "មន្ត្រី"})
        preparation = {"title": {"en": "Preparation", "km": "រៀបចំ"}, "starts_at": factories.NOW.replace(month=3)}
        factories.event("preparatory", kind="preparatory", **preparation)
        factories.event()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_to_find_has_a_title_and_a_description_of_its_own(client: FlaskClient, language: str) -> None:
    heads = [Head(client, f"/{language}/{page}") for page in FOUND]
    assert all(head.is_findable for head in heads)
    assert len({head.title for head in heads}) == len(FOUND)
    descriptions = [head.metas["description"] for head in heads]
    assert len(set(descriptions)) == len(FOUND)
    assert all(descriptions)
    assert all(head.metas["og:description"] == head.metas["description"] for head in heads)
    assert all((head.title or "").startswith(head.metas["og:title"] or "-") for head in heads)


def test_no_description_is_the_same_in_both_languages(client: FlaskClient) -> None:
    for page in FOUND:
        english, khmer = (Head(client, f"/{language}/{page}").metas for language in LANGUAGES)
        assert english["description"] != khmer["description"], page
        assert english["og:image:alt"] != khmer["og:image:alt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_event_says_first_when_it_is_by_the_published_clock(client: FlaskClient, language: str) -> None:
    said = Head(client, f"/{language}/events/democracy?zone=Europe/Paris").metas["description"]
    day = {
        "en": "Saturday, 12 July 2025, 4:00 PM in Washington (EDT) · ",
        "km": "ថ្ងៃសៅរ៍ ទី១២ ខែកក្កដា ឆ្នាំ២០២៥ ម៉ោង ៤ ល្ងាច តាមម៉ោងនៅវ៉ាស៊ីនតោន (EDT) · ",
    }
    assert (said or "").startswith(day[language])
    unset = Head(client, f"/{language}/events/officials").metas["description"]
    assert (unset or "").startswith({"en": "Time to be announced", "km": "យើងនឹងប្រាប់ពេលវេលានៅពេលក្រោយ"}[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_description_ends_after_a_whole_word(site: Flask, client: FlaskClient, language: str) -> None:
    with site.app_context():
        factories.event("long", summary=SUMMARIES)
    said = Head(client, f"/{language}/events/long").metas["description"] or ""
    kept = said.removesuffix("…").partition(" · ")[2]
    assert said.endswith(("…", "។"))
    assert len(kept) > 30
    assert SUMMARIES[language][: len(kept) + 1].strip(" ,។") == kept.strip(" ,។")


@settings(derandomize=True, database=None, deadline=None)
@given(st.text(alphabet="កខ្ា ab.,\u200b", max_size=300), st.integers(min_value=1, max_value=200))
def test_a_brief_text_is_made_of_whole_words_in_their_order(words: str, letters: int) -> None:
    said, whole = previews.brief(words, letters), words.split()
    kept = said.removesuffix("…").split()
    assert [word.rstrip(",;:·—–-") for word in whole[: len(kept)]] == [word.rstrip(",;:·—–-") for word in kept]
    assert len(kept) >= min(1, len(whole))
    assert len(kept) == len(whole) or said.endswith(("…", "."))


def test_a_shared_page_shows_its_words_and_the_picture_of_its_language(client: FlaskClient) -> None:
    for page in FOUND:
        for language, other in (("en", "km"), ("km", "en")):
            assert_card(Head(client, f"/{language}/{page}"), page, language, other)


def assert_card(head: Head, page: str, language: str, other: str) -> None:
    said = {name: words for name, words in head.metas.items() if name and name.startswith(("og:", "twitter:"))}
    locales = {"en": "en_US", "km": "km_KH"}
    assert said.pop("og:title")
    assert said.pop("og:description")
    assert said.pop("og:image:alt")
    assert re.fullmatch(
        rf"http://localhost/static/previews/{language}\.[0-9a-f]{{12}}\.png", said.pop("og:image") or ""
    )
    assert said == {
        "og:type": "website",
        "og:site_name": {"en": "The organiser", "km": "អ្នករៀបចំ"}[language],
        "og:url": f"http://localhost/{language}/{page}",
        "og:locale": locales[language],
        "og:locale:alternate": locales[other],
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "twitter:card": "summary_large_image",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_one_address_in_each_language_whatever_was_chosen_on_it(client: FlaskClient, language: str) -> None:
    for page in FOUND:
        head = Head(client, f"/{language}/{page}?zone=Asia/Seoul&events=democracy&anything=else")
        addresses = {code: f"http://localhost/{code}/{page}" for code in LANGUAGES}
        assert head.is_findable
        assert head.canonical == [addresses[language]]
        assert head.alternates == addresses | {"x-default": addresses["en"]}
        for address in addresses.values():
            assert client.get(address).status_code == 200


def test_a_refusal_is_not_to_be_found(client: FlaskClient) -> None:
    for address in ("en/?zone=Nowhere", "km/events/democracy?zone=Nowhere", "en/events/none", "km/nothing", "nothing"):
        head = Head(client, f"/{address}")
        assert head.answer.status_code in (400, 404), address
        assert not head.is_findable, address
        assert head.canonical == [], address


def test_a_form_that_is_sent_back_is_not_to_be_found(client: FlaskClient) -> None:
    answer = client.post("/en/rsvps", data={"name": "Kanarinam"})
    metas = [meta.get("name") for meta in pages.check(answer).iter(f"{pages.XHTML}meta")]
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (422, "noindex, nofollow")
    assert "robots" in metas
    assert "description" not in metas


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_as_large_as_it_is_said_to_be_and_light(site: Flask, language: str) -> None:
    answer = pages.visit(site.test_client(), f"/static/previews/{language}.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == (PICTURES / f"{language}.png").read_bytes()
    assert answer.data.startswith(b"\x89PNG")
    assert struct.unpack(">II", answer.data[16:24]) == (1200, 630)
    assert len(answer.data) < 60_000
    assert "X-Robots-Tag" not in answer.headers
