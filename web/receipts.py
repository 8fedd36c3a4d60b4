"""What became of a form: kept once, shown after it, and what an undo starts from."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage.queries import links, requests
from storage.tables import HandledRequest
from web.access import Door, Holder
from web.forms import Sent
from web.site import House

#: numbers, codes and days only: what happened, for whoever shows or undoes it
Outcome = dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    """What became of a form."""

    key: str
    did: str
    values: Mapping[str, Any]
    at: datetime

    @property
    def undone(self) -> bool:
        """Whether somebody took it back since."""
        return bool(self.values.get("undone"))


@dataclass(frozen=True)
class Shown:
    """What the page after a form says."""

    title: str
    sentences: tuple[str, ...] = ()
    #: what the form was about
    about: str = ""
    #: whether it can be taken back now
    undo: bool = False
    #: what an undo does not take back, or did not
    remains: tuple[str, ...] = ()
    #: a step that is offered now
    offered: object = None


def once(
    session: Session, holder: Holder, sent: Sent, act: Callable[[], Outcome], page: str = ""
) -> Outcome:
    """Do what a form asks, unless the same form was handled before; what it did comes back.

    Everything happens in the caller's transaction: when it fails, the form was never handled.
    """
    actor = holder.actor
    request_hash = f"{page}{sent.fingerprint}"
    before = requests.claim(session, actor, sent.key, request_hash, holder.now)
    if before is not None:
        if before.request_hash != request_hash:
            raise HTTPException(409)
        return dict(json.loads(before.outcome))
    outcome = act()
    requests.settle(session, actor, sent.key, json.dumps(outcome))
    if isinstance(holder, Door):
        links.mark_used(session, holder.link, holder.now)
    return outcome


def find(session: Session, holder: Holder, key: str) -> Receipt:
    """What became of a form of this person; 404 for a form that they never sent."""
    receipt = found(session, holder, key)
    if receipt is None:
        raise HTTPException(404)
    return receipt


def found(session: Session, holder: Holder, key: str) -> Receipt | None:
    """What became of a form of this person, if they sent one with this key."""
    row = requests.handled(session, holder.actor, key)
    return _receipt(row) if row else None


def mark_undone(session: Session, holder: Holder, receipt: Receipt) -> None:
    """Keep that it was taken back."""
    outcome = {**receipt.values, "did": receipt.did, "undone": True}
    requests.settle(session, holder.actor, receipt.key, json.dumps(outcome))


def go_to(house: House, door: Door, key: str) -> Response:
    """To the page that says what became of a form."""
    return see_other(house, door, f"/done/{key}")


def see_other(house: House, door: Door, rest: str = "") -> Response:
    """To another page behind the same door."""
    # a path and no whole address, so that nobody's Host header can lead elsewhere
    return RedirectResponse(f"{house.site.prefix}/{door.wing}/{door.token}{rest}", 303)


def _receipt(row: HandledRequest) -> Receipt:
    values = json.loads(row.outcome)
    return Receipt(row.key, values.pop("did"), values, row.at)
