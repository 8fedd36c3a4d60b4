"""Takes back whatever was done at the desk: one address for every kind of deed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web import deeds
from web.access import AtDesk, InHouse
from web.forms import Filled

router = APIRouter()


@router.post("/undo")
def undo_deed(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Take back what a form did, and stay on the page that it led to."""
    return deeds.undo(request, member, house, sent)
