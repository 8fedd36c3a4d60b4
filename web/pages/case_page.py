"""The page of a case as a whole: what every form on it comes back to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from referrals import undoing
from storage.queries import case_pages, cases
from storage.queries import timelines as written
from storage.queries.case_pages import Colleague, Task
from web import desk
from web.deeds import handle
from web.forms import Sent
from web.members import Member
from web.pages import case_views, consent_forms, move_forms, path_views, timelines
from web.pages.case_scene import Scene, numbered, scene
from web.pages.case_views import ConsentItem, OtherItem, PersonItem, ReferralItem, TaskItem
from web.pages.case_words import Words
from web.pages.move_forms import OfferedMoves
from web.pages.path_views import ComingItem, PathItem
from web.pages.timelines import Timeline
from web.receipts import Outcome
from web.site import House

TEMPLATE = "case/show.html"
#: follow-ups that stand on the page; of more than these how many there are
MOST_TASKS = 6


@dataclass(frozen=True)
class CaseView:
    """What the page shows."""

    reference: str
    version: int
    person: PersonItem
    route: str
    stage: str
    level: int | None
    aside: bool
    closed: bool
    standing: str
    owner_id: int | None
    owner: str
    #: whether this member may give the case to somebody else
    may_give: bool
    channel: str
    pilot: str
    partner: str
    opened: str
    appointment: str
    appointment_on: str
    path: Sequence[PathItem]
    coming: Sequence[ComingItem]
    moves: OfferedMoves
    tasks: Sequence[TaskItem]
    referrals: Sequence[ReferralItem]
    consents: Sequence[ConsentItem]
    others: Sequence[OtherItem]
    unseen: int
    timeline: Timeline
    #: the step that was made last, when it can be undone
    last_step: str
    #: (number, name) of everybody to whom something can be given
    colleagues: Sequence[tuple[int, str]]


def view(session: Session, there: Scene, kind: str = "", start: int = 0) -> CaseView:
    """Everything about a case, as it is now."""
    head, member = there.head, there.member
    words = Words(member, case_pages.colleagues(session, member.organisation_id))
    history = cases.history(session, head.id)
    tasks = case_pages.tasks(session, head.id)
    others, unseen = case_views.other_items(session, words, there)
    path = path_views.path_items(words, there, history)
    [here] = [each for each in path if each.state == "here"]
    return CaseView(
        reference=there.reference,
        version=head.version,
        person=case_views.person_item(there),
        route=there.definition.title[member.language],
        stage=here.title,
        level=here.level,
        aside=here.aside,
        closed=head.closed_at is not None,
        standing=path_views.norm_sentence(words, there),
        owner_id=head.owner_id,
        owner=words.name(head.owner_id),
        may_give=member.leads or head.owner_id in (None, member.staff_id),
        channel=say(member.language, head.channel),
        pilot=head.pilot or "",
        partner=head.partner or "",
        opened=words.day(head.opened_on),
        appointment=words.day(head.appointment_on) if head.appointment_on else "",
        appointment_on=head.appointment_on.isoformat() if head.appointment_on else "",
        path=path,
        coming=path_views.coming_items(words, there, _waiting(tasks)),
        moves=move_forms.offered(session, there),
        tasks=case_views.task_items(words, there, tasks),
        referrals=case_views.referral_items(words, there),
        consents=case_views.consent_items(words, there),
        others=others,
        unseen=unseen,
        last_step=_last_step(there, history),
        timeline=_timeline(session, words, there, history, tasks, kind, start),
        colleagues=active(words.colleagues.values()),
    )


def _last_step(there: Scene, history: Sequence[cases.Entry]) -> str:
    last = undoing.last_step(history)
    move = there.definition.moves.get(last.move or "") if last else None
    return move.title[there.member.language] if move else ""


def _waiting(tasks: Sequence[Task]) -> list[Task]:
    return [task for task in tasks if task.state == "open"]


def _timeline(
    session: Session,
    words: Words,
    there: Scene,
    history: Sequence[cases.Entry],
    tasks: Sequence[Task],
    kind: str,
    start: int,
) -> Timeline:
    head = there.head
    happened = timelines.Happened(
        history,
        tasks,
        written.written(session, head.id),
        written.noted(session, head.id, head.participant_id, [task.id for task in tasks]),
    )
    return timelines.timeline(words, there, happened, kind, start)


def active(colleagues: Iterable[Colleague]) -> list[tuple[int, str]]:
    """Everybody who works with cases now."""
    return [
        (each.id, each.name)
        for each in colleagues
        if each.active and each.role != "national_office"
    ]


def shown(
    request: Request,
    member: Member,
    house: House,
    number: int,
    *,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The page of a case, also after a form on it that could not be done."""
    asked = request.query_params
    start = asked.get("from", "")
    with house.reading() as session:
        there = scene(session, member, number)
        found = view(session, there, asked.get("kind", ""), int(start) if _small(start) else 0)
    return desk.page(
        request, house, member, TEMPLATE, nav="cases", status=status, sent=sent, refusal=refusal,
        view=found, here=f"{house.site.prefix}/cases/{found.reference}", asking=consent_forms,
        first=member.today, last=there.furthest, most_tasks=MOST_TASKS,
    )  # fmt: skip


def _small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6


def do(
    request: Request,
    member: Member,
    house: House,
    sent: Sent,
    act: Callable[[Session], Outcome],
    reference: str,
    to: Callable[[Outcome], str] | None = None,
) -> Response:
    """Do what a form on the page of a case asks, and lead back to that page, or where `to` says."""
    number = numbered(reference)

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return shown(request, member, house, number, sent=sent, refusal=refusal, status=status)

    return handle(request, member, house, sent, act, show, to=to or f"/cases/{reference}")
