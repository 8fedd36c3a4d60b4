"""Pages for people who are signed in: what every one of them is given."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from core.errors import Refused
from web import deeds, paths, remembering, returning, views
from web.forms import Sent
from web.members import Member
from web.site import House


def page(
    request: Request,
    house: House,
    member: Member,
    template: str,
    *,
    nav: str,
    status: int = 200,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    **values: Any,
) -> Response:
    """A page of the desk; `nav` names the part of the desk that it belongs to.

    `sent`: the form that the page is shown again for, with what was typed and what is wrong.
    """
    back = paths.local(sent["back"]) if sent else None
    typed = sent.fields if sent else returning.kept(request, house, member)
    common = {
        "member": member,
        "nav": nav,
        "back": back or paths.of(request),
        "faults": sent.faults if sent else {},
        "typed": typed,
        # they had to sign in again, and what they were typing is here once more
        "returned": bool(typed) and sent is None,
        "refusal": refusal,
        "done": deeds.done(request, member, house),
    }
    response = views.page(
        request, house, template, {**common, **values},
        language=member.language, subject=member.form_subject, status=status,
    )  # fmt: skip
    if status == 200 and "set-cookie" not in response.headers:
        response.raw_headers.append(remembering.MARK)
    return response
