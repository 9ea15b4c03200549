"""Room for notes, questions, decisions to take back, past declines and people added by hand."""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["rsvp_id"], ["rsvp.id"], name=op.f("fk_question_rsvp_id_rsvp"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_question_rsvp_id"), ["rsvp_id"], unique=False)

    op.create_table(
        "past_decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_index", sa.String(length=64), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_decline")),
        sa.UniqueConstraint("email_index", name=op.f("uq_past_decline_email_index")),
    )
    with op.batch_alter_table("past_decline", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_past_decline_declined_at"), ["declined_at"], unique=False)

    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("undo_state", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("added_by", sa.String(length=64), nullable=True))


def downgrade():
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_column("added_by")

    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.drop_column("undo_until")
        batch_op.drop_column("undo_state")
        batch_op.drop_column("note")

    op.drop_table("past_decline")
    op.drop_table("question")
