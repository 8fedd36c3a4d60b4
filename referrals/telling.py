"""Which mails a step causes: queued in its own transaction; what they say is written on sending."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session

from core import clock
from referrals.entering import Entering
from referrals.routes import Published
from storage.queries import contacts, messages, staff
from storage.queries.messages import Queued
from storage.tables import ContactPerson, Introduction, Partner, Referral
from workflows.definition import ARRIVED

#: answers after which somebody must act today
URGENT = ("declined", "no_show")


def of_referrals(session: Session, rows: Sequence[Referral], now: datetime) -> None:
    """The contact person of each provider is asked to answer."""
    people = contacts.mailable(session, list({row.provider_id for row in rows}))
    messages.queue(
        session,
        [
            Queued(
                row.organisation_id, f"referral:{row.id}", "referral",
                contact_person_id=people[row.provider_id].id, case_id=row.case_id,
                referral_id=row.id,
            )
            for row in rows
            if row.provider_id in people
        ],
        now,
    )  # fmt: skip


def of_answer(session: Session, row: Referral, owner_id: int | None, now: datetime) -> None:
    """Whoever owns the case hears at once of an answer that asks for a step today.

    When they are away whoever stands in does, and else the coordinators.
    """
    if row.state not in URGENT:
        return
    library = staff.organisation_by_number(session, row.organisation_id)
    today = clock.local_day(now, library.zone)
    messages.queue(
        session,
        [
            Queued(
                row.organisation_id, f"answer:{row.id}:{row.version}:{number}", "answer",
                staff_id=number, case_id=row.case_id, referral_id=row.id,
                detail={"answer": row.state},
            )
            for number in _hearing(session, row.organisation_id, owner_id, today)
        ],
        now,
    )  # fmt: skip


def _hearing(session: Session, organisation_id: int, owner_id: int | None, day: date) -> list[int]:
    """The owner, or who stands in for them on a day; else the coordinators who are there."""
    stands_in = {row.staff_id: row.stand_in_id for row in staff.away(session, organisation_id, day)}
    there = {row.id for row in staff.active(session, organisation_id)} - stands_in.keys()
    number = stands_in.get(owner_id, owner_id) if owner_id else None
    if number is not None and number in there:
        return [number]
    leading = staff.coordinators(session, organisation_id)
    return [each for each in leading if each in there] or leading


def of_arrivals(
    session: Session, entries: Iterable[Entering], versions: dict[int, Published], now: datetime
) -> None:
    """Whoever introduced somebody hears that they arrived: the first time they get to an intake.

    Only when the participant agreed to it; that is asked when the mail is written.
    """
    came = [
        each for each in entries if each.case.partner_id is not None and _arrives(each, versions)
    ]
    if not came:
        return
    introducers = contacts.introducers(session, [each.case.id for each in came])
    partners = {each.case.partner_id for each in came if each.case.partner_id}
    people = contacts.mailable(session, list(partners))
    mails = []
    for each in came:
        person = introducers.get(each.case.id) or people.get(each.case.partner_id or 0)
        if person is not None:
            mails.append(_arrival(each, person))
    messages.queue(session, mails, now)


def _arrives(entry: Entering, versions: dict[int, Published]) -> bool:
    levels = versions[entry.case.workflow_version_id].definition.level_numbers
    there, before = levels[entry.to_stage], levels.get(entry.from_stage or "")
    return there is not None and there >= ARRIVED > (before if before is not None else -1)


def _arrival(entry: Entering, person: ContactPerson) -> Queued:
    return Queued(
        entry.case.organisation_id, f"arrived:{entry.case.id}", "arrived",
        contact_person_id=person.id, case_id=entry.case.id,
        detail={"participant": entry.case.participant_id, "day": str(entry.day)},
    )  # fmt: skip


def of_appointments(
    session: Session,
    entries: Iterable[Entering],
    versions: dict[int, Published],
    day: date,
    now: datetime,
) -> None:
    """Participants who asked for it get their appointment by mail.

    A day that a step asks for is an appointment where the route counts from it; the day on which
    a course began is none.
    """
    messages.queue(
        session,
        [
            Queued(
                each.case.organisation_id, f"appointment:{each.case.id}:{day}", "appointment",
                participant_id=each.case.participant_id, case_id=each.case.id,
                detail={"day": str(day)},
            )
            for each in entries
            if versions[each.case.workflow_version_id].definition.counts_from(
                each.to_stage, "appointment"
            )
        ],
        now,
    )  # fmt: skip


def of_introductions(
    session: Session, partner: Partner, rows: Sequence[Introduction], day: date, now: datetime
) -> None:
    """Coordinators hear of new introductions, and the partner how many were received."""
    if not rows:
        return
    # the same participant may have been introduced before, but never in these rows
    first, cases = rows[0].id, list(dict.fromkeys(row.case_id for row in rows if row.case_id))
    detail = {"number": len(cases), "partner": partner.id, "cases": cases[:10]}
    mails = [
        Queued(
            partner.organisation_id, f"introductions:{first}:{number}", "introductions",
            staff_id=number, detail=detail,
        )
        for number in _hearing(session, partner.organisation_id, None, day)
    ]  # fmt: skip
    person = contacts.mailable(session, [partner.id or 0]).get(partner.id or 0)
    if person is not None:
        mails.append(
            Queued(
                partner.organisation_id, f"received:{first}", "received",
                contact_person_id=person.id, detail={"number": len(cases), "day": str(day)},
            )
        )  # fmt: skip
    messages.queue(session, mails, now)
