"""The first tables: participants, cases, referrals, follow-ups and reach."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcMoment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "organisation",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("closed_days", sa.String(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('library', 'national_office')", name=op.f("ck_organisation_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("short_name", name=op.f("uq_organisation_short_name")),
    )
    op.create_table(
        "pilot",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("focus", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
        sa.UniqueConstraint("name", name=op.f("uq_pilot_name")),
    )
    op.create_table(
        "reach_cell",
        sa.Column("cube", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "cube", "route", "month", "previous", "reached", "part", name=op.f("pk_reach_cell")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "workflow_version",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("published_at", UtcMoment(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_version")),
        sa.UniqueConstraint("name", "number", name=op.f("uq_workflow_version_name_number")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pilot_id", ROW_NUMBER, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_campaign_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("name", name=op.f("uq_campaign_name")),
    )
    op.create_table(
        "journal",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", ROW_NUMBER, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_journal_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index(
        op.f("ix_journal_subject_subject_id"), "journal", ["subject", "subject_id"], unique=False
    )
    op.create_table(
        "participant",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=True),
        sa.Column("last_name", sa.String(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("municipality_code", sa.String(), nullable=True),
        sa.Column("mother_tongue", sa.String(), nullable=True),
        sa.Column("wish", sa.String(), nullable=True),
        sa.Column("best_moment", sa.String(), nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("anonymised_at", UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "mother_tongue IN ('nt1', 'nt2')", name=op.f("ck_participant_mother_tongue_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_participant_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_participant_organisation_id_id")
        ),
        sa.UniqueConstraint("person_key", name=op.f("uq_participant_person_key")),
    )
    op.create_index(
        "ix_participant_email",
        "participant",
        ["organisation_id", "email"],
        unique=False,
        sqlite_where=sa.text("email IS NOT NULL"),
        postgresql_where=sa.text("email IS NOT NULL"),
    )
    op.create_index(
        "ix_participant_last_name",
        "participant",
        ["organisation_id", "last_name"],
        unique=False,
        sqlite_where=sa.text("last_name IS NOT NULL"),
        postgresql_where=sa.text("last_name IS NOT NULL"),
    )
    op.create_index(
        "ix_participant_phone",
        "participant",
        ["organisation_id", "phone"],
        unique=False,
        sqlite_where=sa.text("phone IS NOT NULL"),
        postgresql_where=sa.text("phone IS NOT NULL"),
    )
    op.create_table(
        "partner",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('school', 'childcare', 'employer', 'provider', 'municipality', 'help_desk', 'welfare', 'other')",
            name=op.f("ck_partner_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_partner_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_partner_organisation_id_name")
        ),
    )
    op.create_table(
        "pilot_library",
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("pilot_id", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pilot_library_organisation_id")
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_library_pilot_id")),
        sa.PrimaryKeyConstraint("organisation_id", "pilot_id", name=op.f("pk_pilot_library")),
    )
    op.create_table(
        "reach_way",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pilot_id", ROW_NUMBER, nullable=False),
        sa.Column("campaign_id", ROW_NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("partner_id", ROW_NUMBER, nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reach_way_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reach_way")),
        sa.UniqueConstraint(
            "organisation_id",
            "route",
            "version",
            "pilot_id",
            "campaign_id",
            "channel",
            "partner_id",
            "municipality_code",
            name=op.f(
                "uq_reach_way_organisation_id_route_version_pilot_id_campaign_id_channel_partner_id_municipality_code"
            ),
        ),
    )
    op.create_table(
        "staff",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'coordinator', 'staff', 'national_office')",
            name=op.f("ck_staff_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint(
            "organisation_id", "email", name=op.f("uq_staff_organisation_id_email")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_staff_organisation_id_id")),
    )
    op.create_table(
        "target",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("pilot_id", ROW_NUMBER, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('goal', 'target_group')", name=op.f("ck_target_kind_known")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_target_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_table(
        "cases",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("participant_id", ROW_NUMBER, nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=False),
        sa.Column("workflow_version_id", ROW_NUMBER, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage_day", sa.Date(), nullable=False),
        sa.Column("appointment_on", sa.Date(), nullable=True),
        sa.Column("owner_id", ROW_NUMBER, nullable=True),
        sa.Column("pilot_id", ROW_NUMBER, nullable=True),
        sa.Column("campaign_id", ROW_NUMBER, nullable=True),
        sa.Column("partner_id", ROW_NUMBER, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=True),
        sa.Column("way_id", ROW_NUMBER, nullable=False),
        sa.Column("linked_case_id", ROW_NUMBER, nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_at", UtcMoment(), nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('school', 'employer', 'digital_desk', 'language_course', 'self', 'campaign', 'partner', 'acquaintance', 'other')",
            name=op.f("ck_cases_channel_known"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_cases_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "linked_case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_cases_organisation_id_linked_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_cases_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participant_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_cases_organisation_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "partner_id"],
            ["partner.organisation_id", "partner.id"],
            name=op.f("fk_cases_organisation_id_partner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "pilot_id"],
            ["pilot_library.organisation_id", "pilot_library.pilot_id"],
            name=op.f("fk_cases_organisation_id_pilot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cases_organisation_id")
        ),
        sa.ForeignKeyConstraint(["way_id"], ["reach_way.id"], name=op.f("fk_cases_way_id")),
        sa.ForeignKeyConstraint(
            ["workflow_version_id"],
            ["workflow_version.id"],
            name=op.f("fk_cases_workflow_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_cases_organisation_id_id")),
    )
    op.create_index(
        op.f("ix_cases_organisation_id_workflow_version_id_stage"),
        "cases",
        ["organisation_id", "workflow_version_id", "stage"],
        unique=False,
    )
    op.create_index(op.f("ix_cases_participant_id"), "cases", ["participant_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("participant_id", ROW_NUMBER, nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("receivers", sa.JSON(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("explained_by", ROW_NUMBER, nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", UtcMoment(), nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('consent', 'public_task', 'contract', 'legitimate_interest')",
            name=op.f("ck_consent_basis_known"),
        ),
        sa.CheckConstraint("form IN ('spoken', 'written')", name=op.f("ck_consent_form_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "explained_by"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_consent_organisation_id_explained_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participant_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_consent_organisation_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_consent_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_consent_organisation_id_id")),
    )
    op.create_index(op.f("ix_consent_participant_id"), "consent", ["participant_id"], unique=False)
    op.create_table(
        "contact_person",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("partner_id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "partner_id"],
            ["partner.organisation_id", "partner.id"],
            name=op.f("fk_contact_person_organisation_id_partner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_person_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_contact_person_organisation_id_id")
        ),
    )
    op.create_table(
        "contact_tally",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("pilot_id", ROW_NUMBER, nullable=True),
        sa.Column("campaign_id", ROW_NUMBER, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('school', 'employer', 'digital_desk', 'language_course', 'self', 'campaign', 'partner', 'acquaintance', 'other')",
            name=op.f("ck_contact_tally_channel_known"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_contact_tally_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_tally_organisation_id")
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_contact_tally_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_tally")),
    )
    op.create_index(
        op.f("ix_contact_tally_organisation_id_day"),
        "contact_tally",
        ["organisation_id", "day"],
        unique=False,
    )
    op.create_table(
        "course",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("provider_id", ROW_NUMBER, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('formal', 'non_formal_professional', 'non_formal_volunteer')",
            name=op.f("ck_course_kind_known"),
        ),
        sa.CheckConstraint(
            "subject IN ('language', 'numeracy', 'digital', 'combined')",
            name=op.f("ck_course_subject_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "provider_id"],
            ["partner.organisation_id", "partner.id"],
            name=op.f("fk_course_organisation_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_course_organisation_id_id")),
    )
    op.create_table(
        "reach_entry",
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("way_id", ROW_NUMBER, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.Column("voided_at", UtcMoment(), nullable=True),
        sa.Column("settled", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["way_id"], ["reach_way.id"], name=op.f("fk_reach_entry_way_id")),
        sa.PrimaryKeyConstraint("person_key", "case_key", "seq", name=op.f("pk_reach_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reach_entry_day"), "reach_entry", ["day"], unique=False)
    op.create_index(
        "ix_reach_entry_unsettled",
        "reach_entry",
        ["person_key"],
        unique=False,
        sqlite_where=sa.text("settled <> 1"),
        postgresql_where=sa.text("settled <> 1"),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("case_id", ROW_NUMBER, nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("assignee_id", ROW_NUMBER, nullable=True),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", UtcMoment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("done_at", UtcMoment(), nullable=True),
        sa.Column("done_by", ROW_NUMBER, nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "receiver IN ('owner', 'coordinator', 'referrer', 'provider')",
            name=op.f("ck_follow_up_receiver_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'ended', 'missed')", name=op.f("ck_follow_up_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "assignee_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_follow_up_organisation_id_assignee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_follow_up_organisation_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_follow_up_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "case_id",
            "rule",
            "seq",
            "occurrence",
            "receiver",
            name=op.f("uq_follow_up_case_id_rule_seq_occurrence_receiver"),
        ),
    )
    op.create_index(
        "ix_follow_up_due",
        "follow_up",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "import_key",
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_import_key_organisation_id_case_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "source", "key", name=op.f("pk_import_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "introduction",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("partner_id", ROW_NUMBER, nullable=True),
        sa.Column("contact_person_id", ROW_NUMBER, nullable=True),
        sa.Column("participant_id", ROW_NUMBER, nullable=False),
        sa.Column("case_id", ROW_NUMBER, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wish", sa.String(), nullable=True),
        sa.Column("best_moment", sa.String(), nullable=True),
        sa.Column("received_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('school', 'employer', 'digital_desk', 'language_course', 'self', 'campaign', 'partner', 'acquaintance', 'other')",
            name=op.f("ck_introduction_channel_known"),
        ),
        sa.CheckConstraint(
            "state IN ('new', 'taken_up', 'not_wanted')", name=op.f("ck_introduction_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_introduction_organisation_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "contact_person_id"],
            ["contact_person.organisation_id", "contact_person.id"],
            name=op.f("fk_introduction_organisation_id_contact_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participant_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_introduction_organisation_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "partner_id"],
            ["partner.organisation_id", "partner.id"],
            name=op.f("fk_introduction_organisation_id_partner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_introduction_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_introduction_organisation_id_id")
        ),
    )
    op.create_index(
        op.f("ix_introduction_organisation_id_state"),
        "introduction",
        ["organisation_id", "state"],
        unique=False,
    )
    op.create_table(
        "note",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("case_id", ROW_NUMBER, nullable=False),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_note_organisation_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_note_organisation_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_note_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_note_organisation_id_id")),
    )
    op.create_index(op.f("ix_note_case_id"), "note", ["case_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("case_id", ROW_NUMBER, nullable=False),
        sa.Column("participant_id", ROW_NUMBER, nullable=False),
        sa.Column("provider_id", ROW_NUMBER, nullable=False),
        sa.Column("course_id", ROW_NUMBER, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("warm_handover", sa.Boolean(), nullable=False),
        sa.Column("made_by", ROW_NUMBER, nullable=True),
        sa.Column("sent_at", UtcMoment(), nullable=True),
        sa.Column("answered_at", UtcMoment(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'accepted', 'waiting', 'declined', 'started', 'finished', 'no_show', 'withdrawn')",
            name=op.f("ck_referral_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_referral_organisation_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "course_id"],
            ["course.organisation_id", "course.id"],
            name=op.f("fk_referral_organisation_id_course_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "made_by"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_referral_organisation_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participant_id"],
            ["participant.organisation_id", "participant.id"],
            name=op.f("fk_referral_organisation_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "provider_id"],
            ["partner.organisation_id", "partner.id"],
            name=op.f("fk_referral_organisation_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_referral_organisation_id_id")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_referral_organisation_id_course_id_state"),
        "referral",
        ["organisation_id", "course_id", "state"],
        unique=False,
    )
    op.create_index(
        "uq_referral_open",
        "referral",
        ["participant_id", "course_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'sent', 'accepted', 'waiting', 'started')"),
        postgresql_where=sa.text("state IN ('draft', 'sent', 'accepted', 'waiting', 'started')"),
    )
    op.create_table(
        "stage_entry",
        sa.Column("case_id", ROW_NUMBER, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("move", sa.String(), nullable=True),
        sa.Column("from_stage", sa.String(), nullable=True),
        sa.Column("to_stage", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("precision", sa.String(), nullable=False),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('open', 'move', 'undo', 'history')", name=op.f("ck_stage_entry_kind_known")
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'unknown')", name=op.f("ck_stage_entry_precision_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_stage_entry_organisation_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "case_id"],
            ["cases.organisation_id", "cases.id"],
            name=op.f("fk_stage_entry_organisation_id_case_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_stage_entry")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("stage_entry")
    op.drop_index(
        "uq_referral_open",
        table_name="referral",
        sqlite_where=sa.text("state IN ('draft', 'sent', 'accepted', 'waiting', 'started')"),
        postgresql_where=sa.text("state IN ('draft', 'sent', 'accepted', 'waiting', 'started')"),
    )
    op.drop_index(op.f("ix_referral_organisation_id_course_id_state"), table_name="referral")
    op.drop_index(op.f("ix_referral_case_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("ix_note_case_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_introduction_organisation_id_state"), table_name="introduction")
    op.drop_table("introduction")
    op.drop_table("import_key")
    op.drop_index(
        "ix_follow_up_due",
        table_name="follow_up",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("follow_up")
    op.drop_index(
        "ix_reach_entry_unsettled",
        table_name="reach_entry",
        sqlite_where=sa.text("settled <> 1"),
        postgresql_where=sa.text("settled <> 1"),
    )
    op.drop_index(op.f("ix_reach_entry_day"), table_name="reach_entry")
    op.drop_table("reach_entry")
    op.drop_table("course")
    op.drop_index(op.f("ix_contact_tally_organisation_id_day"), table_name="contact_tally")
    op.drop_table("contact_tally")
    op.drop_table("contact_person")
    op.drop_index(op.f("ix_consent_participant_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_cases_participant_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_organisation_id_workflow_version_id_stage"), table_name="cases")
    op.drop_table("cases")
    op.drop_table("target")
    op.drop_table("staff")
    op.drop_table("reach_way")
    op.drop_table("pilot_library")
    op.drop_table("partner")
    op.drop_index(
        "ix_participant_phone",
        table_name="participant",
        sqlite_where=sa.text("phone IS NOT NULL"),
        postgresql_where=sa.text("phone IS NOT NULL"),
    )
    op.drop_index(
        "ix_participant_last_name",
        table_name="participant",
        sqlite_where=sa.text("last_name IS NOT NULL"),
        postgresql_where=sa.text("last_name IS NOT NULL"),
    )
    op.drop_index(
        "ix_participant_email",
        table_name="participant",
        sqlite_where=sa.text("email IS NOT NULL"),
        postgresql_where=sa.text("email IS NOT NULL"),
    )
    op.drop_table("participant")
    op.drop_index(op.f("ix_journal_subject_subject_id"), table_name="journal")
    op.drop_table("journal")
    op.drop_table("campaign")
    op.drop_table("workflow_version")
    op.drop_table("reach_cell")
    op.drop_table("pilot")
    op.drop_table("organisation")
