"""The last step of a case, undone from its page whenever it was made."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import NothingToUndo
from core.references import reference as named
from core.words import say
from referrals import routes, undoing
from storage.queries import cases
from web.access import AtDesk, InHouse
from web.deeds import CHANGED_SINCE, Deed, Values
from web.forms import Filled
from web.members import Member
from web.pages import case_page
from web.pages.case_scene import numbered, scene
from web.pages.case_work import seen
from web.receipts import Outcome

router = APIRouter()


@router.post("/cases/{reference}/undo")
def undo_step(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Undo the step that was made last, as it was seen; the history keeps both."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        # locked, so that nobody makes a step between looking and undoing
        [case] = cases.standing(session, [there.head.id], lock=True)
        if case.version != seen(sent, there):
            raise NothingToUndo(there.reference, remedy=CHANGED_SINCE)
        undone = undoing.undo(session, case.id, by=member.by, now=member.now)
        return {
            "did": "case.step_undone", "case": case.id, "to": undone.to_stage,
            "version": case.workflow_version_id, "remains": list(undone.remains),
        }  # fmt: skip

    return case_page.do(request, member, house, sent, act, reference)


def _told(session: Session, member: Member, values: Values) -> Sequence[str]:
    language = member.language
    stage = routes.pinned(session, values["version"]).definition.stages[values["to"]]
    name, title = named(values["case"]), stage.title[language]
    return (
        say(language, "The last step is undone"),
        say(language, "{reference} is now at: {stage}.", reference=name, stage=title),
    )


DEEDS = {"case.step_undone": Deed(_told)}
