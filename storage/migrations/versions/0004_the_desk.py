"""The desk: signing in, what people keep there, finding people by name, cases that go over."""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from storage.types import UtcMoment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: people whose names are folded at a time
BATCH = 2000
#: what stands before a last name and is left out of its words
PARTICLES = (
    "van", "de", "den", "der", "het", "t", "in", "op", "ter", "ten", "te", "aan", "bij", "uit",
    "la", "le", "du", "el", "al", "von", "zu", "da", "di", "dos",
)  # fmt: skip
#: what constraints say from now on and said before, where only the words of a check change
CHECKS = (
    (
        "stage_entry",
        "ck_stage_entry_kind_known",
        "kind IN ('open', 'move', 'undo', 'history', 'migrate')",
        "kind IN ('open', 'move', 'undo', 'history')",
    ),
    (
        "message",
        "ck_message_kind_known",
        "kind IN ('digest', 'partner_digest', 'roll_up', 'introductions', 'answer', 'undelivered', 'referral', 'arrived', 'received', 'appointment', 'code', 'new_link', 'invitation', 'reset', 'about_cases')",
        "kind IN ('digest', 'partner_digest', 'roll_up', 'introductions', 'answer', 'undelivered', 'referral', 'arrived', 'received', 'appointment', 'code', 'new_link')",
    ),
)
MERGED_INTO = (
    "CONSTRAINT fk_participant_organisation_id_merged_into_id"
    " FOREIGN KEY(organisation_id, merged_into_id) REFERENCES participant (organisation_id, id)"
)
TABLES = (
    "sample", "participant_merge", "migrated_case", "case_migration", "route_draft", "draft", "saved_view",
    "device", "sign_in_try", "key_link", "visit", "sign_in",
)  # fmt: skip


def upgrade() -> None:
    """Take the step."""
    op.execute("ALTER TABLE staff ADD COLUMN desk JSON NOT NULL DEFAULT '{}'")
    _find_people_by_words()
    _merge_people()
    for table, name, check, former in CHECKS:
        _say_otherwise(table, name, former, check)
    _create_tables()
    _index_overviews()
    known = sa.text("case_id IS NOT NULL")
    op.create_index(
        "ix_message_case_id", "message", ["case_id"], sqlite_where=known, postgresql_where=known
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_message_case_id", "message")
    _index_no_overviews()
    for table in TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM message WHERE kind IN ('invitation', 'reset', 'about_cases')")
    op.execute("UPDATE stage_entry SET kind = 'history' WHERE kind = 'migrate'")
    for table, name, check, former in CHECKS:
        _say_otherwise(table, name, check, former)
    _merge_no_people()
    op.drop_index("ix_participant_word_participant_id_word", "participant_word")
    op.drop_table("participant_word")
    op.drop_column("staff", "desk")


def _find_people_by_words() -> None:
    op.create_table(
        "participant_word",
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column(
            "word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("participant_id", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participant_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_participant_word_organisation_id_participant_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "word", "participant_id", name=op.f("pk_participant_word")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_participant_word_participant_id_word"),
        "participant_word",
        ["participant_id", "word"],
    )
    connection = op.get_bind()
    several = sa.text(
        "SELECT id, organisation_id, first_name, last_name, phone FROM participant"
        " WHERE id > :after AND (first_name IS NOT NULL OR last_name IS NOT NULL"
        " OR phone IS NOT NULL) ORDER BY id LIMIT :batch"
    )
    found = sa.text("INSERT INTO participant_word VALUES (:library, :word, :id)")
    last = 0
    while people := connection.execute(several, {"after": last, "batch": BATCH}).all():
        last = people[-1].id
        rows = [
            {"library": who.organisation_id, "word": word, "id": who.id}
            for who in people
            for word in _words(who.first_name, who.last_name, who.phone)
        ]
        if rows:
            connection.execute(found, rows)


def _words(first: str | None, last: str | None, phone: str | None) -> set[str]:
    """By what somebody was found when this step was written (`referrals.search_words`)."""
    lasts = _folded(last or "").split()
    words = {*_folded(first or "").split(), *([w for w in lasts if w not in PARTICLES] or lasts)}
    return {*words, *(["#" + phone.removeprefix("+")[::-1]] if phone else [])}


def _merge_people() -> None:
    kind = "INTEGER" if _on_sqlite() else "BIGINT"
    op.execute(f"ALTER TABLE participant ADD COLUMN merged_into_id {kind}")
    if _on_sqlite():
        _rewrite("participant", lambda said: f"{said.rstrip().removesuffix(')')}, {MERGED_INTO})")
    else:
        op.execute(f"ALTER TABLE participant ADD {MERGED_INTO}")


def _merge_no_people() -> None:
    if _on_sqlite():
        _rewrite("participant", lambda said: said.replace(f", {MERGED_INTO}", ""))
    else:
        op.execute("ALTER TABLE participant DROP CONSTRAINT " + MERGED_INTO.split()[1])
    op.drop_column("participant", "merged_into_id")


def _say_otherwise(table: str, name: str, former: str, check: str) -> None:
    """Change the words of a check."""
    if _on_sqlite():
        _rewrite(table, lambda said: said.replace(f"({former})", f"({check})"))
    else:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})")


def _rewrite(table: str, change: Callable[[str], str]) -> None:
    """Change what SQLite knows of a table, in the way that its makers describe.

    A constraint stands in no row, so none has to be copied, and tables that point at this one
    keep doing so: https://www.sqlite.org/lang_altertable.html, section 7.
    """
    connection = op.get_bind()
    here = {"table": table}
    said = connection.execute(
        sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), here
    ).scalar_one()
    changed = change(said)
    if changed == said:
        # it is not as the step before left it
        raise RuntimeError(table)
    step = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :table"),
        here | {"sql": changed},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(step) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 0")


#: indexes of the overviews: name → (table, columns, the rows that stand in it)
OVERVIEWS = {
    "ix_cases_linked_case_id": ("cases", ["linked_case_id"], "linked_case_id IS NOT NULL"),
    "ix_cases_open_since": ("cases", ["organisation_id", "stage_day"], "closed_at IS NULL"),
    "ix_cases_open_owner": ("cases", ["organisation_id", "owner_id"], "closed_at IS NULL"),
    "ix_referral_unanswered": ("referral", ["organisation_id", "sent_at"], "state = 'sent'"),
}
COLUMN_OF_A_BOARD = ["organisation_id", "workflow_version_id", "stage"]


def _index_overviews() -> None:
    op.drop_index("ix_cases_organisation_id_workflow_version_id_stage", "cases")
    op.create_index(
        "ix_cases_column_of_a_board",
        "cases",
        [*COLUMN_OF_A_BOARD, "stage_day", "owner_id"],
    )
    for name, (table, columns, rows) in OVERVIEWS.items():
        there = sa.text(rows)
        op.create_index(name, table, columns, sqlite_where=there, postgresql_where=there)


def _index_no_overviews() -> None:
    for name, (table, _, _) in OVERVIEWS.items():
        op.drop_index(name, table)
    op.drop_index("ix_cases_column_of_a_board", "cases")
    op.create_index(
        op.f("ix_cases_organisation_id_workflow_version_id_stage"), "cases", COLUMN_OF_A_BOARD
    )


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _folded(text: str) -> str:
    """A name as it was compared when this step was written (`referrals.names.folded`)."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    letters = (sign for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(s if s.isalnum() else " " for s in letters).split())


_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "'": "", "’": "", "`": ""}
)


def _create_tables() -> None:
    op.create_table(
        "sign_in",
        sa.Column("staff_id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("changed_at", UtcMoment(), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_since", UtcMoment(), nullable=True),
        sa.Column("totp_last", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_sign_in_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sign_in_organisation_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_sign_in")),
    )
    op.create_table(
        "visit",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("staff_id", ROW_NUMBER, nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("seen_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_visit_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_visit_organisation_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_seen_at"), "visit", ["seen_at"], unique=False)
    op.create_index(op.f("ix_visit_staff_id"), "visit", ["staff_id"], unique=False)
    op.create_table(
        "key_link",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("staff_id", ROW_NUMBER, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("expires_at", UtcMoment(), nullable=False),
        sa.Column("used_at", UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'reset', 'step')", name=op.f("ck_key_link_purpose_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_key_link_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_key_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_key_link")),
    )
    op.create_index(op.f("ix_key_link_expires_at"), "key_link", ["expires_at"], unique=False)
    op.create_index(op.f("ix_key_link_staff_id"), "key_link", ["staff_id"], unique=False)
    op.create_table(
        "sign_in_try",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index(
        op.f("ix_sign_in_try_account_device_at"),
        "sign_in_try",
        ["account", "device", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_sign_in_try_at"), "sign_in_try", ["at"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("staff_id", ROW_NUMBER, nullable=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint("page IN ('cases', 'board')", name=op.f("ck_saved_view_page_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_saved_view_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_saved_view_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_saved_view_organisation_id_id")),
    )
    op.create_index(
        op.f("ix_saved_view_organisation_id_page"),
        "saved_view",
        ["organisation_id", "page"],
        unique=False,
    )
    op.create_table(
        "draft",
        sa.Column("staff_id", ROW_NUMBER, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_draft_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_draft_organisation_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "page", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_at"), "draft", ["at"], unique=False)
    op.create_table(
        "route_draft",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("based_on", ROW_NUMBER, nullable=True),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=False),
        sa.Column("changed_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on"], ["workflow_version.id"], name=op.f("fk_route_draft_based_on")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_route_draft_organisation_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_route_draft_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_draft")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_route_draft_organisation_id_name")
        ),
    )
    op.create_table(
        "case_migration",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("from_version_id", ROW_NUMBER, nullable=False),
        sa.Column("to_version_id", ROW_NUMBER, nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=True),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("brought_back_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["workflow_version.id"],
            name=op.f("fk_case_migration_from_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_case_migration_organisation_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_migration_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["workflow_version.id"], name=op.f("fk_case_migration_to_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_migration")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_case_migration_organisation_id_id")
        ),
    )
    op.create_table(
        "migrated_case",
        sa.Column("migration_id", ROW_NUMBER, nullable=False),
        sa.Column("case_id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("from_stage", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_migrated_case_organisation_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "migration_id"],
            ["case_migration.organisation_id", "case_migration.id"],
            name=op.f("fk_migrated_case_organisation_id_migration_id"),
        ),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name=op.f("pk_migrated_case")),
    )
    op.create_table(
        "participant_merge",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("kept_id", ROW_NUMBER, nullable=False),
        sa.Column("gone_id", ROW_NUMBER, nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("kept_before", sa.JSON(), nullable=False),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=True),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("undone_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_participant_merge_organisation_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "gone_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_participant_merge_organisation_id_gone_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "kept_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_participant_merge_organisation_id_kept_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_participant_merge_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_merge")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_participant_merge_organisation_id_id")
        ),
    )
    op.create_index(
        op.f("ix_participant_merge_kept_id"), "participant_merge", ["kept_id"], unique=False
    )
    op.create_table(
        "sample",
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", ROW_NUMBER, nullable=False),
        sa.CheckConstraint(
            "kind IN ('participant', 'partner', 'course')", name=op.f("ck_sample_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sample_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "subject_id", name=op.f("pk_sample")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "device",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("staff_id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("seen_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_device_organisation_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_device_organisation_id")
        ),
        sa.PrimaryKeyConstraint("hash", "staff_id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_seen_at"), "device", ["seen_at"], unique=False)
