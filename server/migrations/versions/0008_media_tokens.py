"""Tokens of encoders and players, and where each source comes from; what was sent so far came from people's own pages."""

import sqlalchemy as sa
from alembic import op

import evidence.tables

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns. A screen was a screen; everything else was a phone or a computer."""
    _make_tokens()
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("source_type", sa.String(20), nullable=False, server_default="live_device"))
        source.add_column(sa.Column("name", sa.String(200)))
        source.add_column(sa.Column("token_id", sa.Uuid()))
        source.create_foreign_key(op.f("fk_source_token_id_media_token"), "media_token", ["token_id"], ["id"])
        source.create_index(op.f("ix_source_token_id"), ["token_id"])
    op.add_column("viewer", sa.Column("token_id", sa.Uuid()))
    for table in ("source_recording", "lane"):
        with op.batch_alter_table(table) as recorded:
            recorded.add_column(sa.Column("source_type", sa.String(20), nullable=False, server_default="live_device"))
            recorded.add_column(sa.Column("name", sa.String(200)))
    for table in ("source", "source_recording", "lane"):
        op.execute(sa.text(f"UPDATE {table} SET source_type = 'screen' WHERE kind = 'screen'"))  # noqa: S608  (names)
        with op.batch_alter_table(table) as done:
            done.alter_column("source_type", server_default=None)


def _make_tokens() -> None:
    op.create_table(
        "media_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("source_type", sa.String(20)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("made_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("expires_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("first_used_at", evidence.tables.UtcDateTime()),
        sa.Column("last_used_at", evidence.tables.UtcDateTime()),
        sa.Column("revoked_at", evidence.tables.UtcDateTime()),
        *(
            sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=op.f(f"fk_media_token_{other}_id_{other}"))
            for other in ("validation", "validation_session", "participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_media_token_digest")),
    )
    op.create_index(op.f("ix_media_token_validation_session_id"), "media_token", ["validation_session_id"])
