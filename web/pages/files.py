"""The style sheets and pictures of the pages: our own, few, and read once."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.views import STATIC

router = APIRouter()
_KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript"}
#: a year: their addresses change with them
_KEPT = "public, max-age=31536000, immutable"


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def static(name: str) -> Response:
    """One file."""
    kind = _KINDS.get(name[name.rfind(".") :])
    if name not in STATIC or kind is None:
        raise HTTPException(404)
    return Response(STATIC[name], media_type=kind, headers={"Cache-Control": _KEPT})
