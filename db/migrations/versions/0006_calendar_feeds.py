"""Calendars to subscribe to, and how often what they show of an occurrence has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ONE_SUBJECT = (
    "(CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN plan_id IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    # A plain column with a constant default: neither database writes the table anew for it.
    op.add_column("occurrences", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_calendar_feeds_subject")),
        *_subjects(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    for column in ("unit_id", "person_id", "plan_id"):
        op.create_index(op.f(f"ix_calendar_feeds_{column}"), "calendar_feeds", [column], unique=False)


def _subjects() -> list[sa.ForeignKeyConstraint]:
    tables = {"unit_id": "units", "person_id": "people", "plan_id": "plans"}
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{table}.id"], name=op.f(f"fk_calendar_feeds_{column}_{table}"), ondelete="CASCADE"
        )
        for column, table in tables.items()
    ]


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_column("revision")
