"""What page and media process say of an interruption until it is stated, and what was stated, so that it is so once."""

import sqlalchemy as sa
from alembic import op

from evidence.tables import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; a line that is broken now is told again by the media process when it heals or ends."""
    op.create_table(
        "interruption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        *(sa.Column(name, UtcDateTime()) for name in ("page_from", "page_until", "media_from", "media_until")),
        sa.Column("resumed", sa.Boolean(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
        sa.Column("stated_at", UtcDateTime()),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_interruption_{table}_id_{table}"))
            for table in ("validation", "validation_session", "source", "participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruption")),
    )
    op.create_index("uq_interruption_source_id_claim_id", "interruption", ["source_id", "claim_id"], unique=True)
    op.create_index("ix_interruption_stated_at", "interruption", ["stated_at"])
