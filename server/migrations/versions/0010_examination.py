"""What scanner and checks found out about items, where pictures that look alike are found, and what a sender told."""

import sqlalchemy as sa
from alembic import op

import evidence.tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BANDS = tuple(f"b{number:02}" for number in range(16))


def upgrade() -> None:
    """Make the tables. Earlier items have no verdict, which is 'not scanned', and no checks."""
    # What was promised under the job's old name is done under the new one, which does more.
    op.execute("UPDATE job SET kind = 'examine_item' WHERE kind = 'make_thumbnail'")
    with op.batch_alter_table("evidence_item") as item:
        item.create_index(op.f("ix_evidence_item_digest"), ["digest"])
    with op.batch_alter_table("upload") as upload:
        upload.add_column(sa.Column("told", sa.String(8000), nullable=False, server_default=""))
    with op.batch_alter_table("upload") as upload:
        upload.alter_column("told", server_default=None)
    _make_results()
    op.create_table(
        "picture_hash",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in BANDS),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_picture_hash_item_id_evidence_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_picture_hash")),
    )
    for name in BANDS:
        op.create_index(op.f(f"ix_picture_hash_{name}"), "picture_hash", [name])


def _make_results() -> None:
    op.create_table(
        "item_scan",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("signature", sa.String(200)),
        sa.Column("engine", sa.String(60)),
        sa.Column("database", sa.String(60)),
        sa.Column("database_at", sa.String(60)),
        sa.Column("scanned_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_item_scan_item_id_evidence_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_scan")),
    )
    op.create_index(op.f("ix_item_scan_verdict"), "item_scan", ["verdict"])
    op.create_table(
        "item_check",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checked_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_item_check_item_id_evidence_item")),
        sa.PrimaryKeyConstraint("item_id", "name", name=op.f("pk_item_check")),
    )
