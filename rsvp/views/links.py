"""Send me my link again: the same answer for every address, at the same pace; what differs goes by letter."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from rsvp.models.programme import Programme
from rsvp.services import addresses, link_requests
from rsvp.views import guests, stamps
from rsvp.views.access import public
from rsvp.views.forms import LinkForm
from rsvp.views.limits import limit_requests
from rsvp.views.security import csrf

PURPOSE = "links"

blueprint = guests.blueprint("links")
csrf.exempt(blueprint)  # a guest has no cookie; the form's stamp stands for the token


@blueprint.get("/links/new")
@public
def new() -> str:
    """Show the form."""
    return _page(LinkForm())


@blueprint.post("/links/new")
@public
@limit_requests
def create() -> Response | tuple[str, int]:
    """Keep the wish for the worker."""
    form = LinkForm(request.form)
    is_valid = form.validate()
    notice = stamps.stamp_problem(form.stamp.data, PURPOSE)
    if not is_valid or notice:
        return _page(form, notice=notice), 422
    link_requests.receive(addresses.normalise(form.email.data or "") or "", at=guests.now())
    return redirect(url_for("links.sent"), 303)


@blueprint.get("/links")
@public
def sent() -> str:
    """Say what happens next, in the same words for every address."""
    return render_template("link_sent.html", programme=Programme.current())


def _page(form: LinkForm, *, notice: object = None) -> str:
    form.stamp.data = stamps.new_stamp(PURPOSE)
    return render_template("link_new.html", form=form, notice=notice, programme=Programme.current())
