"""What a visitor does on a page before its picture is taken. Nothing here depends on the page's language."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from playwright.sync_api import Page

from rsvp.db import db, transaction
from rsvp.models import Letter
from rsvp.services import events
from rsvp.views import limits
from tests import factories, stories
from tests.gallery.house import House
from tests.views import pages

TOO_LONG = 200_000
BROADCAST = {"en": "Please be early.", "km": "សូមមកមុន។"}
NOBODY = "nobody@example.org"

# Lets a page send a form that it doesn't show: one kept open in another tab, or made by hand.
_SEND = """([action, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of fields) {
    const input = document.createElement("textarea");
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}"""


def send_form(house: House, page: Page) -> None:
    """Send the guests' form as it is."""
    press(page, 'form[action$="/rsvps"] button')


def send_late(house: House, page: Page) -> None:
    """Fill the guests' form in, and send it with a stamp that is too old."""
    _fill_form(page)
    page.eval_on_selector("[name=stamp]", "stamp => { stamp.value = 'old' }")
    send_form(house, page)


def ask(house: House, page: Page) -> None:
    """Fill the guests' form in and send it."""
    _fill_form(page)
    send_form(house, page)


def confirm_something_else(house: House, page: Page) -> None:
    """Press the button of a page that shows what doesn't wait any more."""
    page.eval_on_selector("[name=shown]", "shown => { shown.value = 'something else' }")
    press(page, "main form button")


def unfold_all(house: House, page: Page) -> None:
    """Open whatever is folded."""
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")


def open_meeting(house: House, page: Page) -> None:
    """Press the button that opens a meeting."""
    press(page, "main form button")


def make_feed(house: House, page: Page) -> None:
    """Make an address for a calendar."""
    press(page, 'form[action$="/feeds"] button')


def withdraw_too_late(house: House, page: Page) -> None:
    """Withdraw what the coordinator has declined meanwhile."""
    action = house.address_of("/{language}/places/{refused_places}/withdrawals")
    send(page, action, {"event": "democracy"})


def use_a_foreign_host(house: House, page: Page) -> None:
    """Come by a name that isn't ours."""
    page.goto(page.url.replace("localhost", "127.0.0.1"))


def write_too_much(house: House, page: Page) -> None:
    """Send more than a form may hold."""
    send(page, house.address_of("/{language}/rsvps"), {"message": "x" * TOO_LONG})


def ask_twice(house: House, page: Page) -> None:
    """Ask once more than a network may within an hour."""
    for _ in range(2):
        send(page, house.address_of("/{language}/rsvps"), {"name": ""})


def sign_in_wrongly(house: House, page: Page) -> None:
    """Try to sign in as somebody who doesn't work here."""
    page.fill("[name=email]", NOBODY)
    page.fill("[name=password]", "not the password")
    press(page, "main form button")


def guess_passwords(house: House, page: Page) -> None:
    """Try to sign in once more than an account may."""
    with house.app.test_request_context(), suppress(limits.TooManySignIns):
        limits.limiter.reset()
        while True:
            limits.count_sign_in(NOBODY)
    sign_in_wrongly(house, page)
    limits.limiter.reset()


def give_password(house: House, page: Page) -> None:
    """Take the first of two steps of signing in."""
    page.fill("[name=email]", pages.WITH_APP)
    page.fill("[name=password]", pages.PASSWORD)
    press(page, "form:has([name=password]) button")


def guess_code(house: House, page: Page) -> None:
    """Take the second step with a code that is none."""
    limits.limiter.reset()
    give_password(house, page)
    page.fill("[name=code]", "none")
    press(page, "form:has([name=code]) button")


def choose_short_password(house: House, page: Page) -> None:
    """Choose a password that is too short."""
    page.fill("[name=password]", "short")
    press(page, "form:has([name=again]) button")


def invite(house: House, page: Page) -> None:
    """Invite somebody to the desk."""
    page.fill("[name=email]", "newcomer@example.org")
    press(page, "form:has([name=email]) button")


def send_empty_event(house: House, page: Page) -> None:
    """Send an event without what it needs."""
    unfold_all(house, page)
    for name in ("title_en", "summary_km", "minutes", "day"):
        page.fill(f"[name={name}]", "")
    press(page, 'form[action$="/changes"] .button-main')


def set_link(house: House, page: Page) -> None:
    """Set a link that isn't one."""
    page.fill("[name=link]", "zoom")
    press(page, 'form[action$="/link"] button')


def move_event(house: House, page: Page) -> None:
    """Move an event to the day after, and see how many letters that takes."""
    unfold_all(house, page)
    page.fill("[name=day]", "2025-07-13")
    press(page, 'form[action$="/changes"] .button-main')


def guard_event(house: House, page: Page) -> None:
    """Let invitations hold a page of each guest's own, and see how many letters that takes."""
    unfold_all(house, page)
    page.check("[name=link_mode][value=guarded]")
    press(page, 'form[action$="/changes"] .button-main')


def change_too_late(house: House, page: Page) -> None:
    """Change an event that another coordinator changes meanwhile."""
    unfold_all(house, page)
    page.eval_on_selector("[name=seen]", "seen => { seen.value = 'something else' }")
    press(page, 'form[action$="/changes"] .button-main')


def save_event(house: House, page: Page) -> None:
    """Change what nobody needs a letter about."""
    with house.app.app_context(), transaction():
        events.change(stories.named("sovereignty"), {"capacity": None}, by=events.OPERATOR, at=factories.NOW)
    page.reload()
    unfold_all(house, page)
    page.fill("[name=capacity]", "40")
    press(page, 'form[action$="/changes"] .button-main')


def show_hour(house: House, page: Page) -> None:
    """Type an hour and ask for it in the cities, without script."""
    page.fill("[name=title_en]", "Sample session")
    page.fill("[name=day]", "2025-08-23")
    page.fill("[name=hour]", "16:00")
    press(page, "[name=preview]")


def type_repeated_hour(house: House, page: Page) -> None:
    """Type an hour that exists twice, and no title."""
    page.fill("[name=day]", "2025-11-02")
    page.fill("[name=hour]", "01:30")
    press(page, 'form[action$="/events/"] .button-main')


def publish_too_early(house: House, page: Page) -> None:
    """Publish a draft whose button another tab still shows, though a language is missing."""
    action = f"{house.address}/desk/events/sample-draft/publication"
    send(page, action, {"csrf_token": page.locator("[name=csrf_token]").first.input_value()})


def resend_in_vain(house: House, page: Page) -> None:
    """Ask for a letter anew that says what isn't so any more."""
    with house.app.app_context():
        letter = db.session.query(Letter).filter(Letter.kind == "approval", Letter.rsvp.has(state="revoked")).first()
        assert letter is not None
        action = f"{house.address}/desk/letters/{letter.public_id}/resending"
    send(page, action, {"csrf_token": page.locator("[name=csrf_token]").first.input_value()})


def press(page: Page, selector: str) -> None:
    """Press a button that leads to another page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def send(page: Page, action: str, fields: Mapping[str, str] | Sequence[tuple[str, str]]) -> None:
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    with page.expect_navigation():
        page.evaluate(_SEND, [action, [list(pair) for pair in pairs]])


def _fill_form(page: Page) -> None:
    page.check("[name=events] >> nth=0")
    page.fill("[name=name]", "Sample Sokha")
    page.fill("[name=email]", "new@example.org")
    page.check("[name=consent]")


def preview_broadcast(house: House, page: Page) -> None:
    """Write to everybody with a place, as far as the preview."""
    for name in ("subject", "body"):
        for language in ("en", "km"):
            page.fill(f"[name={name}_{language}]", BROADCAST[language])
    press(page, "form[action$='/broadcasts'] button")


def send_broadcast(house: House, page: Page) -> None:
    """Write to everybody with a place, and send it."""
    preview_broadcast(house, page)
    press(page, "[name=confirmed]")


def send_half_a_broadcast(house: House, page: Page) -> None:
    """Write in one language only."""
    page.fill("[name=body_en]", BROADCAST["en"])
    press(page, "form[action$='/broadcasts'] button")


def note_attendance(house: House, page: Page) -> None:
    """Tick two people and save."""
    for number in range(2):
        page.check(f"[name=came] >> nth={number}")
    press(page, "form[action$='/attendance'] button")


def note_attendance_too_late(house: House, page: Page) -> None:
    """Save a list that another coordinator has saved meanwhile."""
    page.eval_on_selector("[name=seen]", "seen => { seen.value = '1' }")
    press(page, "form[action$='/attendance'] button")
