"""A move of one case, from wherever it is asked: its page, the deed, and a race that was lost."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import ChangedMeanwhile, MoveRefused, NothingToUndo, Refused
from core.references import reference as named
from core.words import say
from referrals import consent, moving, routes, undoing
from storage.queries import case_pages, cases
from web import deeds, desk, paths
from web.access import AtDesk, InHouse
from web.deeds import CHANGED_SINCE, Deed, Values, handle
from web.forms import Filled, Sent
from web.members import Member
from web.pages import case_views, conflicts, consent_forms, move_forms
from web.pages.case_scene import Scene, numbered, scene
from web.pages.case_words import Words
from web.receipts import Outcome
from web.site import House
from workflows.case_path import Option

router = APIRouter()


class Wanted(NamedTuple):
    """What the button of a move says: which case, which move, as it was seen."""

    number: int
    move: str
    version: int


def read(text: str) -> Wanted:
    """The field ``move`` of a form: ``7K3F-9Q:agree:4``; 404 for anything else."""
    reference, _, rest = text.partition(":")
    move, _, version = rest.rpartition(":")
    if not (version.isascii() and version.isdecimal() and len(version) < 10) or not move:
        raise HTTPException(404)
    return Wanted(numbered(reference), move, int(version))


@router.api_route("/cases/{reference}/moves", methods=["GET", "HEAD"])
def moves(request: Request, member: AtDesk, house: InHouse, reference: str) -> Response:
    """Everything that can be done with a case now, and why the rest cannot."""
    return _moves_page(request, member, house, numbered(reference))


@router.api_route("/cases/{reference}/moves/{move}", methods=["GET", "HEAD"])
def ask_move(
    request: Request, member: AtDesk, house: InHouse, reference: str, move: str
) -> Response:
    """One move of a case, with what it asks."""
    return _asking_page(request, member, house, numbered(reference), move)


@router.post("/cases/move")
def make_move(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Make a move; when something must be asked first, lead to the page that asks it."""
    wanted = read(sent["move"])
    with house.reading() as session:
        there = scene(session, member, wanted.number)
    option = there.option(wanted.move)
    if option and not sent["asked"] and _must_ask(there, option):
        address = f"/cases/{there.reference}/moves/{wanted.move}"
        return deeds.go(house, paths.with_query(address, back=paths.local(sent["back"]) or ""))

    def act(session: Session) -> Outcome:
        return _make(session, member, house, wanted, sent)

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        if isinstance(refusal, ChangedMeanwhile):
            return _conflict(request, member, house, wanted, sent)
        return _asking_page(
            request, member, house, wanted.number, wanted.move, sent, refusal, status
        )

    return handle(request, member, house, sent, act, show, to=f"/cases/{there.reference}")


def _must_ask(there: Scene, option: Option) -> bool:
    """Whether the move cannot be made by its button alone."""
    asked = move_forms.asks(option.move, there.definition)
    return option.wants_consent or (option.allowed and any(asked.values()))


def _make(session: Session, member: Member, house: House, wanted: Wanted, sent: Sent) -> Outcome:
    there = scene(session, member, wanted.number)
    if there.head.version == wanted.version:
        option = there.option(wanted.move)
        if option is None:
            raise MoveRefused(there.reference, remedy=CHANGED_SINCE)
        if not option.allowed and not option.wants_consent:
            # what it asks does not matter: the refusal says why
            return _moved(session, member, house, wanted, there, moving.NO_ANSWERS)
        wants = consent_forms.read(sent, member, ("refer",)) if option.wants_consent else None
        answers = move_forms.answers(session, sent, there, option.move)
        sent.check()
        if wants:
            agreement = (there.head.participant_id, wants)
            consent.note_consent(
                session, member.organisation_id, [agreement],
                now=member.now, due_hour=house.site.due_hour,
            )  # fmt: skip
    else:
        answers = moving.NO_ANSWERS
    return _moved(session, member, house, wanted, there, answers)


def _moved(
    session: Session,
    member: Member,
    house: House,
    wanted: Wanted,
    there: Scene,
    answers: moving.Answers,
) -> Outcome:
    outcome = moving.move_cases(
        session, {wanted.number: wanted.version}, wanted.move, by=member.by, now=member.now,
        answers=answers, due_hour=house.site.due_hour,
    )  # fmt: skip
    outcome.raise_refusal()
    [moved] = outcome.moved
    return {
        "did": "case.moved",
        "case": wanted.number,
        "version": there.head.workflow_version_id,
        "to": moved.to_stage,
        "seq": there.head.seq + 1,
        "due": min((each.due_on.isoformat() for each in moved.planned), default=None),
        "opened": moved.opened,
    }


def _moves_page(
    request: Request,
    member: Member,
    house: House,
    number: int,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        there = scene(session, member, number)
        offered = move_forms.offered(session, there)
    return _page(request, member, house, there, "case/moves.html", sent, refusal, status, offered)


def _asking_page(
    request: Request,
    member: Member,
    house: House,
    number: int,
    name: str,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The page of one move; of all of them when it does not start from where the case is now."""
    with house.reading() as session:
        there = scene(session, member, number)
        offered = move_forms.offered(session, there)
    move = offered.named(name)
    if move is None:
        if sent is None:
            raise HTTPException(404)
        return _moves_page(request, member, house, number, sent, refusal, status)
    return _page(
        request, member, house, there, "case/move.html", sent, refusal, status, offered, move=move
    )


def _conflict(
    request: Request, member: Member, house: House, wanted: Wanted, sent: Sent
) -> Response:
    """What was seen and what is true now, and the choice between them."""
    with house.reading() as session:
        there = scene(session, member, wanted.number)
        offered = move_forms.offered(session, there)
        words = Words(member, case_pages.colleagues(session, member.organisation_id))
        found = conflicts.view(session, words, there, wanted.version, wanted.move)
    move = offered.named(wanted.move)
    return _page(
        request, member, house, there, "case/conflict.html", sent, None, 409, offered,
        move=move, conflict=found,
    )  # fmt: skip


def _page(
    request: Request,
    member: Member,
    house: House,
    there: Scene,
    template: str,
    sent: Sent | None,
    refusal: Refused | None,
    status: int,
    offered: move_forms.OfferedMoves,
    **values: object,
) -> Response:
    asked = sent["back"] if sent else request.query_params.get("back", "")
    head, language = there.head, member.language
    return desk.page(
        request, house, member, template, nav="cases", status=status, sent=sent, refusal=refusal,
        moves=offered, reference=there.reference, name=case_views.name_of(there),
        asking=consent_forms,
        stage=there.definition.stages[head.stage].title[language],
        lead_back=paths.local(asked) or f"/cases/{there.reference}", **values,
    )  # fmt: skip


def _told(session: Session, member: Member, values: Values) -> Sequence[str]:
    language, number = member.language, values["case"]
    definition = routes.pinned(session, values["version"]).definition
    stage = definition.stages[values["to"]].title[language]
    said = [
        say(language, "The step is made"),
        say(language, "{reference} is now at: {stage}.", reference=named(number), stage=stage),
    ]
    if values.get("due"):
        said.append(_due(member, values["due"]))
    if values.get("opened"):
        other = named(values["opened"])
        said.append(say(language, "A linked case was opened: {reference}.", reference=other))
    return said


def _due(member: Member, day: str) -> str:
    words = Words(member, {})
    return words.say("The next follow-up is on {day}.", day=words.day(date.fromisoformat(day)))


def _may_undo(session: Session, _member: Member, values: Values) -> bool:
    rows = cases.standing(session, [values["case"]])
    return bool(rows and rows[0].seq == values["seq"])


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    there = scene(session, member, values["case"])
    # locked, so that nobody makes a step between looking and undoing
    [case] = cases.standing(session, [there.head.id], lock=True)
    if case.seq != values["seq"]:
        raise NothingToUndo(there.reference, remedy=CHANGED_SINCE)
    undone = undoing.undo(session, case.id, by=member.by, now=member.now)
    return {"case": case.id, "remains": list(undone.remains)}


DEEDS = {"case.moved": Deed(_told, _undo, _may_undo)}
