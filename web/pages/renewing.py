"""A link that is too old: its page offers a new one, which goes to the same person by mail."""

from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from storage.dialects import take_turn
from storage.queries import doors, messages
from storage.queries.messages import Queued
from web import errors, views
from web.access import Door
from web.site import House

#: between two mails with a new link instead of the same old one
PAUSE = timedelta(hours=1)
_MARK = 32


def page(request: Request, door: Door, house: House, *, sent: bool = False) -> Response:
    """Says that the link is too old, with a button; or that a new one is on its way."""
    status = 200 if sent else 410
    return views.door_page(request, house, door, "expired.html", status=status, sent=sent)


def renew(request: Request, door: Door, house: House) -> Response:
    """Queue the mail with a new link, at most once an hour; the old one stays worth nothing."""
    if not door.expired:
        return errors.page(request, 404)
    hour = f"{door.now:%Y%m%d%H}"
    before = f"{door.now - PAUSE:%Y%m%d%H}"
    name = f"new_link:{door.link.hash[:_MARK]}"
    with house.writing() as session:
        take_turn(session, name)
        queued = doors.queued_at(session, [f"{name}:{hour}", f"{name}:{before}"])
        if all(at <= door.now - PAUSE for at in queued.values()):
            mail = Queued(
                door.organisation_id, f"{name}:{hour}", "new_link", door.now,
                staff_id=door.link.staff_id, contact_person_id=door.link.contact_person_id,
                detail={"purpose": door.link.purpose, "subject": door.link.subject_id},
            )  # fmt: skip
            messages.queue(session, [mail], door.now)
    return page(request, door, house, sent=True)
