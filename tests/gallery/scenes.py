"""The list of pictures: every page of the service, and every state that one can be in.

A route that answers with HTML and has no picture here fails tests/views/test_gallery.py. A scene may be opened again
and again: what a visitor does in it is done to somebody made for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests import stories
from tests.gallery import acts, own_acts, people, queue_acts
from tests.gallery.house import House

Act = Callable[[House, Page], None]

STORIES = tuple(story.__name__ for story in stories.STORIES)
FULL, BARE, AUTUMN, MEETINGS, BROKEN = "full", "bare", "autumn", "meetings", "broken"


@dataclass(frozen=True)
class Scene:
    """One page in one state. `endpoint` is the route that makes it, none where no route of ours does.

    `act` is what the visitor does once the address is open. `wrong` tells that the page says so of a form's fields.
    """

    name: str
    endpoint: str | None
    address: str
    act: Act | None = None
    status: int = 200
    house: str = FULL
    signed_in: bool = False
    wrong: bool = False

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter as a mail program shows it."""
        return self.endpoint == "mailbox.html"

    @property
    def is_one_of_many(self) -> bool:
        """Whether another scene's page is built the same: letters as text differ in their words only."""
        return self.endpoint == "mailbox.show" and self.name != "letter-invitation"


def _desk(name: str, endpoint: str, address: str, act: Act | None = None, **more: object) -> Scene:
    return Scene(f"desk-{name}", f"desk.{endpoint}", f"/desk/{address}", act, signed_in=True, **more)  # type: ignore[arg-type]


GUESTS = (
    Scene("schedule", "schedule.show", "/{language}/"),
    Scene("schedule-in-a-zone", "schedule.show", "/{language}/?zone=Europe/Paris"),
    Scene("schedule-in-an-unknown-zone", "schedule.show", "/{language}/?zone=Atlantis", status=400),
    Scene("schedule-without-a-programme", "schedule.show", "/{language}/", house=BARE),
    Scene("schedule-with-nothing-upcoming", "schedule.show", "/{language}/", house=AUTUMN),
    Scene("event", "events.show", "/{language}/events/democracy"),
    Scene("event-in-a-zone", "events.show", "/{language}/events/democracy?zone=Pacific/Auckland"),
    Scene("event-in-an-unknown-zone", "events.show", "/{language}/events/democracy?zone=Atlantis", status=400),
    Scene("event-to-be-announced", "events.show", "/{language}/events/officials"),
    Scene("event-closed", "events.show", "/{language}/events/economic-pressure"),
    Scene("event-cancelled", "events.show", "/{language}/events/transnational-repression"),
    Scene("event-past", "events.show", "/{language}/events/preparatory"),
    Scene("event-past-with-a-recording", "events.show", "/{language}/events/working-officials"),
    Scene("zones", "zones.show", "/{language}/zones"),
    Scene("zones-found", "zones.of_event", "/{language}/events/democracy/zones?city=Japan&zone=Asia/Tokyo"),
    Scene("zones-not-found", "zones.of_event", "/{language}/events/democracy/zones?city=Atlantis"),
    Scene("form", "rsvps.new", "/{language}/rsvps/new"),
    Scene("form-with-an-event-chosen", "rsvps.new", "/{language}/rsvps/new?events=sovereignty&zone=Europe/Paris"),
    Scene("form-without-events", "rsvps.new", "/{language}/rsvps/new", house=BARE),
    Scene("form-sent-empty", "rsvps.create", "/{language}/rsvps/new", acts.send_form, status=422, wrong=True),
    Scene("form-open-for-days", "rsvps.create", "/{language}/rsvps/new", acts.send_late, status=422),
    Scene("received", "rsvps.received", "/{language}/rsvps/new", acts.ask),
    Scene("verification", "verifications.show", "/{language}/verifications/{verification}"),
    Scene("verification-without-requests", "verifications.show", "/{language}/verifications/{idle_verification}"),
    Scene(
        "verification-changed-meanwhile",
        "verifications.create",
        "/{language}/verifications/{verification}",
        acts.confirm_something_else,
        status=409,
    ),
    Scene("verified", "verifications.show", "/{language}/verifications/{used_verification}"),
    Scene("verification-too-old", "verifications.show", "/{language}/verifications/{old_verification}", status=404),
    Scene("places", "places.show", "/{language}/places/{places}"),
    Scene("places-refused", "places.show", "/{language}/places/{refused_places}"),
    Scene("places-promised", "places.show", "/{language}/places/{promised_places}"),
    Scene("places-before-withdrawing", "places.show", "/{language}/places/{refused_places}", acts.unfold_all),
    Scene("places-with-a-calendar", "own_calendars.make_feed", "/{language}/places/{promised_places}", acts.make_feed),
    Scene(
        "places-decided-meanwhile",
        "own_requests.withdraw",
        "/{language}/places/{refused_places}",
        acts.withdraw_too_late,
        status=409,
    ),
    Scene("places-unknown", "places.show", "/{language}/places/nobody", status=404),
)
OWN = (
    Scene("link", "links.new", "/{language}/links/new"),
    Scene("link-sent-empty", "links.create", "/{language}/links/new", own_acts.send_nothing, status=422, wrong=True),
    Scene("link-sent", "links.sent", "/{language}/links/new", own_acts.ask_for_link),
    Scene("places-of-nobody-yet", "places.show", "/{language}/places/{idle_places}"),
    Scene("places-with-questions", "places.show", "/{language}/places/{asked_places}"),
    Scene("places-of-guarded-meetings", "places.show", "/{language}/places/{places}", acts.unfold_all, house=MEETINGS),
    Scene("places-asked", "places.show", "/{language}/places/{promised_places}?done=asked"),
    Scene(
        "places-nothing-chosen",
        "own_requests.ask",
        "/{language}/places/{promised_places}",
        own_acts.choose_nothing,
        status=422,
    ),
    Scene("places-withdrawn-in-part", "own_requests.withdraw", "/{language}/", own_acts.withdraw_in_part),
    Scene(
        "places-answer-missing",
        "places.answer",
        "/{language}/places/{asked_places}",
        own_acts.answer_nothing,
        status=422,
        wrong=True,
    ),
    Scene(
        "places-sent-too-soon",
        "own_calendars.send_again",
        "/{language}/places/{promised_places}",
        own_acts.send_again_too_soon,
        status=409,
    ),
    Scene("places-file-of-nothing", "own_calendars.take", "/{language}/places/{places}/nothing.ics", status=404),
    Scene("own-data", "own_data.show", "/{language}/places/{places}/data"),
    Scene("own-data-unfolded", "own_data.show", "/{language}/places/{refused_places}/data", acts.unfold_all),
    Scene("erased", "own_data.erase", "/{language}/places/{places}/data", own_acts.erase),
)
JOINS = (
    *(
        Scene(f"join-{name}", "joins.show", f"/{{language}}/join/{{join_{name}}}", house=MEETINGS)
        for name in ("far", "near", "open", "linkless", "over", "recorded", "cancelled", "untimed")
    ),
    Scene("join-opened", "joins.pass_through", "/{language}/join/{join_open}", acts.open_meeting, house=MEETINGS),
)
REFUSALS = (
    Scene("styleguide", "styleguide.show", "/styleguide?language={language}"),
    Scene("refusal-400", None, "/{language}/", acts.use_a_foreign_host, status=400),
    Scene("refusal-404", None, "/{language}/nothing", status=404),
    Scene("refusal-405", "own_requests.withdraw", "/{language}/places/{places}/withdrawals", status=405),
    Scene("refusal-413", "rsvps.create", "/{language}/rsvps/new", acts.write_too_much, status=413),
    Scene("refusal-429", "rsvps.create", "/{language}/rsvps/new", acts.ask_twice, status=429, house=BARE),
    Scene("refusal-500", "schedule.show", "/{language}/", status=500, house=BROKEN),
    Scene("nginx-400", None, "/errors/400.html"),
    Scene("nginx-413", None, "/errors/413.html"),
    Scene("nginx-429", None, "/errors/429.html"),
    Scene("nginx-503", None, "/errors/503.html"),
)
DESK = (
    Scene("desk-session", "security.login", "/desk/session?language={language}"),
    Scene(
        "desk-session-refused", "security.login", "/desk/session?language={language}", acts.sign_in_wrongly, wrong=True
    ),
    Scene(
        "desk-session-postponed",
        "security.login",
        "/desk/session?language={language}",
        acts.guess_passwords,
        status=429,
        house=BARE,
    ),
    Scene("desk-code", "sign_ins.show", "/desk/session?language={language}", acts.give_password),
    Scene(
        "desk-code-wrong",
        "sign_ins.accept",
        "/desk/session?language={language}",
        acts.guess_code,
        status=422,
        wrong=True,
    ),
    _desk("queue", "rsvps.show", ""),
    _desk("queue-empty", "rsvps.show", "", house=BARE),
    _desk("queue-waitlisted", "rsvps.show", "?state=waitlisted"),
    _desk("queue-approved", "rsvps.show", "?state=approved"),
    _desk("queue-declined", "rsvps.show", "?state=declined"),
    _desk("queue-revoked", "rsvps.show", "?state=revoked"),
    _desk("queue-withdrawn", "rsvps.show", "?state=withdrawn"),
    _desk("queue-all", "rsvps.show", "?state=all&order=event"),
    _desk("queue-of-an-event", "rsvps.show", "?event=democracy"),
    _desk("queue-searched", "rsvps.show", "", queue_acts.search),
    _desk("queue-unfolded", "rsvps.show", "", acts.unfold_all),
    _desk("queue-decided-about-many", "decisions.create", "", queue_acts.decide_about_many),
    _desk("request", "rsvps.open_one", "rsvps/{rsvp}?state=approved"),
    _desk("request-waiting", "rsvps.open_one", "rsvps/{waiting}"),
    _desk("request-before-declining", "rsvps.open_one", "rsvps/{waiting}", acts.unfold_all),
    _desk("request-with-a-note", "rsvps.open_one", "rsvps/{waiting}", queue_acts.write_note),
    _desk("request-after-approving", "rsvps.open_one", "", queue_acts.approve),
    _desk("decision-beyond-the-last-place", "rsvps.approve", "", queue_acts.approve_beyond_the_last_place, status=409),
    _desk("undo-too-late", "rsvps.undo", "", queue_acts.undo_too_late, status=409),
    _desk("decision-too-late", "rsvps.approve", "", queue_acts.approve_too_late, status=409),
    _desk("decision-with-too-long-a-reason", "rsvps.decline", "", queue_acts.decline_at_length, status=422, wrong=True),
    _desk("page-open-for-days", "rsvps.approve", "", queue_acts.approve_without_token, status=400),
    _desk("events", "events.index", "events/"),
    _desk("events-empty", "events.index", "events/", house=BARE),
    _desk("event", "events.show", "events/democracy"),
    _desk("event-unfolded", "events.show", "events/democracy", acts.unfold_all),
    _desk("event-to-be-announced", "events.show", "events/officials"),
    _desk("event-cancelled", "events.show", "events/transnational-repression", acts.unfold_all),
    _desk("event-sent-empty", "events.change", "events/democracy", acts.send_empty_event, status=422, wrong=True),
    _desk("event-with-a-wrong-link", "events.set_link", "events/democracy", acts.set_link, status=422, wrong=True),
    _desk("event-before-a-change", "events.change", "events/democracy", acts.move_event),
    _desk("event-changed-meanwhile", "events.change", "events/democracy", acts.change_too_late, status=409),
    _desk("event-saved", "events.show", "events/sovereignty", acts.save_event),
    _desk("event-unknown", "events.show", "events/nothing", status=404),
    _desk("people", "people.index", "people/"),
    _desk("person", "people.new", "people/new"),
    _desk("person-sent-empty", "people.create", "people/new", people.send_nobody, status=422, wrong=True),
    _desk("person-known", "people.create", "people/new", people.add_known, status=422),
    _desk("import", "imports.new", "people/imports/new"),
    _desk("import-unreadable", "imports.preview", "people/imports/new", people.bring_nothing, status=422, wrong=True),
    _desk("import-preview", "imports.preview", "people/imports/new", people.bring_list),
    _desk("import-of-nobody", "imports.preview", "people/imports/new", people.bring_known),
    _desk("import-changed", "imports.create", "people/imports/new", people.confirm_something_else, status=409),
    _desk("import-done", "imports.create", "people/imports/new", people.confirm_list),
    _desk("export", "exports.show", "exports"),
    _desk("export-of-nothing", "exports.create", "exports", people.export_nothing, status=422, wrong=True),
    _desk("admissions", "exports.before_admissions", "events/democracy/admissions"),
    _desk("admissions-opened", "exports.show_admissions", "events/democracy/admissions", people.open_list),
    _desk("admissions-of-nobody", "exports.show_admissions", "events/officials/admissions", people.open_list),
    _desk("attendance", "attendances.show", "events/over/attendance", house=MEETINGS),
    _desk("attendance-saved", "attendances.show", "events/recorded/attendance", acts.note_attendance, house=MEETINGS),
    _desk("attendance-too-early", "attendances.show", "events/near/attendance", house=MEETINGS),
    _desk("attendance-of-nobody", "attendances.show", "events/quiet/attendance", house=MEETINGS),
    _desk(
        "attendance-noted-meanwhile",
        "attendances.save",
        "events/over/attendance",
        acts.note_attendance_too_late,
        status=409,
        house=MEETINGS,
    ),
    _desk("event-guarded", "events.show", "events/over", acts.unfold_all, house=MEETINGS),
    _desk("request-of-who-opened", "rsvps.open_one", "rsvps/{came}?state=approved", house=MEETINGS),
    _desk("overview", "overview.show", "overview", acts.unfold_all),
    _desk("overview-empty", "overview.show", "overview", house=BARE),
    _desk("broadcast", "broadcasts.new", "events/democracy/broadcasts/new"),
    _desk("broadcast-previewed", "broadcasts.send", "events/democracy/broadcasts/new", acts.preview_broadcast),
    _desk(
        "broadcast-half-written",
        "broadcasts.send",
        "events/democracy/broadcasts/new",
        acts.send_half_a_broadcast,
        status=422,
        wrong=True,
    ),
    _desk("journal", "journal.show", "journal/"),
    _desk("journal-empty", "journal.show", "journal/", house=BARE),
    _desk("event-new", "drafts.new", "events/new"),
    _desk("event-new-with-its-hours", "drafts.create", "events/new", acts.show_hour),
    _desk("event-new-refused", "drafts.create", "events/new", acts.type_repeated_hour, status=422, wrong=True),
    _desk("copies", "series.show", "events/democracy/copies?count=20"),
    _desk("hours", "hours.show", "events/officials/hours"),
    _desk("hours-chosen", "hours.show", "events/officials/hours?week=2025-09-01&day=2025-09-06&hour=9"),
    _desk("hours-without-one", "hours.show", "events/officials/hours?week=2026-03-02"),
    _desk("hours-of-nobody", "hours.show", "events/sample-draft/hours"),
    _desk("event-draft", "events.show", "events/sample-draft"),
    _desk("event-published-too-early", "drafts.publish", "events/sample-draft", acts.publish_too_early, status=409),
    _desk("letters", "letters.index", "letters/"),
    _desk("letters-empty", "letters.index", "letters/", house=BARE),
    _desk("account", "account.show", "account"),
    _desk("password", "account.password", "account/password"),
    _desk("app", "account.app", "account/app"),
    _desk("recovery-codes", "account.codes", "account/recovery-codes"),
    _desk("passkeys", "passkeys.show", "account/passkeys"),
    _desk("proof", "proofs.show", "proof"),
    _desk("coordinators", "coordinators.index", "coordinators/"),
    _desk("coordinator-before-removing", "coordinators.review", "coordinators/{coordinator}/removal"),
    Scene("desk-enrolment", "enrolments.show", "/desk/enrolments/{enrolment}?language={language}"),
    _desk("letter-not-true-any-more", "letters.resend", "letters/", acts.resend_in_vain, status=409),
    _desk(
        "password-too-short",
        "account.change_password",
        "account/password",
        acts.choose_short_password,
        status=422,
        wrong=True,
    ),
    _desk("coordinator-invited", "coordinators.invite", "coordinators/", acts.invite),
)
LETTERS = (
    Scene("mailbox", "mailbox.index", "/mailbox/"),
    Scene("mailbox-empty", "mailbox.index", "/mailbox/", house=BARE),
    *(Scene(f"letter-{name}", "mailbox.show", f"/mailbox/{{letter_{name}}}") for name in STORIES),
    *(Scene(f"letter-{name}-html", "mailbox.html", f"/mailbox/{{letter_{name}}}/html") for name in STORIES),
)

SCENES = (*GUESTS, *OWN, *JOINS, *REFUSALS, *DESK, *LETTERS)
