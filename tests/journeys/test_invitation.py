"""From the schedule to the calendar: a guest asks, proves, is let in, and the invitation arrives by real SMTP."""

import re
from pathlib import Path

import pytest
import vobject
from babel.support import Translations
from playwright.sync_api import Browser, BrowserContext, Page

from rsvp.languages import LANGUAGES
from tests.demos import Demo

TRANSLATIONS = Path(__file__).parents[2] / "rsvp" / "translations"

NAMES = {"en": "Chan Thida", "km": "ចាន់ ធីតា"}
HOURS = {"en": ("3:00 AM", "Sunday for you"), "km": ("ម៉ោង ៣ ទៀបភ្លឺ", "សម្រាប់អ្នក គឺថ្ងៃអាទិត្យ")}


def words(message: str, language: str) -> str:
    """Return what a page says for a message of the catalogue."""
    said: str = Translations.load(TRANSLATIONS, [language]).gettext(message)
    assert language == "en" or said != message, f"the catalogue has no {message!r}"
    return said


def visitor(browser: Browser, *, has_javascript: bool) -> BrowserContext:
    """Return a phone in Phnom Penh."""
    return browser.new_context(
        java_script_enabled=has_javascript,
        timezone_id="Asia/Phnom_Penh",
        viewport={"width": 360, "height": 740},
    )


def ask(page: Page, demo: Demo, language: str, *, email: str, has_javascript: bool) -> None:
    """Read the schedule, fill in the form and send it."""
    hour, day_change = HOURS[language]
    page.goto(f"{demo.address}/{language}/")
    if not has_javascript:
        page.select_option("select[name=zone]", "Asia/Phnom_Penh")
        page.locator("form:has(select[name=zone]) button").click()
    card = page.locator("article, li").filter(has=page.locator("a[href*='events=democracy']")).first
    assert hour in card.inner_text()
    assert day_change in card.inner_text()
    page.locator("a[href*='events=democracy']").first.click()
    assert page.is_checked("input[name=events][value=democracy]")
    page.check("input[name=events][value=officials]")
    page.fill("input[name=name]", NAMES[language])
    page.fill("input[name=email]", email)
    assert page.input_value("select[name=zone]") == "Asia/Phnom_Penh"
    assert page.is_checked(f"input[name=language][value={language}]")
    page.check("input[name=consent]")
    page.get_by_role("button", name=words("Send my request", language)).click()
    page.wait_for_url(f"**/{language}/rsvps")


def link_in(letter: object, path: str) -> str:
    """Return the address of a page that a letter names."""
    text = letter.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    found = re.search(rf"http\S+/{path}/[\w-]+", text)
    assert found, text
    return found[0]


def sign_in(page: Page, demo: Demo) -> None:
    """Open the desk as the coordinator."""
    said = demo.read_lines()
    page.goto(said["desk"])
    if "/session" in page.url:
        page.fill("input[name=email]", said["email"])
        page.fill("input[name=password]", said["password"])
        page.locator("form:has(input[name=password]) button, form:has(input[name=password]) input[type=submit]").click()
    page.wait_for_url("**/desk/")


def calendar_of(letter: object) -> str:
    """Return the letter's calendar, the same inside and as a file."""
    parts = {part.get_content_type(): part for part in letter.walk()}  # type: ignore[attr-defined]
    inline = parts["text/calendar"].get_payload(decode=True)
    assert parts["application/ics"].get_payload(decode=True) == inline
    text: str = inline.decode()
    return text


def prove(page: Page, demo: Demo, language: str, *, email: str) -> str:
    """Open the letter's link and press the button; return the address of the places page."""
    page.goto(link_in(demo.letter_to(email, number=1), "verifications"))
    page.get_by_role("button", name=words("Yes, confirm my address", language)).click()
    page.wait_for_url("**/places/*")
    assert words("waiting for a decision", language) in page.inner_text("main")
    return page.url


def approve(queue: Page, demo: Demo, *, email: str) -> None:
    """Let the guest in, as the coordinator."""
    sign_in(queue, demo)
    mine = queue.locator(".queue-row").filter(has_text=email).filter(has_text="Democracy")
    mine.locator("a").click()
    panel = queue.locator(".panel")
    assert "3:00 AM" in panel.inner_text()
    panel.locator("form[action$='/approval'] button").click()
    queue.locator(".notice-jade").filter(has_text="Approved.").wait_for()


def set_link(queue: Page, demo: Demo, link: str) -> None:
    """Set the meeting's link, as the coordinator."""
    queue.goto(f"{demo.address}/desk/events/democracy")
    queue.fill("input[name=link]", link)
    queue.locator("form:has(input[name=link]) button").click()
    queue.wait_for_load_state()


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with-javascript", "without-javascript"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_asks_and_the_invitation_arrives(
    demo: Demo, browser: Browser, language: str, has_javascript: bool
) -> None:
    email = f"guest-{language}-{'js' if has_javascript else 'plain'}@example.org"
    guest = visitor(browser, has_javascript=has_javascript)
    page = guest.new_page()
    ask(page, demo, language, email=email, has_javascript=has_javascript)
    places = prove(page, demo, language, email=email)
    assert guest.cookies() == []

    desk = browser.new_context(java_script_enabled=has_javascript)
    queue = desk.new_page()
    approve(queue, demo, email=email)
    invitation = demo.letter_to(email, number=3)
    before = vobject.readOne(calendar_of(invitation)).vevent
    assert before.dtstart.value.isoformat() == "2025-07-12T16:00:00-04:00"
    assert int(before.sequence.value) == 0
    assert HOURS[language][0] in invitation.get_body(("plain",)).get_content()

    link = f"https://zoom.example/j/{language}{int(has_javascript)}"
    set_link(queue, demo, link)
    after = vobject.readOne(calendar_of(demo.letter_to(email, number=4))).vevent
    assert (after.uid.value, after.url.value, int(after.sequence.value)) == (before.uid.value, link, 1)

    page.goto(places)
    assert words("approved", language) in page.inner_text("main")
    assert page.locator(f"a[href='{link}']").count() >= 1
    guest.close()
    desk.close()
