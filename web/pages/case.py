"""The page of one case: where it stands, what helps on, what must be done, what happened."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.access import AtDesk, InHouse
from web.pages import case_page
from web.pages.case_scene import numbered

router = APIRouter()


@router.api_route("/cases/{reference}", methods=["GET", "HEAD"])
def case(request: Request, member: AtDesk, house: InHouse, reference: str) -> Response:
    """The case; `kind` and `from` in the address say which part of what happened is shown."""
    return case_page.shown(request, member, house, numbered(reference))
