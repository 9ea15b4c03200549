"""The form for a new password: long rather than strange (NIST SP 800-63B §5.1.1.2)."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, Form, PasswordField, ValidationError

from rsvp.views.security import PASSWORD_CHARACTERS, normalised

SHORTEST = 12
FEWEST_DIFFERENT = 5


class NewPassword(Form):
    """A password, typed twice. `email` is whose it becomes."""

    password = PasswordField(_("New password"))
    again = PasswordField(_("The same password again"))

    def __init__(self, *arguments: Any, email: str, **options: Any):
        super().__init__(*arguments, **options)
        self.email = email.casefold()

    def validate_password(self, field: Field) -> None:
        """Refuse what is guessed first: what is short, what repeats itself, what is the address."""
        typed = normalised(field.data or "")
        if len(typed) < SHORTEST:
            raise ValidationError(
                _("Please choose a longer password: at least 12 characters. Four or five words are good.")
            )
        if len(typed) > PASSWORD_CHARACTERS:
            raise ValidationError(_("Please choose a shorter password."))
        plain = typed.casefold()
        if len(set(plain)) < FEWEST_DIFFERENT or plain in self.email or self.email in plain:
            raise ValidationError(_("This password is easy to guess. Please choose another one."))

    def validate_again(self, field: Field) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ. Please type the same one twice."))
