"""What the coordinator writes about a request: to the person, or for the other coordinators."""

from flask_babel import lazy_gettext as _
from wtforms import Form, TextAreaField
from wtforms.validators import InputRequired, Length

from rsvp.views.desk.forms import TOO_LONG, paragraph, tidied
from rsvp.views.forms import plain

LONGEST = 3000


class ReasonForm(Form):
    """What goes to the guest with a refusal."""

    reason = paragraph(_("Reason, sent to the person"), LONGEST)


class QuestionForm(Form):
    """What the guest is asked."""

    question = TextAreaField(
        _("Question, sent to the person"),
        [InputRequired(_("Please write your question.")), Length(max=LONGEST, message=TOO_LONG), plain],
        filters=[tidied],
    )


class PrivateNoteForm(Form):
    """What coordinators write for each other."""

    note = paragraph(_("Private note, never sent"), LONGEST)
