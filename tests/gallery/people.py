"""What a coordinator does on the pages about people before a picture is taken."""

from playwright.sync_api import Page

from tests.gallery.house import House

KNOWN = "sokha@example.org"


def send_nobody(house: House, page: Page) -> None:
    """Add somebody without saying who."""
    _press(page, 'form[action$="/people/"] button')


def add_known(house: House, page: Page) -> None:
    """Add somebody who is known with other details."""
    page.check("[name=events] >> nth=0")
    page.fill("[name=name]", "Sample Somebody")
    page.fill("[name=email]", KNOWN)
    _press(page, 'form[action$="/people/"] button')


def export_nothing(house: House, page: Page) -> None:
    """Ask for a file of no requests."""
    for box in page.locator("[name=states]:checked").all():
        box.uncheck()
    _press(page, 'form[action$="/exports"] button')


def open_list(house: House, page: Page) -> None:
    """Open the list for a meeting's host."""
    _press(page, 'form[action$="/admissions"] button')


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()
