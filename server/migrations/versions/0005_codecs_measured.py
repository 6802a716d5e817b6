"""Which codecs of pictures each participant's browser was measured to decode and to encode at the door."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; who came to the door before was not measured."""
    with op.batch_alter_table("attendance") as attendance:
        attendance.add_column(sa.Column("video_decodes", sa.JSON(), nullable=True))
        attendance.add_column(sa.Column("video_encodes", sa.JSON(), nullable=True))
