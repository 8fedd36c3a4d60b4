"""What a library that begins does first, ticked off by itself; it can be put away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from referrals import routes
from storage.queries import beginnings, choices
from web import deeds, errors
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: what a member chose: the list is put away, the routes were looked at
AWAY, READ = "checklist_away", "route_read"


@dataclass(frozen=True)
class Step:
    """Something to do first."""

    title: str
    why: str
    path: str
    done: bool
    #: whether somebody ticks it off by hand
    by_hand: bool = False


@dataclass(frozen=True)
class Checklist:
    """What to do first, and how much of it is done."""

    steps: tuple[Step, ...]
    #: whether this member may add examples to try things with
    examples: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)


def of(session: Session, member: Member) -> Checklist | None:
    """The list for whoever sets a library up; none when it is put away or everything is done."""
    if not member.may("change_checklist") or member.choices.get(AWAY):
        return None
    begun = beginnings.begun(session, member.organisation_id)
    read = bool(member.choices.get(READ))
    if all(begun) and read:
        return None
    there = routes.names(session)
    steps = _steps(member, begun, f"/routes/{there[0]}" if there else "/routes", read)
    return Checklist(steps, member.may("change_samples") and not begun.contact)


def _steps(member: Member, begun: beginnings.Begun, route: str, read: bool) -> tuple[Step, ...]:
    language = member.language
    return (
        Step(
            say(language, "Set the address for answers"),
            say(language, "Whoever answers a mail of Brug reaches your own desk."),
            "/settings/library", begun.mail_address,
        ),
        Step(
            say(language, "Invite a colleague"),
            say(language, "Together you see who does what, and somebody can stand in for you."),
            "/settings/staff", begun.colleagues,
        ),
        Step(
            say(language, "Add a provider with a course"),
            say(language, "Then you can refer people and see who waits for an answer."),
            "/partners/new?kind=provider", begun.course,
        ),
        Step(
            say(language, "Read one route"),
            say(language, "It shows which steps there are and when Brug reminds you."),
            route, read, by_hand=True,
        ),
        Step(
            say(language, "Note the first contact"),
            say(language, "It takes half a minute, and a name is not needed."),
            "/contacts/new", begun.contact,
        ),
    )  # fmt: skip


@router.post("/checklist")
def change_checklist(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Put the list away, or tick off that a route was read."""

    def act(session: Session) -> Outcome:
        name = {"away": AWAY, "read": READ}[sent.one_of("do", ("away", "read")) or "away"]
        sent.check()
        choices.remember(session, member.staff_id, **{name: True})
        return {"did": f"checklist.{sent['do']}"}

    def show(_form: Sent, refusal: Refused | None, status: int) -> Response:
        return errors.told(request, refusal) if refusal else errors.page(request, 400)

    return deeds.handle(request, member, house, sent, act, show, "/")


def _tell_away(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The list is put away")]


def _tell_read(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "Ticked off")]


def _bring_back(session: Session, member: Member, _values: Values, _house: House) -> Outcome:
    choices.remember(session, member.staff_id, **{AWAY: False})
    return {"did": "undone"}


def _untick(session: Session, member: Member, _values: Values, _house: House) -> Outcome:
    choices.remember(session, member.staff_id, **{READ: False})
    return {"did": "undone"}


DEEDS: Mapping[str, Deed] = {
    "checklist.away": Deed(_tell_away, _bring_back),
    "checklist.read": Deed(_tell_read, _untick),
}
