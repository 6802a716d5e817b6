"""The last test of the line of each participant and session."""

import sqlalchemy as sa
from alembic import op

from evidence.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nobody has tested before."""
    op.create_table(
        "line_test",
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("worked", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(length=20), nullable=True),
        sa.Column("tested_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_line_test_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_line_test_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("validation_session_id", "participant_id", name=op.f("pk_line_test")),
    )
