"""List every stored column as encrypted, digest or plain, each plain one because it names nobody.

A test compares this list with the tables: a new column must be placed here before it can be stored.
"""

ENCRYPTED = frozenset(
    {
        "coordinator.tf_totp_secret",
        "event.link",
        "event.passcode",
        "letter.content",
        "letter.error",
        "letter.recipient",
        "link_request.email",
        "participant.country",
        "participant.email",
        "participant.message",
        "participant.name",
        "participant.organisation",
        "participant.proposed",
        "participant.referrer",
        "question.answer",
        "question.words",
        "rsvp.note",
        "rsvp.reason",
        "token.email",
        "token.text",
    }
)

# Keyed or of random input: of no use to who takes the database.
DIGEST = frozenset(
    {
        "coordinator.enrolment_digest",
        "coordinator.mf_recovery_codes",
        "coordinator.password",
        "invitation.told",
        "journal_entry.digest",
        "journal_entry.previous",
        "journal_head.digest",
        "participant.email_index",
        "past_decline.email_index",
        "token.digest",
    }
)

PLAIN: dict[str, frozenset[str]] = {
    "programme": frozenset(
        {"id", "slug", "title", "about", "organiser", "coordinator_name", "coordinator_email"}  # published
    ),
    "event": frozenset(
        {"id", "slug", "programme_id", "kind", "status", "starts_at", "zone", "minutes", "title", "summary"}
        | {
            "capacity",
            "link_mode",
            "reminders",
            "sequence",
            "recording_url",
            "closed_at",
            "created_at",
            "updated_at",
        }  # published, or numbers
    ),
    "participant": frozenset(
        {"id", "public_id", "language", "zone", "created_at", "verified_at", "verification_at", "proposed_at"}
        | {"added_by", "moved_at"}
    ),
    "rsvp": frozenset(
        {"id", "public_id", "participant_id", "event_id", "state", "version", "requested_at", "asked_again_at"}
        | {"decided_at", "decided_by", "undo_state", "undo_until", "opened_at", "attended_at"}
    ),
    "past_decline": frozenset({"id", "declined_at"}),
    "question": frozenset({"id", "public_id", "rsvp_id", "asked_at", "asked_by", "answered_at"}),
    "token": frozenset(
        {"id", "purpose", "participant_id", "rsvp_id", "created_at", "expires_at", "revoked_at", "used_at"}
    ),
    "link_request": frozenset({"id", "asked_at"}),
    "letter": frozenset(
        {"id", "public_id", "kind", "language", "participant_id", "rsvp_id", "state", "attempts"}
        | {"created_at", "due_at", "leased_until", "sent_at"}
    ),
    "invitation": frozenset(
        {"id", "rsvp_id", "uid", "sequence", "method", "starts_at", "minutes", "created_at", "stamped_at"}
        | {"first_message_id", "partstat", "replied_at"}
    ),
    "reminder": frozenset({"id", "rsvp_id", "starts_at", "minutes", "written_at"}),
    "tally": frozenset({"name", "count"}),
    "journal_entry": frozenset({"id", "at", "act", "subject", "by"}),
    "journal_head": frozenset({"id"}),
    # Staff accounts, whose addresses the programme publishes.
    "coordinator": frozenset(
        {"id", "email", "active", "fs_uniquifier", "public_id", "created_at", "tf_primary_method"}
        | {"tf_counter", "fs_webauthn_user_handle", "enrolment_expires_at", "removed_at", "language"}
        | {"digest_hours", "digest_at"}
    ),
    "coordinator_role": frozenset({"coordinator_id", "role_id"}),
    "role": frozenset({"id", "name", "description"}),
    "passkey": frozenset(
        {"id", "user_id", "credential_id", "public_key", "sign_count", "transports", "backup_state"}
        | {"device_type", "extensions", "create_datetime", "lastuse_datetime", "name", "usage"}
    ),
}
