"""The letters: for each kind of message what stands in it, in files by who receives it."""

from collections.abc import Mapping

from notifications.composing import Writer
from notifications.letters import colleagues, digests, doors, keys, participants, partners, roll_up

#: kind (`storage.tables.message.MESSAGE_KINDS`) → what writes it
WRITERS: Mapping[str, Writer] = {
    "digest": digests.digest,
    "partner_digest": digests.partner_digest,
    "roll_up": roll_up.roll_up,
    "introductions": colleagues.introductions,
    "about_cases": colleagues.about_cases,
    "answer": colleagues.answer,
    "undelivered": colleagues.undelivered,
    "referral": partners.referral,
    "arrived": partners.arrived,
    "received": partners.received,
    "appointment": participants.appointment,
    "code": doors.code,
    "new_link": doors.new_link,
    "invitation": keys.invitation,
    "reset": keys.reset,
}
