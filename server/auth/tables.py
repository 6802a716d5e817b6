"""Tables of passwords, logins and single-use sign-in links. Only hashes of secrets are stored."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Uuid

from evidence.tables import UtcDateTime, metadata

credential = Table(
    "credential",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("argon2_hash", String(200), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)
login = Table(
    "login",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), index=True),
    Column("invitation_id", ForeignKey("invitation.id"), index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(200), nullable=False),
    CheckConstraint("(account_id IS NULL) <> (invitation_id IS NULL)", name="account_or_invitation"),
)
sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)
