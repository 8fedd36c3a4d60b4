"""Errors become HTTP here, in one table; people read what, why, and what to do about it."""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import (
    AlreadyThere,
    BrugError,
    Busy,
    ChangedMeanwhile,
    ConsentMissing,
    DatabaseUnready,
    FaultyValue,
    MoveRefused,
    NotFound,
    NothingToUndo,
    Refused,
)
from core.words import Told
from web import returning, views
from web.access import NotSignedIn
from web.security import DOORS
from web.site import House

LOG = logging.getLogger("brug.web")

#: the nearest of its kind counts
STATUS: Mapping[type[BrugError], int] = {
    NotFound: 404,
    ChangedMeanwhile: 409,
    MoveRefused: 409,
    NothingToUndo: 409,
    AlreadyThere: 409,
    ConsentMissing: 403,
    FaultyValue: 422,
    DatabaseUnready: 503,
    Busy: 503,
    Refused: 400,
    BrugError: 500,
}


@dataclass(frozen=True)
class Problem:
    """What a page says when it cannot do what was asked."""

    title: str
    why: str
    remedy: str


_BAD = Problem(
    Told("This was not understood"),
    Told("What the browser sent is not complete."),
    Told("Open the link in the mail again and send the form from there."),
)
_UNKNOWN = Problem(
    Told("This page is not here"),
    Told("The address is not complete, or the link was for something that is over."),
    Told("Copy the whole link from the mail, or answer that mail: somebody reads it."),
)
PROBLEMS: Mapping[int, Problem] = {
    400: _BAD,
    403: Problem(
        Told("This form did not come from our page"),
        Told("The browser did not keep the cookie of the page, or the form came from elsewhere."),
        Told("Open the link in the mail again, in the same browser, and try once more."),
    ),
    404: _UNKNOWN,
    405: _UNKNOWN,
    408: Problem(
        Told("This took too long"),
        Told("The form did not get here in time. Nothing was kept."),
        Told("Try again when the connection is better."),
    ),
    409: Problem(
        Told("This cannot be done now"),
        Told("Something changed since the page was shown."),
        Told("Look at what is true now and decide again."),
    ),
    413: Problem(
        Told("This is too much"),
        Told("The form holds more than can be kept. Nothing was kept."),
        Told("Write it shorter."),
    ),
    421: Problem(
        Told("This page is not here"),
        Told("These pages do not answer to this name."),
        Told("Open the link as it stands in the mail."),
    ),
    429: Problem(
        Told("This was asked for too often"),
        Told("A mail is on its way, or was sent a short while ago."),
        Told("Look in the folder for unwanted mail too, or try again in an hour."),
    ),
    503: Problem(
        Told("This does not work for a moment"),
        Told("The data cannot be reached. Nothing was changed."),
        Told("Try again in a few minutes."),
    ),
    500: Problem(
        Told("Something went wrong here"),
        Told("This is a mistake of the program, not yours. Nothing was changed."),
        Told("Try again later, or answer the mail: somebody reads it."),
    ),
}


#: the same at the desk, where nobody came by a mail
AT_THE_DESK: Mapping[int, Problem] = {
    400: Problem(
        _BAD.title, _BAD.why, Told("Go back, look at the form again, and send it once more.")
    ),
    403: Problem(
        PROBLEMS[403].title,
        PROBLEMS[403].why,
        Told("Open the page again, in the same browser, and try once more."),
    ),
    404: Problem(
        _UNKNOWN.title,
        Told("The address is not complete, what it was for is gone, or it is not yours to see."),
        Told("Search for the name or the reference, or go on from the page of today."),
    ),
    429: Problem(
        PROBLEMS[429].title, Told("There were too many tries."), Told("Wait a while, then go on.")
    ),
    500: Problem(
        PROBLEMS[500].title, PROBLEMS[500].why, Told("Try again later. What you typed is kept.")
    ),
}


def status_of(error: BrugError) -> int:
    """The HTTP status of an error of ours."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def add_to(app: FastAPI) -> None:
    """Let every error become a page."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, BrugError)
        return told(request, error)

    def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return page(request, error.status_code)

    async def unknown(request: Request, _error: Exception) -> Response:
        return await returning.to_sign_in(request, _house(request))

    app.add_exception_handler(BrugError, refused)
    app.add_exception_handler(NotSignedIn, unknown)
    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(RequestValidationError, _not_understood)


def _not_understood(request: Request, error: Exception) -> Response:
    """An address with something else in it than a number leads nowhere."""
    assert isinstance(error, RequestValidationError)
    in_address = any(each["loc"][0] == "path" for each in error.errors())
    return page(request, 404 if in_address else 400)


def page(request: Request, status: int) -> Response:
    """The page of a status; a status without one is shown as its first of the hundred."""
    nearest = status if status in PROBLEMS else (500 if status >= 500 else 400)
    return views.problem(request, _house(request), status, _problem(request, nearest))


def _problem(request: Request, status: int) -> Problem:
    at_a_door = request.scope["path"].startswith(DOORS)
    otherwise = PROBLEMS.get(status, _BAD)
    return otherwise if at_a_door else AT_THE_DESK.get(status, otherwise)


def told(request: Request, error: BrugError) -> Response:
    """The page of an error of ours, in its own words where they are for whoever reads it."""
    status = status_of(error)
    problem = _problem(request, status)
    if status in (409, 422):
        problem = Problem(problem.title, Told(error.sentence), Told(error.remedy or problem.remedy))
    return views.problem(request, _house(request), status, problem)


def mistake(request: Request, error: Exception) -> Response:
    """The page of a mistake of ours.

    Where it happened is logged, without any value: values hold names and tokens.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{each.name}:{each.lineno}" for each in reversed(frames[-6:]))
    LOG.error("%s at %s", type(error).__name__, places)
    return page(request, 500)


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house
