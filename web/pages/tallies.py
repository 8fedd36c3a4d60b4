"""The tally: contacts without a name, counted with one thumb."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import number_in, say
from referrals import tallying
from storage.queries import tallies
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages.new_contacts import WAYS
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.api_route("/contacts/tally", methods=["GET", "HEAD"])
def tally(request: Request, member: AtDesk, house: InHouse) -> Response:
    """A button for each way in, with what was counted today."""
    return _page(request, member, house, None, None, 200)


@router.post("/contacts/tally")
def count_contact(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Count one contact."""

    def act(session: Session) -> Outcome:
        channel = sent.one_of("channel", WAYS)
        sent.check()
        number = tallying.count(
            session, member.organisation_id, channel, member.today, now=member.now
        )
        return {"did": "contact.counted", "tally": number, "channel": channel}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, "/contacts/tally")


def _page(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        totals = tallies.totals(session, member.organisation_id, member.today)
    return desk.page(
        request, house, member, "contacts/tally.html", nav="contacts", status=status, sent=sent,
        refusal=refusal, ways=WAYS, totals=totals, total=sum(totals.values()),
    )  # fmt: skip


def _told(session: Session, member: Member, values: Values) -> Sequence[str]:
    language, channel = member.language, values["channel"]
    today = tallies.totals(session, member.organisation_id, member.today).get(channel, 0)
    way = say(language, WAYS[channel][0])
    number = number_in(language, today)
    return [say(language, "Counted: {way}, {number} today", way=way, number=number)]


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    tallying.take_back(session, member.organisation_id, values["tally"])
    return {"did": "undone"}


DEEDS: Mapping[str, Deed] = {"contact.counted": Deed(_told, _undo)}
