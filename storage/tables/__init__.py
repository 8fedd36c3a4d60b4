"""The tables, a noun a file."""

from storage.tables.base import metadata
from storage.tables.cases import Case, StageEntry
from storage.tables.journal import ContactTally, ImportKey, JournalEntry, Note
from storage.tables.link import HandledRequest, Link, ReadingCode
from storage.tables.message import MailText, Message, Undeliverable
from storage.tables.organisation import Organisation
from storage.tables.participant import Consent, Participant
from storage.tables.partner import ContactPerson, Course, Introduction, Partner
from storage.tables.pilot import Campaign, Pilot, PilotLibrary, Target
from storage.tables.reach import ReachCell, ReachEntry, ReachWay
from storage.tables.referral import FollowUp, Referral, ReferralAnswer
from storage.tables.staff import Leave, Staff
from storage.tables.workflow import WorkflowVersion

__all__ = [
    "Campaign", "Case", "Consent", "ContactPerson", "ContactTally", "Course", "FollowUp",
    "HandledRequest", "ImportKey", "Introduction", "JournalEntry", "Leave", "Link", "MailText",
    "Message", "Note", "Organisation", "Participant", "Partner", "Pilot", "PilotLibrary",
    "ReachCell", "ReachEntry", "ReachWay", "ReadingCode", "Referral", "ReferralAnswer", "Staff",
    "StageEntry", "Target", "Undeliverable", "WorkflowVersion", "metadata",
]  # fmt: skip
