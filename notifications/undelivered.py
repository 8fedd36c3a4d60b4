"""Tells the coordinators of a library that a mail did not arrive."""

from datetime import datetime

from sqlmodel import Session

from storage.queries import messages, staff
from storage.queries.messages import Queued
from storage.queries.outbox import Outgoing

#: these come again by themselves: of an address that is known to be bad nobody is told each day
_REGULAR = ("digest", "partner_digest", "roll_up")
KIND = "undelivered"


def tell(session: Session, mail: Outgoing, *, known: bool, now: datetime) -> None:
    """Queue a mail to everybody who can mend the address; nothing of a mail that tells of another.

    `known`: the address was known to be bad. ``detail["message"]`` is the number of the mail.
    """
    if mail.kind == KIND or (known and mail.kind in _REGULAR):
        return
    queued = [
        Queued(
            organisation_id=mail.organisation_id,
            key=f"{KIND}:{mail.id}:{mail.attempts}:{colleague}",
            kind=KIND,
            next_at=now,
            staff_id=colleague,
            case_id=mail.case_id,
            referral_id=mail.referral_id,
            detail={"message": mail.id},
        )
        for colleague in staff.coordinators(session, mail.organisation_id)
        if colleague != mail.staff_id
    ]
    messages.queue(session, queued, now)
