"""What a version changes for open cases: shown first, then published and gone over to."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from referrals import migrating, previewing, route_drafts, routes
from referrals.previewing import Effect
from storage.queries import pilots, staff, workflows
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.forms import Filled, Sent
from web.members import Member
from web.pages import route_forms, route_views
from web.pages.route_forms import Choice, RouteName
from web.receipts import Outcome
from web.site import House
from workflows.definition import NORM, Definition

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """What happens to what one rule has people do."""

    what: str
    appear: int
    move: int
    fall_away: int


@dataclass(frozen=True)
class Going:
    """The cases in a stage, and where they go."""

    stage: str
    title: str
    cases: int
    #: the title of where they go; empty: that must be chosen
    to: str
    chosen: str


@dataclass(frozen=True)
class Target:
    """The version that cases would go to: a draft, or what is published."""

    definition: Definition
    #: 0 for a draft
    id: int
    number: int
    #: the newest version there is
    seen: int | None


@router.api_route("/routes/{name}/draft/preview", methods=["GET", "HEAD"])
def route_preview(request: Request, member: AtDesk, house: InHouse, name: RouteName) -> Response:
    """What publishing the draft would change."""
    return _page(request, member, house, name, draft=True)


@router.post("/routes/{name}/draft/publish")
def publish_route(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, name: RouteName
) -> Response:
    """Publish the draft, and take the cases over that were chosen."""

    def act(session: Session) -> Outcome:
        if not route_drafts.may_publish(staff.organisations(session), member.role):
            raise HTTPException(404)
        seen = sent.number("seen", 1, 10**9 - 1)
        published = route_drafts.publish(
            session, member.organisation_id, name, seen=seen, by=member.by, now=member.now
        )
        return {"did": "route.published", "number": published.number, **_go(session, published)}

    def _go(session: Session, published: routes.Published) -> Outcome:
        return _take_over(session, member, house, sent, published)

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(
            request, member, house, name, draft=True, sent=sent, refusal=refusal, status=status
        )

    return deeds.handle(request, member, house, sent, act, show, f"/routes/{name}")


@router.api_route("/routes/{name}/migration", methods=["GET", "HEAD"])
def route_migration(request: Request, member: AtDesk, house: InHouse, name: RouteName) -> Response:
    """What going over to the published version would change."""
    return _page(request, member, house, name, draft=False)


@router.post("/routes/{name}/migration")
def migrate_cases(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, name: RouteName
) -> Response:
    """Take the cases over that were chosen."""

    def act(session: Session) -> Outcome:
        to = routes.newest(session, name)
        return {
            "did": "route.migrated", "number": to.number,
            **_take_over(session, member, house, sent, to),
        }  # fmt: skip

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(
            request, member, house, name, draft=False, sent=sent, refusal=refusal, status=status
        )

    return deeds.handle(request, member, house, sent, act, show, f"/routes/{name}")


def _take_over(
    session: Session, member: Member, house: House, sent: Sent, to: routes.Published
) -> Outcome:
    mine = pilots.of_library(session, member.organisation_id)
    chosen = route_forms.choice(sent.fields, [number for number, _ in mine])
    if chosen.who == "none" or not member.may("migrate_cases"):
        return {"cases": 0, "migrations": []}
    done = migrating.migrate(
        session, member.organisation_id, to, mapping=chosen.mapping, pilot_id=chosen.pilot_id,
        by=member.by, now=member.now, due_hour=house.site.due_hour,
    )  # fmt: skip
    return {"cases": done.cases, "migrations": list(done.migrations)}


def _page(
    request: Request,
    member: Member,
    house: House,
    name: str,
    *,
    draft: bool,
    status: int = 200,
    sent: Sent | None = None,
    refusal: Refused | None = None,
) -> Response:
    fields = sent.fields if sent else dict(request.query_params)
    with house.reading() as session:
        target = _target(session, member, name, draft=draft)
        mine = pilots.of_library(session, member.organisation_id)
        chosen = route_forms.choice(fields, [number for number, _ in mine])
        effect = _effect(session, member, target, chosen)
        going = tuple(_going(session, member, name, target, effect, chosen))
        may_publish = route_drafts.may_publish(staff.organisations(session), member.role)
    stages = target.definition.stages.values()
    language = member.language
    return desk.page(
        request, house, member, "routes/effect.html", nav="routes", status=status,
        sent=sent, refusal=refusal, name=name, draft=draft, target=target,
        title=target.definition.title[language], chosen=chosen, pilots=mine, effect=effect,
        going=going, lines=tuple(_lines(member, target, effect)), may_publish=may_publish,
        goals=[(stage.name, stage.title[language]) for stage in stages if not stage.final],
    )  # fmt: skip


def _target(session: Session, member: Member, name: str, *, draft: bool) -> Target:
    """404 for a draft that is not there or has faults, and for what is not published."""
    newest = workflows.newest(session, name)
    if not draft:
        if newest is None:
            raise HTTPException(404)
        definition = routes.pinned(session, newest.id or 0).definition
        return Target(definition, newest.id or 0, newest.number, newest.id)
    row = route_views.draft_of(session, member, name)
    checked = route_drafts.check(session, name, row.text) if row else None
    if checked is None or checked.definition is None:
        raise HTTPException(404)
    seen = newest.id if newest else None
    return Target(checked.definition, 0, newest.number + 1 if newest else 1, seen)


def _effect(session: Session, member: Member, target: Target, chosen: Choice) -> Effect:
    known = {stage.name for stage in target.definition.stages.values() if not stage.final}
    return previewing.effect(
        session, member.organisation_id, target.definition, version_id=target.id,
        mapping={old: new for old, new in chosen.mapping.items() if new in known},
        pilot_id=chosen.pilot_id, now=member.now,
    )  # fmt: skip


def _going(
    session: Session, member: Member, name: str, target: Target, effect: Effect, chosen: Choice
) -> list[Going]:
    titles = routes.stages(session, name)
    stages, language = target.definition.stages, member.language
    return [
        Going(
            each.stage, titles[each.stage][language] if each.stage in titles else each.stage,
            each.cases, stages[each.to].title[language] if each.to else "",
            chosen.mapping.get(each.stage, ""),
        )
        for each in effect.stages
    ]  # fmt: skip


def _lines(member: Member, target: Target, effect: Effect) -> list[Line]:
    rules = target.definition.follow_ups
    found = []
    for each in effect.rules:
        if not (each.appear or each.move or each.fall_away):
            continue
        what = rules[each.rule].do[member.language] if each.rule in rules else each.rule
        if each.rule == NORM and NORM not in rules:
            what = say(member.language, "Longer in a stage than the norm")
        found.append(Line(what, each.appear, each.move, each.fall_away))
    return found
