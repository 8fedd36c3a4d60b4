"""Whether the site lives and is ready, for whoever keeps it running; no personal data."""

from functools import cache

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from core.errors import BrugError
from storage import migrations
from storage.queries import mail_health
from web.access import InHouse
from web.site import House

router = APIRouter()


@router.api_route("/livez", methods=["GET", "HEAD"])
def live() -> Response:
    """Always well, as long as it answers at all."""
    return JSONResponse({"live": True})


@router.api_route("/readyz", methods=["GET", "HEAD"])
def ready(house: InHouse) -> Response:
    """The database reachable and migrated; and whether mail gets out.

    A mail server in trouble is shown but takes no page away: what is answered meanwhile is kept,
    and what is queued goes out later.
    """
    database = _database(house)
    if database != "ok":
        return JSONResponse({"ready": False, "database": database, "mail": "unknown"}, 503)
    with house.reading() as session:
        mail = "unreachable" if mail_health.in_trouble(session, house.now()) else "ok"
    return JSONResponse({"ready": True, "database": "ok", "mail": mail})


def _database(house: House) -> str:
    try:
        step = migrations.present_step(house.engine)
    except (SQLAlchemyError, BrugError):
        return "unreachable"
    return "ok" if step == _newest() else "not migrated"


@cache
def _newest() -> str:
    return migrations.newest_step()
