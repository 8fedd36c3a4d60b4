"""The page of a participant: what is known and can be changed, their cases, what they agreed to."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Refused
from core.references import number_of, reference
from core.words import Told, say
from referrals import consent, profiles
from referrals.profiles import EditedMeanwhile
from storage.queries import consents, people, search
from storage.tables import Participant
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import consent_forms, doubles, people_forms, people_views
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.api_route("/people/{reference}", methods=["GET", "HEAD"])
def person(request: Request, member: AtDesk, house: InHouse, reference: str) -> Response:
    """A participant; of somebody who was merged, whoever was kept."""
    return _page(request, member, house, reference, None, None, 200)


@router.post("/people/{reference}")
def change_person(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Change what is known."""

    def act(session: Session) -> Outcome:
        row = found(session, member, reference)
        values = people_forms.read(sent, member.today)
        sent.check()
        seen = {name: sent[f"seen_{name}"] for name in profiles.FIELDS}
        kept = {name: v for name, v in values.items() if sent[f"choose_{name}"] != "theirs"}
        changed = profiles.change(
            session, member.organisation_id, row.id or 0, kept, seen, by=member.by, now=member.now
        )
        return {"did": "participant.changed", "participant": row.id, "fields": changed}

    return _do(request, member, house, sent, act, reference)


@router.post("/people/{reference}/consent")
def note_consent_of(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Note what a participant agreed to."""

    def act(session: Session) -> Outcome:
        number = found(session, member, reference).id or 0
        agreement = consent_forms.read(sent, member)
        sent.check()
        assert agreement is not None
        consent.note_consent(
            session, member.organisation_id, [(number, agreement)],
            now=member.now, due_hour=house.site.due_hour,
        )  # fmt: skip
        newest = consents.newest(session, number)
        return {"did": "consent.noted", "consent": newest, "participant": number}

    return _do(request, member, house, sent, act, reference)


@router.post("/people/{reference}/consent/withdraw")
def withdraw_consent_of(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Withdraw everything that a participant agreed to."""

    def act(session: Session) -> Outcome:
        number = found(session, member, reference).id or 0
        consent.withdraw_consent(session, number, by=member.by, now=member.now)
        at = member.now.isoformat()
        return {"did": "consent.withdrawn", "participant": number, "at": at}

    return _do(request, member, house, sent, act, reference)


def found(session: Session, member: Member, text: str) -> Participant:
    """The participant that an address names; 404 for nobody this member may see."""
    number = search.seen(session, member.organisation_id, number_of(text), sees=member.sees)
    row = people.participant(session, member.organisation_id, number) if number else None
    if row is None:
        raise HTTPException(404)
    return row


def _do(
    request: Request, member: Member, house: House, sent: Sent, act: Any, text: str
) -> Response:
    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, text, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, f"/people/{text}")


def _page(
    request: Request, member: Member, house: House, text: str, sent: Sent | None,
    refusal: Refused | None, status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        row = found(session, member, text)
        if sent is None and row.id != number_of(text):
            return deeds.go(house, f"/people/{reference(row.id or 0)}")
        number = row.id or 0
        [view] = people_views.lines(session, member, [number])
        agreed = [people_views.consent(member, each) for each in people.consents(session, number)]
        changes = [people_views.change(member, each) for each in people.changes(session, number)]
        alike = doubles.of(session, member, row)
    clashes, fields = _clashes(member, refusal), _fields(member, row)
    if clashes and sent:
        sent = Sent({**sent.fields, **_left_alone(member, row, sent)})
    unknown = [each["title"].lower() for each in fields if not each["shown"]]
    by = refusal.change.by if isinstance(refusal, EditedMeanwhile) else ""
    return desk.page(
        request, house, member, "people/person.html", nav="people", status=status, sent=sent,
        refusal=None if clashes else refusal, person=view, fields=fields,
        unknown=", ".join(unknown) if len(unknown) < len(fields) else "",
        clashes=clashes, clashed_by=by,
        agreed=agreed, holds=any(each.holds for each in agreed), changes=changes, alike=alike,
        tongues=people_views.tongues(member), asking=consent_forms,
        first=member.today + timedelta(days=1), last=member.today + consent_forms.LONGEST,
    )  # fmt: skip


def _fields(member: Member, row: Participant) -> list[dict[str, str]]:
    """Each field: what it is called, how it reads, how it is typed, and the mark it was seen by."""
    return [
        {
            "name": name,
            "title": say(member.language, people_views.TITLES[name]),
            "shown": people_views.shown(member, name, value),
            "typed": people_views.as_typed(name, value),
            "seen": profiles.mark_of(value),
        }
        for name, value in profiles.values_of(row).items()
    ]


def _left_alone(member: Member, row: Participant, sent: Sent) -> Mapping[str, str]:
    """What stands there now in the fields that were left alone, which others may have changed."""
    mine = people_forms.read(Sent(sent.fields), member.today)
    return {
        name: people_views.as_typed(name, value)
        for name, value in profiles.values_of(row).items()
        if profiles.mark_of(mine[name]) == sent[f"seen_{name}"]
    }


def _clashes(member: Member, refusal: Refused | None) -> list[dict[str, str]]:
    """What somebody else changed meanwhile too: both versions of each field."""
    if not isinstance(refusal, EditedMeanwhile):
        return []
    return [
        {
            "name": each.field,
            "title": say(member.language, people_views.TITLES[each.field]),
            "theirs": people_views.shown(member, each.field, each.theirs),
            "mine": people_views.shown(member, each.field, each.mine),
        }
        for each in refusal.clashes
    ]


def _told_changed(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language = member.language
    if not values["fields"]:
        return [say(language, "Nothing was different")]
    named = (say(language, people_views.TITLES[each]).lower() for each in values["fields"])
    told = Told("What is new: {fields}.", fields=", ".join(named))
    return [say(language, "What is known of the participant is changed"), say(language, told)]


DEEDS: Mapping[str, Deed] = {"participant.changed": Deed(_told_changed)}
