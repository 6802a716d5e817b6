"""First schema."""

import sqlalchemy as sa
from alembic import op

import evidence.tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
        "CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
        "CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE log_id = NEW.log_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ledger_entry'); END",
        "CREATE TRIGGER ledger_destroyed_no_update BEFORE UPDATE ON ledger_destroyed BEGIN SELECT RAISE(ABORT, 'ledger_destroyed is append-only'); END",
        "CREATE TRIGGER ledger_destroyed_no_delete BEFORE DELETE ON ledger_destroyed BEGIN SELECT RAISE(ABORT, 'ledger_destroyed is append-only'); END",
        "CREATE TRIGGER ledger_destroyed_no_replace BEFORE INSERT ON ledger_destroyed WHEN EXISTS (SELECT 1 FROM ledger_destroyed WHERE log_id = NEW.log_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ledger_destroyed'); END",
        "CREATE TRIGGER ledger_node_no_update BEFORE UPDATE ON ledger_node BEGIN SELECT RAISE(ABORT, 'ledger_node is append-only'); END",
        "CREATE TRIGGER ledger_node_no_delete BEFORE DELETE ON ledger_node BEGIN SELECT RAISE(ABORT, 'ledger_node is append-only'); END",
        "CREATE TRIGGER ledger_node_no_replace BEFORE INSERT ON ledger_node WHEN EXISTS (SELECT 1 FROM ledger_node WHERE log_id = NEW.log_id AND level = NEW.level AND place = NEW.place) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ledger_node'); END",
        "CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'ledger_checkpoint is append-only'); END",
        "CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'ledger_checkpoint is append-only'); END",
        "CREATE TRIGGER ledger_checkpoint_no_replace BEFORE INSERT ON ledger_checkpoint WHEN EXISTS (SELECT 1 FROM ledger_checkpoint WHERE log_id = NEW.log_id AND size = NEW.size) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ledger_checkpoint'); END",
        "CREATE TRIGGER ledger_body_no_update BEFORE UPDATE ON ledger_body BEGIN SELECT RAISE(ABORT, 'ledger_body is append-only'); END",
        "CREATE TRIGGER ledger_body_no_replace BEFORE INSERT ON ledger_body WHEN EXISTS (SELECT 1 FROM ledger_body WHERE log_id = NEW.log_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ledger_body'); END",
        "CREATE TRIGGER ledger_body_no_delete BEFORE DELETE ON ledger_body WHEN NOT EXISTS (SELECT 1 FROM ledger_destroyed d JOIN ledger_entry e ON e.log_id = d.log_id AND e.seq = d.by_seq WHERE d.log_id = OLD.log_id AND d.seq = OLD.seq AND e.entry_class = 'body_destroyed') BEGIN SELECT RAISE(ABORT, 'ledger_body goes only after an entry that says so'); END",
        "CREATE TRIGGER answer_no_update BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END",
        "CREATE TRIGGER answer_no_delete BEFORE DELETE ON answer BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END",
        "CREATE TRIGGER answer_no_replace BEFORE INSERT ON answer WHEN EXISTS (SELECT 1 FROM answer WHERE validation_id = NEW.validation_id AND criterion_id = NEW.criterion_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: answer'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$",
        "CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_destroyed_no_change BEFORE UPDATE OR DELETE ON ledger_destroyed FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_destroyed_no_truncate BEFORE TRUNCATE ON ledger_destroyed EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_node_no_change BEFORE UPDATE OR DELETE ON ledger_node FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_node_no_truncate BEFORE TRUNCATE ON ledger_node EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_checkpoint_no_change BEFORE UPDATE OR DELETE ON ledger_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_checkpoint_no_truncate BEFORE TRUNCATE ON ledger_checkpoint EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_body_no_change BEFORE UPDATE ON ledger_body FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ledger_body_no_truncate BEFORE TRUNCATE ON ledger_body EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE FUNCTION ledger_body_deletion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ledger_destroyed d JOIN ledger_entry e ON e.log_id = d.log_id AND e.seq = d.by_seq WHERE d.log_id = OLD.log_id AND d.seq = OLD.seq AND e.entry_class = 'body_destroyed') THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'ledger_body goes only after an entry that says so'; END IF; RETURN OLD; END $$",
        "CREATE TRIGGER ledger_body_no_delete BEFORE DELETE ON ledger_body FOR EACH ROW EXECUTE FUNCTION ledger_body_deletion()",
        "CREATE TRIGGER answer_no_change BEFORE UPDATE OR DELETE ON answer FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER answer_no_truncate BEFORE TRUNCATE ON answer EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "access_view",
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.String(length=100), nullable=False),
        sa.Column("span", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("validation_id", "participant_id", "thing", "span", name=op.f("pk_access_view")),
    )
    op.create_table(
        "bundle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.Column("done_bytes", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("object_key", sa.String(length=200), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
    )
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_validation_id"), ["validation_id"], unique=False)

    op.create_table(
        "command_receipt",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("at", evidence.tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "command_id", name=op.f("pk_command_receipt")),
    )
    op.create_table(
        "evidence_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("admitted_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("filed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_item")),
    )
    with op.batch_alter_table("evidence_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_item_state"), ["state"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True),
        sa.Column("run_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_job_dedupe_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["run_at"], unique=False)

    op.create_table(
        "lane",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("source_ids", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("built_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint(
            "validation_session_id",
            "participant_id",
            "kind",
            name=op.f("uq_lane_validation_session_id_participant_id_kind"),
        ),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lane_case_id"), ["case_id"], unique=False)

    op.create_table(
        "ledger_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_ledger_log_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_log")),
    )
    with op.batch_alter_table("ledger_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_log_case_id"), ["case_id"], unique=False)

    op.create_table(
        "media_cursor",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("offset_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_media_cursor")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("entity_types", sa.JSON(), nullable=False),
        sa.Column("account_number", sa.String(length=40), server_default="", nullable=False),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_table(
        "official_text",
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "criterion_id", name=op.f("pk_official_text")),
    )
    op.create_table(
        "source_recording",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("started_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("ended_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("expected_segments", sa.BigInteger(), nullable=True),
        sa.Column("settled_segments", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("closed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_recording")),
    )
    with op.batch_alter_table("source_recording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_recording_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_source_recording_validation_session_id"), ["validation_session_id"], unique=False
        )

    op.create_table(
        "validation_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_validation_number")),
    )
    op.create_table(
        "viewer",
        sa.Column("peer_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("peer_id", name=op.f("pk_viewer")),
    )
    with op.batch_alter_table("viewer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_viewer_validation_session_id"), ["validation_session_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("office_role", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.CheckConstraint("(side = 'member') = (member_id IS NOT NULL)", name=op.f("ck_account_member_side")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_account_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_member_id"), ["member_id"], unique=False)

    op.create_table(
        "evidence_derivative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("made_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["evidence_item.id"], name=op.f("fk_evidence_derivative_parent_id_evidence_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_derivative")),
        sa.UniqueConstraint("parent_id", "kind", name=op.f("uq_evidence_derivative_parent_id_kind")),
    )
    with op.batch_alter_table("evidence_derivative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_derivative_case_id"), ["case_id"], unique=False)

    op.create_table(
        "ledger_checkpoint",
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["ledger_log.id"], name=op.f("fk_ledger_checkpoint_log_id_ledger_log")),
        sa.CheckConstraint("size > 0", name=op.f("ck_ledger_checkpoint_size")),
        sa.PrimaryKeyConstraint("log_id", "size", name=op.f("pk_ledger_checkpoint")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_class", sa.String(length=20), nullable=False),
        sa.Column("at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["ledger_log.id"], name=op.f("fk_ledger_entry_log_id_ledger_log")),
        sa.PrimaryKeyConstraint("log_id", "seq", name=op.f("pk_ledger_entry")),
    )
    op.create_table(
        "ledger_node",
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["ledger_log.id"], name=op.f("fk_ledger_node_log_id_ledger_log")),
        sa.PrimaryKeyConstraint("log_id", "level", "place", name=op.f("pk_ledger_node")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_person_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_member_id"), ["member_id"], unique=False)

    op.create_table(
        "segment",
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=True),
        sa.Column("closed_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("filed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source_recording.source_id"], name=op.f("fk_segment_source_id_source_recording")
        ),
        sa.PrimaryKeyConstraint("segment_id", name=op.f("pk_segment")),
        sa.UniqueConstraint("source_id", "index", name=op.f("uq_segment_source_id_index")),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_segment_state"), ["state"], unique=False)

    op.create_table(
        "segment_gap",
        sa.Column("gap_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("track", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source_recording.source_id"], name=op.f("fk_segment_gap_source_id_source_recording")
        ),
        sa.PrimaryKeyConstraint("gap_id", name=op.f("pk_segment_gap")),
    )
    with op.batch_alter_table("segment_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_gap_source_id"), ["source_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("latitude_deg", sa.Float(), nullable=True),
        sa.Column("longitude_deg", sa.Float(), nullable=True),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_site_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_member_id"), ["member_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("arrival", sa.JSON(), nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.String(length=60), nullable=True),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("expires_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_upload_item_id_evidence_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_state"), ["state"], unique=False)

    op.create_table(
        "credential",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("argon2_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credential_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "ledger_body",
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["log_id", "seq"],
            ["ledger_entry.log_id", "ledger_entry.seq"],
            name=op.f("fk_ledger_body_log_id_seq_ledger_entry"),
        ),
        sa.PrimaryKeyConstraint("log_id", "seq", name=op.f("pk_ledger_body")),
    )
    op.create_table(
        "ledger_destroyed",
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["log_id", "by_seq"],
            ["ledger_entry.log_id", "ledger_entry.seq"],
            name=op.f("fk_ledger_destroyed_log_id_by_seq_ledger_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["log_id", "seq"],
            ["ledger_entry.log_id", "ledger_entry.seq"],
            name=op.f("fk_ledger_destroyed_log_id_seq_ledger_entry"),
        ),
        sa.CheckConstraint("by_seq > seq", name=op.f("ck_ledger_destroyed_later")),
        sa.PrimaryKeyConstraint("log_id", "seq", name=op.f("pk_ledger_destroyed")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("used_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id_account")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in_link")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "validation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("entity_types", sa.JSON(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("criteria_as_of", sa.Date(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("opened_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("closed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_validation_member_id_member")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_validation_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation")),
        sa.UniqueConstraint("number", name=op.f("uq_validation_number")),
    )
    with op.batch_alter_table("validation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_validation_member_id"), ["member_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("closed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["validation_id"], ["validation.id"], name=op.f("fk_finding_validation_id_validation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_validation_id"), ["validation_id"], unique=False)
        batch_op.create_index(
            "uq_finding_one_open",
            ["validation_id", "criterion_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "item_link",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_item_link_validation_id_validation")
        ),
        sa.PrimaryKeyConstraint("item_id", "criterion_id", name=op.f("pk_item_link")),
    )
    with op.batch_alter_table("item_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_link_validation_id"), ["validation_id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("added_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_participant_account_or_person")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_participant_account_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participant_person_id_person")),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_participant_validation_id_validation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_validation_id"), ["validation_id"], unique=False)
        batch_op.create_index("uq_participant_validation_id_account_id", ["validation_id", "account_id"], unique=True)
        batch_op.create_index("uq_participant_validation_id_person_id", ["validation_id", "person_id"], unique=True)

    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("closed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["validation_id"], ["validation.id"], name=op.f("fk_request_validation_id_validation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_validation_id"), ["validation_id"], unique=False)

    op.create_table(
        "review_mark",
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("marked_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_review_mark_validation_id_validation")
        ),
        sa.PrimaryKeyConstraint("validation_id", "criterion_id", name=op.f("pk_review_mark")),
    )
    op.create_table(
        "review_signature",
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signed_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_review_signature_validation_id_validation")
        ),
        sa.PrimaryKeyConstraint("validation_id", name=op.f("pk_review_signature")),
    )
    op.create_table(
        "validation_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("recording", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("ended_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_validation_session_site_id_site")),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_validation_session_validation_id_validation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_session")),
    )
    with op.batch_alter_table("validation_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_validation_session_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_validation_session_validation_id"), ["validation_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("consent_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("consent_recording", sa.Boolean(), nullable=True),
        sa.Column("consent_language", sa.String(length=2), nullable=True),
        sa.Column("consent_text_id", sa.String(length=100), nullable=True),
        sa.Column("admitted_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("joined_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_attendance_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_attendance_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("validation_session_id", "participant_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("expires_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("opened_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("browser_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_invitation_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_invitation_validation_id_validation")
        ),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_invitation_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_validation_id"), ["validation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invitation_validation_session_id"), ["validation_session_id"], unique=False
        )

    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("opened_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("closed_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_source_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["validation_id"], ["validation.id"], name=op.f("fk_source_validation_id_validation")),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_source_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_source_validation_session_id"), ["validation_session_id"], unique=False)

    op.create_table(
        "tour_stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validation.id"], name=op.f("fk_tour_stop_validation_id_validation")
        ),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_tour_stop_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tour_stop")),
    )
    with op.batch_alter_table("tour_stop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tour_stop_validation_id"), ["validation_id"], unique=False)
        batch_op.create_index("uq_tour_stop_validation_id_position", ["validation_id", "position"], unique=True)

    op.create_table(
        "answer",
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("stop_id", sa.Uuid(), nullable=True),
        sa.Column("item_ids", sa.JSON(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["stop_id"], ["tour_stop.id"], name=op.f("fk_answer_stop_id_tour_stop")),
        sa.ForeignKeyConstraint(["validation_id"], ["validation.id"], name=op.f("fk_answer_validation_id_validation")),
        sa.PrimaryKeyConstraint("validation_id", "criterion_id", "version", name=op.f("pk_answer")),
    )
    op.create_table(
        "login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("expires_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (invitation_id IS NULL)", name=op.f("ck_login_account_or_invitation")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_account_id_account")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_login_invitation_id_invitation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_login_token_sha256")),
    )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_invitation_id"), ["invitation_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("open_stop_id", sa.Uuid(), nullable=True),
        sa.Column("private_since", evidence.tables.UtcDateTime(), nullable=True),
        sa.Column("private_by", sa.String(length=200), nullable=True),
        sa.Column("private_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["open_stop_id"], ["tour_stop.id"], name=op.f("fk_room_open_stop_id_tour_stop")),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_room_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("validation_session_id", name=op.f("pk_room")),
    )
    op.create_table(
        "still",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("validation_session_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.String(length=10), nullable=True),
        sa.Column("stop_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("requested_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["stop_id"], ["tour_stop.id"], name=op.f("fk_still_stop_id_tour_stop")),
        sa.ForeignKeyConstraint(["validation_id"], ["validation.id"], name=op.f("fk_still_validation_id_validation")),
        sa.ForeignKeyConstraint(
            ["validation_session_id"],
            ["validation_session.id"],
            name=op.f("fk_still_validation_session_id_validation_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_still")),
    )
    with op.batch_alter_table("still", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_still_validation_id"), ["validation_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("queued_at", evidence.tables.UtcDateTime(), nullable=False),
        sa.Column("sent_at", evidence.tables.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_outbox_invitation_id_invitation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_invitation_id"), ["invitation_id"], unique=False)

    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)
