"""How things are done in Brug: a short guide, in the language of whoever reads it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web import desk
from web.access import AtDesk, InHouse

router = APIRouter()


@router.api_route("/help", methods=["GET", "HEAD"], name="help")
def guide(request: Request, member: AtDesk, house: InHouse) -> Response:
    """The guide."""
    return desk.page(
        request, house, member, f"help/{member.language}.html", nav="help",
        due_hour=f"{house.site.due_hour}:00",
    )  # fmt: skip
