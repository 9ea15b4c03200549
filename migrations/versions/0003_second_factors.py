"""Remember used codes, enrolment links, removed coordinators and the language of each one's desk."""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("coordinator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tf_counter", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("enrolment_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("enrolment_expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=8), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_coordinator_enrolment_digest"), ["enrolment_digest"])


def downgrade():
    with op.batch_alter_table("coordinator", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_coordinator_enrolment_digest"), type_="unique")
        batch_op.drop_column("language")
        batch_op.drop_column("removed_at")
        batch_op.drop_column("enrolment_expires_at")
        batch_op.drop_column("enrolment_digest")
        batch_op.drop_column("tf_counter")
