"""What can be set: one page with all of it, and what a library sets for itself."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Fault, NothingToUndo, Refused
from core.words import Told, say
from referrals import libraries, routes
from referrals.libraries import EVENING, MORNING, Changes
from storage.queries import staff
from storage.tables import Organisation
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import partner_forms
from web.receipts import Outcome
from web.site import House
from workflows import workdays

router = APIRouter()
#: where Dutch libraries are; the second is that of Bonaire, Sint Eustatius and Saba
ZONES = ("Europe/Amsterdam", "America/Kralendijk")
#: days that a library can be closed on, in one list
_MOST_DAYS = 200
_AHEAD = timedelta(days=366)
_LATEST = timedelta(days=3 * 366)
#: what the form of the library holds, as it stands in a row
_FIELDS = ("name", "mail_address", "quiet_from", "quiet_to", "closed_days", "zone")
_CHANGED = "The settings were changed since. Look at them again."


@router.api_route("/settings", methods=["GET", "HEAD"])
def settings(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Everything that can be set by whoever looks."""
    return desk.page(
        request, house, member, "settings/index.html", nav="settings",
        due_hour=f"{house.site.due_hour:02}:00",
    )  # fmt: skip


@router.api_route("/settings/reasons", methods=["GET", "HEAD"])
def reasons(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Reasons and norms belong to a route: here is where each route shows them."""
    with house.reading() as session:
        newest = [routes.newest(session, name) for name in routes.names(session)]
    shown = [
        (each.name, each.definition.title[member.language], len(each.definition.reasons),
         sum(stage.norm is not None for stage in each.definition.stages.values()))
        for each in newest
    ]  # fmt: skip
    return desk.page(request, house, member, "settings/reasons.html", nav="settings", routes=shown)


@router.api_route("/settings/library", methods=["GET", "HEAD"])
def show_library(request: Request, member: AtDesk, house: InHouse) -> Response:
    """What the library set for itself."""
    return _show(request, member, house, None, None, 200)


@router.post("/settings/library")
def change_library(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Change it."""

    def act(session: Session) -> Outcome:
        library = staff.organisation_by_number(session, member.organisation_id)
        before, changes = _kept(library), _read(sent, member)
        libraries.change(session, library, changes, by=member.by, now=member.now)
        return {"did": "library.changed", "before": before, "after": _kept(library)}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _show(request, member, house, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, "/settings/library")


def _read(sent: Sent, member: Member) -> Changes:
    name = sent.line("name", needed=True)
    address = partner_forms.email_of(sent, "mail_address")
    quiet_from = sent.one_of("quiet_from", [str(hour) for hour in EVENING])
    quiet_to = sent.one_of("quiet_to", [str(hour) for hour in MORNING])
    zone = sent.one_of("zone", zones(member.library))
    closed = _days(sent, "closed_days", member.today)
    sent.check()
    return Changes(name, address or "", int(quiet_from), int(quiet_to), closed, zone)


def _days(sent: Sent, name: str, today: date) -> tuple[date, ...]:
    """One day a line; what is wrong is said with its line."""
    found, first = [], today.replace(year=today.year - 10)
    lines = sent.text(name).splitlines()
    for number, line in enumerate(lines[:_MOST_DAYS], 1):
        one = Sent({name: line})
        day = one.day(name, first, today + _LATEST) if line.strip() else None
        if day is not None:
            found.append(day)
        for fault in one.faults.values():
            why = Told("Line {number}: {why}", number=number, why=fault.why)
            sent.faults.setdefault(name, Fault(name, why, fault.remedy))
    if len(lines) > _MOST_DAYS:
        sent.refuse(name, "There are too many days here.", "Leave out what is over.")
    return tuple(found)


def zones(library: Organisation) -> tuple[str, ...]:
    """The zones to choose from, with the one that a library has now."""
    return ZONES if library.zone in ZONES else (*ZONES, library.zone)


def _show(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    library = member.library
    last = member.today + _AHEAD
    holidays = workdays.named_holidays(library.zone, member.today, last, member.language)
    return desk.page(
        request, house, member, "settings/library.html", nav="settings", status=status, sent=sent,
        refusal=refusal, holidays=holidays, evening=EVENING, morning=MORNING,
        zones=[(zone, zone) for zone in zones(library)],
        typed=sent.fields if sent else _typed(library, member.today),
    )  # fmt: skip


def _typed(library: Organisation, today: date) -> dict[str, str]:
    """The fields as the form shows them: of the closed days those that are not long over."""
    days = sorted(workdays.closed_days(library.closed_days))
    shown = [f"{day.day}-{day.month}-{day.year}" for day in days if day >= today - _AHEAD]
    return {
        "name": library.name,
        "mail_address": library.mail_address or "",
        "quiet_from": str(library.quiet_from),
        "quiet_to": str(library.quiet_to),
        "zone": library.zone,
        "closed_days": "\n".join(shown),
    }


def _kept(library: Organisation) -> dict[str, object]:
    return {name: getattr(library, name) for name in _FIELDS}


def _tell(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The settings were kept")]


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    if not _is_as_left(session, member, values):
        raise NothingToUndo(remedy=_CHANGED)
    library = staff.organisation_by_number(session, member.organisation_id)
    before = values["before"]
    changes = Changes(
        before["name"], before["mail_address"] or "", before["quiet_from"], before["quiet_to"],
        tuple(sorted(workdays.closed_days(before["closed_days"]))), before["zone"],
    )  # fmt: skip
    libraries.change(session, library, changes, by=member.by, now=member.now)
    return {"did": "undone"}


def _is_as_left(session: Session, member: Member, values: Values) -> bool:
    library = staff.organisation_by_number(session, member.organisation_id)
    return bool(_kept(library) == values["after"])


DEEDS: Mapping[str, Deed] = {"library.changed": Deed(_tell, _put_back, _is_as_left)}
