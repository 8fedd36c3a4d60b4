"""The tables, a noun a file."""

from storage.tables.account import Device, KeyLink, SignIn, SignInTry, Visit
from storage.tables.base import metadata
from storage.tables.cases import Case, StageEntry
from storage.tables.desk import CaseMigration, Draft, MigratedCase, RouteDraft, SavedView
from storage.tables.journal import ContactTally, ImportKey, JournalEntry, Note
from storage.tables.link import HandledRequest, Link, ReadingCode
from storage.tables.message import MailText, Message, Undeliverable
from storage.tables.organisation import Organisation
from storage.tables.participant import Consent, Participant, ParticipantMerge, ParticipantWord
from storage.tables.partner import ContactPerson, Course, Introduction, Partner
from storage.tables.pilot import Campaign, Pilot, PilotLibrary, Target
from storage.tables.reach import ReachCell, ReachEntry, ReachWay
from storage.tables.referral import FollowUp, Referral, ReferralAnswer
from storage.tables.sample import Sample
from storage.tables.staff import Leave, Staff
from storage.tables.workflow import WorkflowVersion

__all__ = [
    "Campaign", "Case", "CaseMigration", "Consent", "ContactPerson", "ContactTally", "Course",
    "Device", "Draft", "FollowUp", "HandledRequest", "ImportKey", "Introduction",
    "JournalEntry", "KeyLink", "Leave", "Link", "MailText", "Message", "MigratedCase", "Note",
    "Organisation", "Participant", "ParticipantMerge", "ParticipantWord", "Partner", "Pilot",
    "PilotLibrary", "ReachCell", "ReachEntry", "ReachWay", "ReadingCode", "Referral",
    "ReferralAnswer", "RouteDraft", "Sample", "SavedView", "SignIn", "SignInTry", "Staff",
    "StageEntry", "Target", "Undeliverable", "Visit", "WorkflowVersion", "metadata",
]  # fmt: skip
