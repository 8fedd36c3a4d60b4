"""When and how often somebody's own mails come, for whoever is signed in."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from referrals import colleagues
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import choosing
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.api_route("/settings/mails", methods=["GET", "HEAD"])
def show_own_mails(request: Request, member: AtDesk, house: InHouse) -> Response:
    """What is chosen now."""
    return _show(request, member, house, None, None, 200)


@router.post("/settings/mails")
def save_own_mails(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Keep what was chosen."""

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _show(request, member, house, form, refusal, status)

    def act(session: Session) -> Outcome:
        return choosing.save(session, member, sent)

    return deeds.handle(request, member, house, sent, act, show, "/settings/mails")


def _show(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        choices = choosing.present(session, member)
    return desk.page(
        request, house, member, "settings/mails.html", nav="settings", status=status, sent=sent,
        refusal=refusal, choices=choices, hours=colleagues.HOURS, days=choosing.DAYS,
        today=member.today, last=member.today + choosing.LONGEST_PAUSE,
    )  # fmt: skip


def _tell(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    language = member.language
    return [say(language, "Kept"), say(language, "This is how your mails come from now on.")]


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    return choosing.take_back(session, member, values)


def _is_as_left(session: Session, member: Member, values: Values) -> bool:
    return choosing.may_put_back(choosing.person(session, member), values)


DEEDS: Mapping[str, Deed] = {"mails.chosen": Deed(_tell, _put_back, _is_as_left)}
