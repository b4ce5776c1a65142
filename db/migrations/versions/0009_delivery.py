"""What delivery must find fast: a message by the provider's id, its followers, what is due; a minute in its parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_provider_id"), ["provider_id"])
        batch_op.create_index(batch_op.f("ix_outbox_replaces_id"), ["replaces_id"])
        batch_op.create_index("ix_outbox_due", ["state", "channel", "priority", "not_before"])
    with op.batch_alter_table("channel_windows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slots", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("channel_windows", schema=None) as batch_op:
        batch_op.drop_column("slots")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")
        batch_op.drop_index(batch_op.f("ix_outbox_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_provider_id"))
