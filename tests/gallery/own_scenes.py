"""The pictures of guests' own pages, and of the ways to them and out of them."""

from tests.gallery import acts, detail_acts, own_acts
from tests.gallery.frames import BARE, MEETINGS, Scene

OWN = (
    Scene("link", "links.new", "/{language}/links/new"),
    Scene("link-sent-empty", "links.create", "/{language}/links/new", own_acts.send_nothing, status=422, wrong=True),
    Scene("link-sent", "links.sent", "/{language}/links/new", own_acts.ask_for_link),
    Scene("places-of-nobody-yet", "places.show", "/{language}/places/{idle_places}"),
    Scene("places-with-questions", "places.show", "/{language}/places/{asked_places}"),
    Scene("places-of-guarded-meetings", "places.show", "/{language}/places/{places}", acts.unfold_all, house=MEETINGS),
    Scene("places-asked", "places.show", "/{language}/", own_acts.ask_for_more),
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
    Scene("preferences", "preferences.show", "/{language}/", detail_acts.open_preferences),
    Scene("preferences-with-a-fixed-name", "preferences.show", "/{language}/places/{places}/preferences"),
    Scene("preferences-saved", "preferences.show", "/{language}/", detail_acts.move_to_paris),
    Scene("preferences-with-a-new-address", "preferences.show", "/{language}/", detail_acts.name_address),
    Scene(
        "preferences-sent-wrong", "preferences.change", "/{language}/", detail_acts.send_wrong, status=422, wrong=True
    ),
    Scene("address", "addresses.show", "/{language}/", detail_acts.open_address),
    Scene("address-taken", "addresses.adopt", "/{language}/", detail_acts.move_to_taken_address, status=409),
    Scene("address-moved", "addresses.show", "/{language}/", detail_acts.move_twice),
    Scene("own-data", "own_data.show", "/{language}/places/{places}/data"),
    Scene("own-data-of-who-came-back", "own_data.show", "/{language}/", detail_acts.open_data),
    Scene("own-data-unfolded", "own_data.show", "/{language}/places/{refused_places}/data", acts.unfold_all),
    Scene("places-noted", "places.show", "/{language}/", own_acts.ask_all_day),
    Scene("places-too-often", "own_requests.ask", "/{language}/", own_acts.ask_too_often, status=429, house=BARE),
    Scene("erased-twice", "own_data.erase", "/{language}/", own_acts.erase_nothing, status=404),
    Scene("erased", "own_data.erase", "/{language}/places/{places}/data", own_acts.erase),
)
JOINS = (
    *(
        Scene(f"join-{name}", "joins.show", f"/{{language}}/join/{{join_{name}}}", house=MEETINGS)
        for name in ("far", "near", "open", "linkless", "over", "recorded", "cancelled", "untimed")
    ),
    Scene("join-opened", "joins.pass_through", "/{language}/join/{join_open}", acts.open_meeting, house=MEETINGS),
)
