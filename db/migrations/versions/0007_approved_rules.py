"""The calendar and the ladders that the office approved; room for a duty's own way of cutting figures off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approved_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("calendar", sa.JSON(), nullable=False),
        sa.Column("ladders", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approved_rules")),
    )
    _set_regime_length(16, 120)


def downgrade() -> None:
    _set_regime_length(120, 16)
    op.drop_table("approved_rules")


def _set_regime_length(before: int, after: int) -> None:
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.alter_column(
            "regime", existing_type=sa.String(length=before), type_=sa.String(length=after), existing_nullable=False
        )
