"""What people at partners hear: a referral to answer, somebody arrived, how many were received."""

from collections.abc import Mapping
from datetime import date

from core import clock
from core.references import reference
from core.words import Told, say
from notifications import texts
from notifications.composing import Writing
from notifications.letter import Letter
from notifications.rules import definition_of
from notifications.views import ArrivedView, ReceivedView, ReferralView
from storage.queries import cases, consents, introductions, referrals
from storage.tables import Partner, Referral
from workflows.definition import ARRIVED

#: below this number an employer does not see how many it introduced
FEWEST = 5
_FEWER = Told("fewer than {number}")


def referral(writing: Writing) -> Letter | None:
    """A referral to answer: no name, only a reference; who it is, the page tells with a code."""
    row = writing.session.get(Referral, writing.message.referral_id)
    if row is None or row.state != "sent":
        return None
    today = clock.local_day(writing.now, writing.library.zone)
    if not consents.holds(writing.session, row.participant_id, "refer", today):
        return None
    course = None
    if row.course_id is not None:
        course = referrals.course(writing.session, row.organisation_id, row.course_id)
    sent_on = clock.local_day(row.sent_at or writing.now, writing.library.zone)
    view = ReferralView(
        name=writing.name,
        library=writing.library.name,
        reference=reference(row.case_id),
        course=course.title if course else None,
        starts_on=course.starts_on if course else None,
        sent_on=sent_on,
        url=writing.links.referral(row.id or 0, row.version, writing.contact),
    )
    own = writing.own_text("referral", texts.values_for_referral(view, writing.language))
    return writing.letter("referral", {"referral": view}, thread=view.reference, own=own)


def arrived(writing: Writing) -> Letter | None:
    """Somebody whom the receiver introduced arrived; only when that person agreed to it.

    Nothing when the step that said so was undone.
    """
    case = writing.message.case_id or 0
    if not _has_come(writing, case):
        return None
    found = introductions.of_case(writing.session, case)
    today = clock.local_day(writing.now, writing.library.zone)
    person = writing.message.detail["participant"]
    if not consents.holds(writing.session, person, "tell_referrer", today):
        return None
    view = ArrivedView(
        name=writing.name,
        reference=reference(case),
        introduced_on=clock.local_day(found.received_at, writing.library.zone) if found else None,
        day=date.fromisoformat(writing.message.detail["day"]),
    )
    return writing.letter("arrived", {"arrived": view}, thread=view.reference)


def _has_come(writing: Writing, case: int) -> bool:
    levels: Mapping[str, int | None] = {}
    for row in cases.standing(writing.session, [case]):
        levels = definition_of(writing.session, row.workflow_version_id).level_numbers
    return any(
        (levels.get(entry.to_stage) or 0) >= ARRIVED
        for entry in cases.history(writing.session, case)
        if entry.kind != "undo" and entry.voided_by is None
    )


def received(writing: Writing) -> Letter | None:
    """How many introductions of a partner were received, as a total."""
    detail = writing.message.detail
    partner = writing.session.get_one(Partner, writing.contact.partner_id)
    number = detail["number"]
    shown = str(number) if number >= FEWEST else say(writing.language, _FEWER, number=FEWEST)
    view = ReceivedView(
        name=writing.name,
        partner=partner.name,
        number=shown,
        day=date.fromisoformat(detail["day"]),
    )
    return writing.letter("received", {"received": view})
