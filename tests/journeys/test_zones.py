"""The city whose hours a guest reads: chosen once, it goes along wherever they go."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rsvp.languages import LANGUAGES
from tests.demos import Demo

IN_PARIS = {"en": "10:00 PM", "km": "ម៉ោង ១០ យប់"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone in Phnom Penh."""
    phone = browser.new_context(viewport={"width": 360, "height": 640}, timezone_id="Asia/Phnom_Penh")
    yield phone.new_page()
    phone.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_chosen_on_the_schedule_is_the_city_in_the_request_form(demo: Demo, page: Page, language: str) -> None:
    page.goto(f"{demo.address}/{language}/")
    page.select_option("#zone", "Europe/Paris")
    expect(page.locator("main .hour").first).to_have_text(IN_PARIS[language])
    page.locator("main a[href*='events=democracy']").click()
    page.wait_for_url("**/rsvps/new?*")
    expect(page.locator("#zone")).to_have_value("Europe/Paris")
    expect(page.locator("input[value=democracy]")).to_be_checked()
    expect(page.locator("main .hour").first).to_have_text(IN_PARIS[language])


def test_a_chosen_city_goes_along_to_every_page_and_into_the_other_language(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.address}/en/")
    page.select_option("#zone", "Asia/Seoul")
    page.select_option("#zone", "Europe/Paris")
    page.locator("main h3 a").first.click()
    page.wait_for_url("**/en/events/democracy?zone=Europe**")
    expect(page.locator("#zone")).to_have_value("Europe/Paris")
    page.locator("a.language").click()
    page.wait_for_url("**/km/events/democracy?zone=Europe**")
    expect(page.locator("main .hour").first).to_have_text(IN_PARIS["km"])
    page.go_back()
    page.go_back()
    page.wait_for_url("**/en/?zone=Europe**")
    expect(page.locator("main .hour").first).to_have_text(IN_PARIS["en"])
    page.reload()
    expect(page.locator("#zone")).to_have_value("Europe/Paris")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_only_pages_carry_a_chosen_city_and_calendar_files_dont(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.address}/en/events/democracy")
    page.select_option("#zone", "Europe/Paris")
    carried = page.locator("header a, main a").evaluate_all("all => all.map(a => [a.pathname, a.search])")
    assert {way for way, asked in carried if not asked} == {"/en/events/democracy.ics"}
    assert {asked for way, asked in carried if way == "/en/zones/events/democracy"} <= {"?zone=Europe%2FParis"}


def test_a_city_chosen_in_the_request_form_changes_its_hours_and_not_its_address(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.address}/en/rsvps/new?events=democracy")
    page.select_option("#zone", "Europe/Paris")
    expect(page.locator("main .hour").first).to_have_text(IN_PARIS["en"])
    assert page.url.endswith("/en/rsvps/new?events=democracy")


def test_hours_for_an_unknown_city_are_those_that_the_page_names(demo: Demo, browser: Browser) -> None:
    phone = browser.new_context(timezone_id="Asia/Seoul")
    page = phone.new_page()
    page.goto(f"{demo.address}/en/?zone=Nowhere")
    expect(page.locator("[role=alert]")).to_contain_text("Phnom Penh")
    expect(page.locator("main .hour").first).to_have_text("3:00 AM")
    expect(page.locator("#zone")).to_have_value("Asia/Phnom_Penh")
    phone.close()


@pytest.mark.parametrize(("zone", "city"), [("Africa/Johannesburg", "ជូហានណេប៊ឺហ្គ"), ("America/Toronto", "តូរ៉ុនតូ")])
def test_a_phone_far_from_the_community_reads_its_city_in_khmer_too(
    demo: Demo, browser: Browser, zone: str, city: str
) -> None:
    phone = browser.new_context(timezone_id=zone)
    page = phone.new_page()
    page.goto(f"{demo.address}/km/events/democracy")
    expect(page.locator("#zone option:checked")).to_have_text(city)
    expect(page.locator("main")).to_contain_text(city)
    expect(page.locator("#zone")).to_have_value(zone)
    phone.close()
