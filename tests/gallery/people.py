"""What a coordinator does on the pages about people before a picture is taken."""

from itertools import count

from playwright.sync_api import Page

from tests.gallery.house import House

KNOWN = "sokha@example.org"
LIST = f"""name,email,events,zone,country,colour
Sample Newcomer,newcomer%s@example.org,democracy sovereignty,Paris,France,red
គំរូ សុខា,{KNOWN},democracy,,,
Sample Typo,typo@,democracy nothing,Atlantis,,
"""

_numbers = count(1)


def send_nobody(house: House, page: Page) -> None:
    """Add somebody without saying who."""
    _press(page, 'form[action$="/people/"] button')


def add_known(house: House, page: Page) -> None:
    """Add somebody who is known with other details."""
    page.check("[name=events] >> nth=0")
    page.fill("[name=name]", "Sample Somebody")
    page.fill("[name=email]", KNOWN)
    _press(page, 'form[action$="/people/"] button')


def bring_nothing(house: House, page: Page) -> None:
    """Bring a list without names of columns."""
    _bring(page, "Sample Somebody,somebody@example.org")


def bring_list(house: House, page: Page) -> None:
    """Bring a list with rows of every sort."""
    _bring(page, LIST % next(_numbers))


def bring_known(house: House, page: Page) -> None:
    """Bring a list in which nobody is new."""
    _bring(page, f"name,email,events\nSample Sokha,{KNOWN},democracy")


def confirm_list(house: House, page: Page) -> None:
    """Bring a list and confirm it."""
    bring_list(house, page)
    _press(page, 'form[action$="/imports"] button')


def confirm_something_else(house: House, page: Page) -> None:
    """Confirm what wasn't shown."""
    bring_list(house, page)
    page.eval_on_selector("[name=digest]", "digest => { digest.value = 'something else' }")
    _press(page, 'form[action$="/imports"] button')


def export_nothing(house: House, page: Page) -> None:
    """Ask for a file of no requests."""
    for box in page.locator("[name=states]:checked").all():
        box.uncheck()
    _press(page, 'form[action$="/exports"] button')


def open_list(house: House, page: Page) -> None:
    """Open the list for a meeting's host."""
    _press(page, 'form[action$="/admissions"] button')


def _bring(page: Page, text: str) -> None:
    page.fill("[name=text]", text)
    _press(page, 'form[action$="/imports/new"] button')


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()
