"""What staff hear at once, because it cannot wait for the digest."""

from core import clock
from core.references import reference
from core.words import Told, say
from notifications import kinds, outcomes
from notifications.composing import Writing
from notifications.letter import Letter
from notifications.rules import definition_of
from notifications.views import AboutCasesView, AnswerView, IntroducedView, UndeliveredView
from storage.queries import cases, follow_ups, referrals
from storage.tables import ContactPerson, Message, Partner, Staff
from workflows.lifecycles import CALLED

_PARTICIPANT = Told("the participant")
#: references that are named; more are only counted
NAMED = 10
#: faults of which the mail server said nothing
_OURS = ("no_address", "broken")


def introductions(writing: Writing) -> Letter | None:
    """New introductions came in, and somebody must take them up."""
    detail = writing.message.detail
    if _wants_none(writing):
        return None
    partner = writing.session.get(Partner, detail["partner"]) if detail.get("partner") else None
    view = IntroducedView(
        name=writing.name,
        partner=partner.name if partner else None,
        number=detail["number"],
        references=tuple(reference(case) for case in detail["cases"][:NAMED]),
        url=None,
    )
    return writing.letter("introductions", {"introduced": view})


def about_cases(writing: Writing) -> Letter | None:
    """A colleague asks to look at some cases; those that are not the receiver's any more are left
    out, and so is the whole mail when none is."""
    detail = writing.message.detail
    rows = cases.standing(writing.session, detail["cases"])
    theirs = [row.id for row in rows if row.owner_id == writing.staff.id]
    if not theirs or _wants_none(writing):
        return None
    view = AboutCasesView(
        name=writing.name,
        by=writing.session.get_one(Staff, detail["by"]).name,
        number=len(theirs),
        references=tuple(reference(case) for case in theirs[:NAMED]),
        url=writing.links.cases(),
    )
    return writing.letter("about_cases", {"asked": view})


def answer(writing: Writing) -> Letter | None:
    """A provider answered in a way that asks for a step today."""
    message = writing.message
    rows = cases.standing(writing.session, [message.case_id or 0])
    sent = referrals.of_case(writing.session, message.case_id or 0)
    row = next((each for each in sent if each.id == message.referral_id), None)
    # it was taken back, or answered once more
    if not rows or row is None or row.state != message.detail["answer"] or _wants_none(writing):
        return None
    [case] = rows
    definition = definition_of(writing.session, case.workflow_version_id)
    due = follow_ups.next_of_cases(writing.session, [case.id]).get(case.id)
    rule = definition.rule(due.rule) if due else None
    providers = referrals.partner_names(writing.session, [row.provider_id])
    view = AnswerView(
        name=writing.name,
        reference=reference(case.id),
        first_name=cases.first_name(writing.session, case.participant_id),
        provider=providers[row.provider_id],
        answer=say(writing.language, CALLED[row.state]),
        note=row.note,
        next_step=rule.do[writing.language] if rule else "",
        url=writing.links.follow_up(due.id or 0, case.version, writing.staff) if due else None,
    )
    return writing.letter("answer", {"answer": view}, thread=reference(case.id))


def undelivered(writing: Writing) -> Letter | None:
    """A mail could not be delivered: which address must be mended."""
    lost = writing.session.get_one(Message, writing.message.detail["message"])
    # it was tried again meanwhile
    if lost.state != "failed":
        return None
    case = lost.case_id
    view = UndeliveredView(
        name=writing.name,
        address=lost.address or "",
        receiver=_receiver(writing, lost),
        reason=_reason(writing, lost),
        what=say(writing.language, kinds.CALLED[lost.kind]),
        reference=reference(case) if case else None,
    )
    return writing.letter("undelivered", {"undelivered": view})


def _reason(writing: Writing, lost: Message) -> str:
    """The words of the mail server, or ours when it was not asked."""
    if lost.fault in _OURS or not lost.error:
        return say(writing.language, outcomes.CALLED[lost.fault or "no_address"])
    return say(writing.language, lost.error)


def _receiver(writing: Writing, lost: Message) -> str:
    if lost.staff_id is not None:
        return writing.session.get_one(Staff, lost.staff_id).name
    if lost.contact_person_id is not None:
        return writing.session.get_one(ContactPerson, lost.contact_person_id).name
    return say(writing.language, _PARTICIPANT)


def _wants_none(writing: Writing) -> bool:
    """Whether single mails are off or paused; what they tell stands in the digest then."""
    until = writing.staff.paused_until
    today = clock.local_day(writing.now, writing.library.zone)
    return not writing.staff.single_mails or (until is not None and until >= today)
