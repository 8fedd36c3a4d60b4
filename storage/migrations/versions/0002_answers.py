"""What was answered to referrals, step by step."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcMoment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = (
    "'draft', 'sent', 'accepted', 'waiting', 'declined', 'started', 'finished', 'no_show', "
    "'withdrawn'"
)


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "referral_answer",
        sa.Column("referral_id", ROW_NUMBER, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("organisation_id", ROW_NUMBER, nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("by_staff_id", ROW_NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("taken_back_at", UtcMoment(), nullable=True),
        sa.CheckConstraint(
            f"from_state IN ({STATES})", name=op.f("ck_referral_answer_from_state_known")
        ),
        sa.CheckConstraint(
            f"to_state IN ({STATES})", name=op.f("ck_referral_answer_to_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_referral_answer_organisation_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "referral_id"],
            ["referral.organisation_id", "referral.id"],
            name=op.f("fk_referral_answer_organisation_id_referral_id"),
        ),
        sa.PrimaryKeyConstraint("referral_id", "seq", name=op.f("pk_referral_answer")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("referral_answer")
