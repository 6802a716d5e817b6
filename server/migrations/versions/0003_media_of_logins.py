"""Which login a source or viewer was opened with, so that ending the login ends it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what is open now is bound to no login and ends by itself."""
    op.create_table(
        "media_login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_media_login_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_login")),
    )
