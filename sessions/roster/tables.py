"""Tables of companies, sites, people, accounts and participants. Passwords and logins live in `server/auth`."""

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, Index, String, Table, Uuid

from evidence.tables import UtcDateTime, metadata

member = Table(
    "member",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("entity_types", JSON, nullable=False),
    Column("account_number", String(40), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
)
site = Table(
    "site",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("address", String(400), nullable=False),
    Column("country", String(2), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("latitude_deg", Float),
    Column("longitude_deg", Float),
    Column("created_at", UtcDateTime, nullable=False),
)
person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("title", String(200), nullable=False, server_default=""),
    Column("email", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("office_role", String(20), nullable=False),
    Column("side", String(20), nullable=False),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("language", String(2), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("(side = 'member') = (member_id IS NOT NULL)", name="member_side"),
)
participant = Table(
    "participant",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("account.id"), index=True),
    Column("person_id", ForeignKey("person.id"), index=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("side", String(20), nullable=False),
    Column("email", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    CheckConstraint("(account_id IS NULL) <> (person_id IS NULL)", name="account_or_person"),
)
Index("uq_participant_validation_id_account_id", participant.c.validation_id, participant.c.account_id, unique=True)
Index("uq_participant_validation_id_person_id", participant.c.validation_id, participant.c.person_id, unique=True)
