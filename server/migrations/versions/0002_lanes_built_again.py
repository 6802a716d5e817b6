"""A lane may be built again when a recording was reported late; the newest one is played, the earlier ones stay."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
ONE_EACH = "uq_lane_validation_session_id_participant_id_kind"


def upgrade() -> None:
    """Let a participant have more than one lane of a kind in a session."""
    with op.batch_alter_table("lane") as lane:
        lane.drop_constraint(ONE_EACH, type_="unique")
        lane.create_index("ix_lane_validation_session_id", ["validation_session_id"])
