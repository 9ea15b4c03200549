"""Give guests a page that opens the meeting, a way to another address, and their link again."""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "link_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_request")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link_mode", sa.String(length=10), server_default="direct", nullable=False))

    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rsvp_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("email", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_token_rsvp_id"), ["rsvp_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_token_rsvp_id"), "rsvp", ["rsvp_id"], ["id"], ondelete="CASCADE")


def downgrade():
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_token_rsvp_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_token_rsvp_id"))
        batch_op.drop_column("email")
        batch_op.drop_column("text")
        batch_op.drop_column("rsvp_id")

    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.drop_column("attended_at")
        batch_op.drop_column("opened_at")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("link_mode")

    op.drop_table("link_request")
