"""Telling people: the outbox, links in mails, and when somebody wants to hear."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcMoment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: written as they are: both databases add a column with its check in one statement, while another
#: way would copy the whole table
COLUMNS = (
    "organisation ADD COLUMN quiet_from INTEGER NOT NULL DEFAULT 20"
    " CONSTRAINT ck_organisation_quiet_from_in_the_evening CHECK (quiet_from BETWEEN 12 AND 23)",
    "organisation ADD COLUMN quiet_to INTEGER NOT NULL DEFAULT 7"
    " CONSTRAINT ck_organisation_quiet_to_in_the_morning CHECK (quiet_to BETWEEN 4 AND 12)",
    "organisation ADD COLUMN mail_address VARCHAR",
    "contact_person ADD COLUMN language VARCHAR NOT NULL DEFAULT 'nl'",
    "contact_person ADD COLUMN mails BOOLEAN NOT NULL DEFAULT TRUE",
    "staff ADD COLUMN language VARCHAR NOT NULL DEFAULT 'nl'"
    " CONSTRAINT ck_staff_language_known CHECK (language IN ('nl', 'en'))",
    "staff ADD COLUMN digest_hour INTEGER NOT NULL DEFAULT 8"
    " CONSTRAINT ck_staff_digest_hour_by_day CHECK (digest_hour BETWEEN 4 AND 22)",
    "staff ADD COLUMN digest_days VARCHAR NOT NULL DEFAULT '1 2 3 4 5'",
    "staff ADD COLUMN single_mails BOOLEAN NOT NULL DEFAULT TRUE",
    "staff ADD COLUMN paused_until DATE",
    "staff ADD COLUMN digested_on DATE",
)


def upgrade() -> None:
    """Take the step."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    op.add_column("follow_up", sa.Column("escalates_at", UtcMoment(), nullable=True))
    op.add_column("follow_up", sa.Column("former", sa.JSON(), nullable=True))
    op.add_column("follow_up", sa.Column("mailed_on", sa.Date(), nullable=True))
    op.add_column("follow_up", sa.Column("repeats_at", UtcMoment(), nullable=True))
    op.drop_index("ix_follow_up_due", "follow_up")
    _index_open("ix_follow_up_due", ["organisation_id", "due_at"])
    _index_open(
        "ix_follow_up_to_ask",
        ["due_at"],
        " AND mailed_on IS NULL AND receiver IN ('referrer', 'provider')",
    )
    _index_open("ix_follow_up_repeats", ["repeats_at"], " AND repeats_at IS NOT NULL")
    _index_open("ix_follow_up_escalates", ["escalates_at"], " AND escalates_at IS NOT NULL")
    op.create_table(
        "message",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("staff_id", ROW_NUMBER, nullable=True),
        sa.Column("contact_person_id", ROW_NUMBER, nullable=True),
        sa.Column("participant_id", ROW_NUMBER, nullable=True),
        sa.Column("case_id", ROW_NUMBER, nullable=True),
        sa.Column("referral_id", ROW_NUMBER, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcMoment(), nullable=False),
        sa.Column("lease_until", UtcMoment(), nullable=True),
        sa.Column("claim_token", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("first_tried_at", UtcMoment(), nullable=True),
        sa.Column("sent_at", UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('digest', 'partner_digest', 'roll_up', 'introductions', 'answer', 'undelivered', 'referral', 'arrived', 'received', 'appointment', 'code', 'new_link')",
            name=op.f("ck_message_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'claimed', 'data_started', 'sent', 'uncertain', 'failed', 'cancelled')",
            name=op.f("ck_message_state_known"),
        ),
        sa.CheckConstraint(
            "CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END + CASE WHEN contact_person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN participant_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_message_one_receiver"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_message_organisation_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "contact_person_id"],
            ["contact_person.organisation_id", "contact_person.id"],
            name=op.f("fk_message_organisation_id_contact_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participant_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_message_organisation_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "referral_id"],
            ["referral.organisation_id", "referral.id"],
            name=op.f("fk_message_organisation_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_message_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_message_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_message_organisation_id_id")),
    )
    op.create_index(
        op.f("ix_message_organisation_id_state"),
        "message",
        ["organisation_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_message_ready",
        "message",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_message_under_way",
        "message",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state IN ('claimed', 'data_started')"),
        postgresql_where=sa.text("state IN ('claimed', 'data_started')"),
    )
    op.create_table(
        "undeliverable",
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message_id", ROW_NUMBER, nullable=True),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_undeliverable_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "address", name=op.f("pk_undeliverable")),
    )
    op.create_table(
        "mail_text",
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changed_at", UtcMoment(), nullable=False),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_mail_text_language_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mail_text_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "name", "language", name=op.f("pk_mail_text")),
    )
    op.create_table(
        "leave",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("staff_id", ROW_NUMBER, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("stand_in_id", ROW_NUMBER, nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_leave_days_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_leave_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "stand_in_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_leave_organisation_id_stand_in_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_leave_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index(
        op.f("ix_leave_organisation_id_last_day"),
        "leave",
        ["organisation_id", "last_day"],
        unique=False,
    )
    op.create_table(
        "link",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("subject_id", ROW_NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("staff_id", ROW_NUMBER, nullable=True),
        sa.Column("contact_person_id", ROW_NUMBER, nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("expires_at", UtcMoment(), nullable=False),
        sa.Column("used_at", UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('follow_up', 'referral', 'preferences', 'contact_preferences')",
            name=op.f("ck_link_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "contact_person_id"],
            ["contact_person.organisation_id", "contact_person.id"],
            name=op.f("fk_link_organisation_id_contact_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_link_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_link")),
    )
    op.create_index(op.f("ix_link_expires_at"), "link", ["expires_at"], unique=False)
    op.create_table(
        "reading_code",
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("expires_at", UtcMoment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_hash"], ["link.hash"], name=op.f("fk_reading_code_link_hash")
        ),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_reading_code")),
    )
    op.create_table(
        "handled_request",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_handled_request")),
    )
    op.create_index(op.f("ix_handled_request_at"), "handled_request", ["at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table in (
        "handled_request", "reading_code", "link", "leave", "mail_text", "undeliverable", "message",
    ):  # fmt: skip
        op.drop_table(table)
    for name in ("due", "escalates", "repeats", "to_ask"):
        op.drop_index(f"ix_follow_up_{name}", "follow_up")
    _index_open("ix_follow_up_due", ["due_at"])
    for name in ("former", "escalates_at", "mailed_on", "repeats_at"):
        op.drop_column("follow_up", name)
    for column in reversed(COLUMNS):
        table, _, name = column.partition(" ADD COLUMN ")
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name.split()[0]}")


def _index_open(name: str, columns: list[str], more: str = "") -> None:
    """An index of the follow-ups that are open; those that are not take no room in it."""
    where = sa.text(f"state = 'open'{more}")
    op.create_index(name, "follow_up", columns, sqlite_where=where, postgresql_where=where)
