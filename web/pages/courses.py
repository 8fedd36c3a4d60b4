"""The courses of providers: which there are, who goes there, and how they change."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import ChangedMeanwhile, NothingToUndo, Refused
from core.words import say
from referrals import courses as offer
from referrals.courses import COURSES, CourseFacts
from storage.queries import course_pages, pointers, referrals
from storage.queries.course_pages import CourseLine, Wanted
from storage.tables import Course
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, NotFilledIn, Sent
from web.members import Member
from web.pages import course_forms, course_views
from web.pages.course_views import SUBJECTS
from web.pages.numbered import Numbered
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: how near a start is that is called soon
SOON = timedelta(weeks=6)
#: lines on a page
MOST = 60
_CHANGED = "Somebody changed the course since. Look at it again."


@router.api_route("/courses", methods=["GET", "HEAD"])
def courses(request: Request, member: AtDesk, house: InHouse) -> Response:
    """The offer: what begins first stands on top."""
    asked = request.query_params
    subject = asked.get("subject", "") if asked.get("subject") in SUBJECTS else ""
    after = asked.get("after", "")
    first = int(after) if after.isascii() and after.isdecimal() and len(after) < 6 else 0
    with house.reading() as session:
        providers = course_pages.providers(session, member.organisation_id)
        known = {str(number): number for number, _ in providers}
        wanted = Wanted(
            subject=subject,
            provider_id=known.get(asked.get("provider", "")),
            starts_by=member.today + SOON if asked.get("soon") else None,
            free=bool(asked.get("free")),
            over=bool(asked.get("over")),
        )
        lines = course_pages.courses(
            session, member.organisation_id, wanted, member.today, first=first, most=MOST + 1
        )
    return desk.page(
        request, house, member, "courses/list.html", nav="courses",
        lines=[(line, course_views.seats_of(line)) for line in lines[:MOST]],
        wanted=wanted, providers=providers, **course_views.words(member),
        filtered=wanted != Wanted(), first=first, more=first + MOST if len(lines) > MOST else None,
    )  # fmt: skip


@router.api_route("/courses/new", methods=["GET", "HEAD"])
def new_course(request: Request, member: AtDesk, house: InHouse) -> Response:
    """The form for a course."""
    return _new(request, member, house, None, None, 200)


@router.post("/courses/new")
def add_course(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Add a course."""

    def act(session: Session) -> Outcome:
        library = member.organisation_id
        there_are = [number for number, _ in course_pages.providers(session, library)]
        provider = course_forms.provider(sent, there_are)
        facts = course_forms.read(sent, member.today)
        row = offer.add(session, library, provider, facts, by=member.by, now=member.now)
        return {"did": "course.added", "course": row.id}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _new(request, member, house, form, refusal, status)

    return deeds.handle(
        request, member, house, sent, act, show, lambda did: f"/courses/{did['course']}"
    )


@router.api_route("/courses/{number}", methods=["GET", "HEAD"])
def course(request: Request, member: AtDesk, house: InHouse, number: Numbered) -> Response:
    """A course with who is referred there."""
    with house.reading() as session:
        line = _found(session, member, number)
        rows = course_pages.going(session, number)
    return desk.page(
        request, house, member, "courses/course.html", nav="courses",
        line=line, seats=course_views.seats_of(line), **course_views.words(member),
        groups=course_views.groups(member, rows), waiting=course_views.waiting(member, rows),
        over=course_views.over(member, rows),
    )  # fmt: skip


@router.api_route("/courses/{number}/change", methods=["GET", "HEAD"])
def edit_course(request: Request, member: AtDesk, house: InHouse, number: Numbered) -> Response:
    """The form with what is known of a course."""
    return _edit(request, member, house, number, None, None, 200)


@router.post("/courses/{number}/change")
def change_course(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, sent: Filled
) -> Response:
    """Change a course; when that moves follow-ups, they are shown first."""

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _edit(request, member, house, number, form, refusal, status)

    due_hour = house.site.due_hour

    def act(session: Session) -> Outcome:
        _found(session, member, number)
        facts = course_forms.read(sent, member.today)
        before_due = course_views.due_days(session, number)
        before = offer.change(
            session, number, facts, seen=sent["seen"], by=member.by, now=member.now,
            due_hour=due_hour,
        )  # fmt: skip
        after_due = course_views.due_days(session, number)
        moved = sum(after_due.get(key) != day for key, day in before_due.items())
        return {
            "did": "course.changed", "course": number, "before": before.kept(),
            "after": facts.mark, "moved": moved,
        }  # fmt: skip

    if not sent["sure"]:
        try:
            look = _look(member, house, number, sent)
        except NotFilledIn as error:
            return show(error.sent, None, 422)
        if look:
            return desk.page(
                request, house, member, "courses/look.html", nav="courses", sent=sent,
                moves=look, number=number, fields=[*course_forms.typed(CourseFacts("")), "seen"],
            )  # fmt: skip
    return deeds.handle(request, member, house, sent, act, show, f"/courses/{number}")


def _look(member: Member, house: House, number: int, sent: Sent) -> Sequence[course_views.Moving]:
    """Which follow-ups a form would move; none when the course was changed meanwhile."""
    with house.reading() as session:
        line = _found(session, member, number)
    facts = course_forms.read(sent, member.today)
    days = (line.starts_on, line.ends_on) != (facts.starts_on, facts.ends_on)
    if not days or sent["seen"] != _facts(line).mark:
        return ()
    with house.rehearsing() as session:
        return course_views.moving(session, member, number, facts, house.site.due_hour)


def _new(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        providers = course_pages.providers(session, member.organisation_id)
    asked = {**course_forms.typed(CourseFacts("")), "provider": request.query_params.get("at", "")}
    return desk.page(
        request, house, member, "courses/new.html", nav="courses", status=status, sent=sent,
        refusal=refusal, providers=providers, **course_views.words(member),
        typed=sent.fields if sent else asked, **_bounds(member),
    )  # fmt: skip


def _edit(
    request: Request, member: Member, house: House, number: int, sent: Sent | None,
    refusal: Refused | None, status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        line = _found(session, member, number)
    there = _facts(line)
    both = None
    if sent is not None and isinstance(refusal, ChangedMeanwhile):
        both, refusal = course_forms.typed(there), None
    return desk.page(
        request, house, member, "courses/change.html", nav="courses", status=status, sent=sent,
        refusal=refusal, line=line, both=both, seen=there.mark, **course_views.words(member),
        typed=sent.fields if sent else course_forms.typed(there), **_bounds(member),
    )  # fmt: skip


def _bounds(member: Member) -> Mapping[str, Any]:
    return {"earliest": course_forms.EARLIEST, "latest": member.today + course_forms.LATEST}


def _found(session: Session, member: Member, number: int) -> CourseLine:
    line = course_pages.course(session, member.organisation_id, number)
    if line is None:
        raise HTTPException(404)
    return line


def _facts(line: CourseLine) -> CourseFacts:
    return CourseFacts(
        line.title, line.subject, line.kind, line.place, line.starts_on, line.ends_on,
        line.seats, bool(line.active),
    )  # fmt: skip


def _row(session: Session, member: Member, values: Values) -> Course | None:
    return referrals.course(session, member.organisation_id, values["course"])


def _tell_added(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The course is there")]


def _tell_changed(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language, moved = member.language, values["moved"]
    told = [say(language, "The course was changed")]
    if moved == 1:
        told.append(say(language, "One follow-up got another day."))
    elif moved:
        told.append(say(language, "{number} follow-ups got another day.", number=moved))
    return told


def _take_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    row = _row(session, member, values)
    if row is None:
        raise NothingToUndo(remedy=_CHANGED)
    offer.take_back(session, row, by=member.by, now=member.now)
    return {"did": "undone"}


def _put_back(session: Session, member: Member, values: Values, house: House) -> Outcome:
    row = _row(session, member, values)
    if row is None or offer.facts_of(row).mark != values["after"]:
        raise NothingToUndo(remedy=_CHANGED)
    offer.change(
        session, values["course"], CourseFacts.from_kept(values["before"]), seen=values["after"],
        by=member.by, now=member.now, due_hour=house.site.due_hour,
    )  # fmt: skip
    return {"did": "undone"}


def _is_unused(session: Session, member: Member, values: Values) -> bool:
    row = _row(session, member, values)
    return row is not None and pointers.unused(session, COURSES, row.id or 0)


def _is_as_left(session: Session, member: Member, values: Values) -> bool:
    row = _row(session, member, values)
    return row is not None and offer.facts_of(row).mark == values["after"]


DEEDS: Mapping[str, Deed] = {
    "course.added": Deed(_tell_added, _take_back, _is_unused),
    "course.changed": Deed(_tell_changed, _put_back, _is_as_left),
}
