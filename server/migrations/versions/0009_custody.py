"""How items are kept: dates, holds, release, disposal, their own keys, erasures, and the proof of the store."""

import sqlalchemy as sa
from alembic import op

import evidence.tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. What was filed before has no date yet: the worker's daily round gives it one."""
    _make_custody()
    op.create_table(
        "evidence_key",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_evidence_key_item_id_evidence_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_evidence_key")),
    )
    op.create_table(
        "evidence_erasure",
        sa.Column("object_key", sa.String(200), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("erased_at", evidence.tables.UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evidence_item.id"], name=op.f("fk_evidence_erasure_item_id_evidence_item")
        ),
        sa.PrimaryKeyConstraint("object_key", name=op.f("pk_evidence_erasure")),
    )
    op.create_index(op.f("ix_evidence_erasure_item_id"), "evidence_erasure", ["item_id"])
    op.create_table(
        "store_proof",
        sa.Column("store", sa.String(300), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("proved_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("store", name=op.f("pk_store_proof")),
    )


def _make_custody() -> None:
    op.create_table(
        "evidence_custody",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("retain_until", evidence.tables.UtcDateTime()),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", evidence.tables.UtcDateTime()),
        sa.Column("released_at", evidence.tables.UtcDateTime()),
        sa.Column("ordered_at", evidence.tables.UtcDateTime()),
        sa.Column("disposed_at", evidence.tables.UtcDateTime()),
        sa.Column("ordered_by", sa.JSON()),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evidence_item.id"], name=op.f("fk_evidence_custody_item_id_evidence_item")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_evidence_custody")),
    )
    op.create_index(op.f("ix_evidence_custody_case_id"), "evidence_custody", ["case_id"])
