"""Editing a draft: where a duty comes from in the file, why it was dropped, findings set aside, every file of a plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("drop_reason", sa.Text(), nullable=True))
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("dismissed_by", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("dismissed_reason", sa.Text(), nullable=True))
    _create_plan_files()
    _fill_origins()
    _fill_files()


def downgrade() -> None:
    op.drop_table("plan_files")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_column("dismissed_reason")
        batch_op.drop_column("dismissed_by")
        batch_op.drop_column("dismissed_at")
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_column("drop_reason")
        batch_op.drop_column("origin")


def _create_plan_files() -> None:
    op.create_table(
        "plan_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_files_plan_id_plans"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_plan_files_sha256")),
    )
    with op.batch_alter_table("plan_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_files_plan_id"), ["plan_id"], unique=False)


def _fill_origins() -> None:
    """Until now every active duty stood under the key that its row has in the file."""
    duties = sa.table(
        "obligations", sa.column("id"), sa.column("key"), sa.column("active"), sa.column("origin", sa.JSON())
    )
    connection = op.get_bind()
    for number, key in connection.execute(sa.select(duties.c.id, duties.c.key).where(duties.c.active)).all():
        connection.execute(duties.update().where(duties.c.id == number).values(origin=[key]))


def _fill_files() -> None:
    op.execute(
        "INSERT INTO plan_files (plan_id, sha256, name, added_at, added_by) "
        "SELECT id, file_sha256, file_name, imported_at, '' FROM plans "
        "WHERE id IN (SELECT min(id) FROM plans GROUP BY file_sha256)"
    )
