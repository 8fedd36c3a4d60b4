"""Two who may be one: suggested, laid side by side, merged, and taken apart again."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import NotFound, Refused
from core.references import number_of
from core.words import say
from referrals import finding, merging, newcomers
from referrals.doubles import Person, compare
from referrals.profiles import FIELDS, Value, values_of
from storage.queries import people
from storage.tables import Participant
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import people_views
from web.pages.people_views import PersonView
from web.receipts import Outcome
from web.site import House

router = APIRouter()


def of(session: Session, member: Member, row: Participant) -> list[PersonView]:
    """Whoever may be this participant, with why."""
    person = _person(row)
    near = newcomers.may_be(session, member.organisation_id, person, sees=member.sees)
    why: dict[int, str] = {}
    for each in near:
        verdict = compare(person, Person(*each[1:7])) if each.id != row.id else None
        if verdict is not None:
            why[each.id] = verdict[1]
    rows = [each for each in near if each.id in why]
    return people_views.of_rows(session, member, rows, why)


@router.api_route("/people/{reference}/merge", methods=["GET", "HEAD"])
def look_at_both(request: Request, member: AtDesk, house: InHouse, reference: str) -> Response:
    """Two participants side by side; or, with nobody chosen yet, a search for the other."""
    return _page(request, member, house, reference, None, None, 200)


@router.post("/people/{reference}/merge")
def merge_people(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Let another participant go over into this one."""

    def act(session: Session) -> Outcome:
        kept, gone = _both(session, member, reference, sent["other"])
        theirs = values_of(gone)
        values: dict[str, Value] = {
            name: theirs[name] for name in FIELDS if sent[f"choose_{name}"] == "gone"
        }
        row = merging.merge(
            session, member.organisation_id, kept.id or 0, gone.id or 0, values,
            by=member.by, now=member.now,
        )  # fmt: skip
        return {"did": "participant.merged", "merge": row.id, "cases": len(row.moved["cases"])}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, reference, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, f"/people/{reference}")


def _page(
    request: Request, member: Member, house: House, text: str, sent: Sent | None,
    refusal: Refused | None, status: int,
) -> Response:  # fmt: skip
    other = sent["other"] if sent else request.query_params.get("with", "")
    asked = request.query_params.get("q", "")[: finding.LONGEST].strip()
    with house.reading() as session:
        if not other:
            return _choose(request, member, house, session, text, asked)
        kept, gone = _both(session, member, text, other)
        views = people_views.lines(session, member, [kept.id or 0, gone.id or 0])
        faults = merging.obstacles(session, kept, gone)
    return desk.page(
        request, house, member, "people/merge.html", nav="people", status=status, sent=sent,
        refusal=refusal, kept=views[0], gone=views[1], rows=_rows(member, kept, gone),
        obstacles=faults,
    )  # fmt: skip


def _choose(
    request: Request, member: Member, house: House, session: Session, text: str, asked: str
) -> Response:
    row = _known(session, member, text)
    hits = finding.find(session, member.organisation_id, asked, sees=member.sees).hits
    why = {hit.participant_id: hit.why for hit in hits if hit.participant_id != row.id}
    if not asked:
        found = of(session, member, row)
    else:
        found = people_views.lines(session, member, list(why), why)
    [view] = people_views.lines(session, member, [row.id or 0])
    return desk.page(
        request, house, member, "people/merge_choose.html", nav="people", person=view,
        asked=asked, people=found,
    )  # fmt: skip


def _rows(member: Member, kept: Participant, gone: Participant) -> list[dict[str, str]]:
    """Each field with both values, and which of them is proposed."""
    mine, theirs = values_of(kept), values_of(gone)
    return [
        {
            "name": name,
            "title": say(member.language, people_views.TITLES[name]),
            "kept": people_views.shown(member, name, mine[name]),
            "gone": people_views.shown(member, name, theirs[name]),
            "differs": "1" if mine[name] != theirs[name] else "",
            "proposed": "kept" if mine[name] or not theirs[name] else "gone",
        }
        for name in FIELDS
        if mine[name] or theirs[name]
    ]


def _both(
    session: Session, member: Member, text: str, other: str
) -> tuple[Participant, Participant]:
    return _known(session, member, text), _known(session, member, other)


def _known(session: Session, member: Member, text: str) -> Participant:
    try:
        number = number_of(text)
    except NotFound:
        raise HTTPException(404) from None
    row = people.participant(session, member.organisation_id, number)
    if row is None or row.merged_into_id or row.anonymised_at:
        raise HTTPException(404)
    return row


def _person(row: Participant) -> Person:
    return Person(row.first_name, row.last_name, row.birth_year, row.phone, row.email, row.postcode)


def _told(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language, cases = member.language, values["cases"]
    told = [say(language, "The two are one participant now")]
    if cases == 1:
        told.append(say(language, "One case came along."))
    elif cases:
        told.append(say(language, "{number} cases came along.", number=cases))
    return told


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    undone = merging.undo(
        session, member.organisation_id, values["merge"], by=member.by, now=member.now
    )
    return {"did": "undone", "remains": list(undone.remains)}


def _may_undo(session: Session, member: Member, values: Values) -> bool:
    return merging.may_undo(session, member.organisation_id, values["merge"])


DEEDS: Mapping[str, Deed] = {"participant.merged": Deed(_told, _undo, _may_undo)}
