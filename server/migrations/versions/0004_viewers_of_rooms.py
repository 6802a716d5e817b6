"""A viewer may watch a whole room on one connection, and is then of no one source."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the source of a viewer be empty."""
    with op.batch_alter_table("viewer") as viewer:
        viewer.alter_column("source_id", existing_type=sa.Uuid(), nullable=True)
