"""Remember how often each coordinator wants a digest, and when the newest was written."""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("coordinator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest_hours", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("coordinator", schema=None) as batch_op:
        batch_op.drop_column("digest_at")
        batch_op.drop_column("digest_hours")
