"""Alembic's entry: it runs on the connection that `db.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from db.models import Base, UtcDateTime


def _render_plainly(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as plain SQL types, so that an old migration never needs today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_render_plainly,
)
with context.begin_transaction():
    context.run_migrations()
