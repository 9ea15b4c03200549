"""The desk from above: small pictures of what comes in, what waits and who comes; and how often a digest is sent."""

from dataclasses import dataclass
from datetime import datetime, time

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp import charts
from rsvp.charts import Bar
from rsvp.languages import date_words, hour_words
from rsvp.services import digests, overviews
from rsvp.services.overviews import Places
from rsvp.views.access import coordinator
from rsvp.views.guests import now
from rsvp.views.languages import current
from rsvp.zones import HOME

WIDTH, HEIGHT = 280, 60
PERIOD_WORDS = {
    0: _("Never"),
    6: _("At most every 6 hours"),
    24: _("At most once a day"),
    168: _("At most once a week"),
}

blueprint = Blueprint("overview", __name__)


@dataclass(frozen=True)
class Picture:
    """Bars with the words for each, in the same order."""

    bars: list[Bar]
    words: list[str]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The words and count of every bar that isn't empty."""
        return [(words, bar.count) for words, bar in zip(self.words, self.bars, strict=True) if bar.count]


@blueprint.get("/overview")
@coordinator
def show() -> str:
    """Show the pictures."""
    at = now()
    places = overviews.places(at=at)
    return render_template(
        "desk/overview.html",
        days=_days(at),
        waiting=overviews.waiting(at=at),
        trouble_count=overviews.letters_in_trouble(at=at),
        places=places,
        hours=[(one, _hours(one)) for one in places if one.event.starts_at and one.taken],
        periods=PERIOD_WORDS,
        period=current_user.digest_hours,
        size=(WIDTH, HEIGHT),
    )


@blueprint.post("/digests")
@coordinator
def choose_digest() -> Response:
    """Keep how often the coordinator wants a digest."""
    hours = request.form.get("hours", "")
    if hours not in map(str, digests.PERIODS):
        abort(400)
    digests.choose(current_user, int(hours))
    flash(_("Kept: your digest comes as you chose."), "success")
    return redirect(url_for("desk.overview.show"), 303)


def _days(at: datetime) -> Picture:
    days = overviews.requests_a_day(at=at, zone=HOME)
    words = [date_words(datetime.combine(day, time()), current()) for day, _count in days]
    return Picture(charts.bars([count for _day, count in days], width=WIDTH, height=HEIGHT), words)


def _hours(places: Places) -> Picture:
    counts = overviews.local_hours(places.event)
    words = [hour_words(datetime.combine(datetime.min, time(hour)), current()) for hour in range(24)]
    return Picture(charts.bars(counts, width=WIDTH, height=HEIGHT), words)
