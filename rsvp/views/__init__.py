"""HTTP: parse, call one verb, answer. Which pages there are, and what holds for all of them."""

from flask import Flask

from rsvp.views import (
    access,
    addresses,
    desk,
    edges,
    enrolments,
    events,
    feeds,
    health,
    indexes,
    joins,
    languages,
    levelling,
    limits,
    links,
    own_calendars,
    own_data,
    own_requests,
    places,
    preferences,
    refusals,
    root,
    rsvps,
    schedule,
    script_words,
    security,
    sign_ins,
    spans,
    states,
    statics,
    travel,
    verifications,
    zones,
)


def init(app: Flask) -> None:
    """Register every page, the checks before each and the headers after each."""
    languages.init(app)
    levelling.init(app)
    edges.init(app)
    travel.init(app)
    # Strangers are turned away before a form of theirs is looked at.
    access.init(app)
    security.init(app)
    refusals.init(app)
    limits.init(app)
    states.init(app)
    spans.init(app)
    script_words.init(app)
    statics.init(app)
    for module in (root, schedule, events, zones, feeds, rsvps, verifications, places, joins, health, indexes, desk):
        app.register_blueprint(module.blueprint)
    for module in (own_requests, own_calendars, own_data, preferences, addresses, links, sign_ins, enrolments):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(feeds.data)
