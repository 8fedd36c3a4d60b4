"""The digest of a workday: overdue first, then today, then what waits for others, case by case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core import clock
from core.references import reference
from core.words import Told, say
from notifications.composing import Writing
from notifications.digest import END_OF_DAY
from notifications.letter import Letter
from notifications.rules import definition_of
from notifications.teams import Team
from notifications.views import CaseGroup, DigestView, Item, PartnerDigestView, PartnerItem
from storage.queries import due_work, referrals
from storage.queries.due_work import Due
from storage.queries.staff import names_of
from workflows.definition import NORM, Definition, FollowUpRule
from workflows.workdays import Calendar, calendar, closed_days, moment

#: workdays after which something overdue is only counted: a list that is too long is not read
OLD = 10
_PASSED = Told("Stands here for {days} workdays; usual is {norm}.")


def digest(writing: Writing) -> Letter | None:
    """What a member of staff must do today; nothing when all of it was done meanwhile."""
    today = clock.local_day(writing.now, writing.library.zone)
    if str(today) != writing.message.detail["day"] or _paused(writing, today):
        return None
    page = _Page.of(writing, today)
    rows = page.rows()
    if not rows:
        return None
    old = [row for row in rows if page.days.workdays_between(row.due_on, today) > OLD]
    seen = [row for row in rows if row not in old]
    view = DigestView(
        name=writing.name,
        day=today,
        overdue=page.groups(row for row in seen if row.due_on < today),
        today=page.groups(row for row in seen if row.due_on >= today),
        waiting=page.groups(page.awaited()),
        older=len(old),
        standing_in_for=page.standing_in_for,
    )
    return writing.letter("digest", {"digest": view}, regular=True)


def _paused(writing: Writing, today: date) -> bool:
    until = writing.staff.paused_until
    return until is not None and until >= today


@dataclass
class _Page:
    """Everything of one member of staff on one day."""

    writing: Writing
    today: date
    team: Team
    days: Calendar
    #: members of staff whose work the reader takes today
    covered: set[int]
    names: dict[int, str]

    @classmethod
    def of(cls, writing: Writing, today: date) -> "_Page":
        library = writing.library
        team = Team.on(writing.session, library.id or 0, today)
        names = names_of(writing.session, library.id or 0)
        covered = team.covered_by(writing.staff.id or 0, names)
        days = calendar(library.zone, closed_days(library.closed_days))
        return cls(writing, today, team, days, covered, names)

    @property
    def standing_in_for(self) -> tuple[str, ...]:
        others = sorted(self.covered & self.team.numbers - {self.writing.staff.id or 0})
        return tuple(self.names[number] for number in others)

    def rows(self) -> list[Due]:
        """What is due until tonight, each thing once, the longest overdue first.

        That a case stands still is said only when nothing else is due for it. What came up to
        somebody who must do it anyway is one thing.
        """
        found = due_work.of_staff(
            self.writing.session,
            self.writing.library.id or 0,
            moment(self.today, END_OF_DAY, self.writing.library.zone),
            assignees=sorted(self.covered),
            unowned=self.writing.staff.id in self.team.coordinators,
        )
        more = {row.case_id for row in found if row.rule != NORM}
        things: dict[tuple[int, str | int], Due] = {}
        for row in found:
            if row.rule != NORM or row.case_id not in more:
                things.setdefault((row.case_id, row.rule or row.id), row)
        return list(things.values())

    def awaited(self) -> list[Due]:
        return due_work.awaited(
            self.writing.session,
            self.writing.library.id or 0,
            moment(self.today, END_OF_DAY, self.writing.library.zone),
            sorted(self.covered),
        )

    def groups(self, rows: Iterable[Due]) -> tuple[CaseGroup, ...]:
        by_case: dict[int, list[Due]] = {}
        for row in rows:
            by_case.setdefault(row.case_id, []).append(row)
        return tuple(self._group(case) for case in by_case.values())

    def _group(self, rows: Sequence[Due]) -> CaseGroup:
        first = rows[0]
        definition = definition_of(self.writing.session, first.workflow_version_id)
        language = self.writing.language
        return CaseGroup(
            reference=reference(first.case_id),
            first_name=first.first_name,
            route_title=definition.title[language],
            stage_title=definition.stages[first.stage].title[language],
            note=self._over_the_norm(first, definition),
            items=tuple(self._item(row, definition) for row in rows),
        )

    def _over_the_norm(self, row: Due, definition: Definition) -> str | None:
        norm = definition.stages[row.stage].norm
        if norm is None or self.days.after(row.stage_day, norm) >= self.today:
            return None
        stood = self.days.workdays_between(row.stage_day, self.today)
        usual = self.days.workdays_between(row.stage_day, self.days.after(row.stage_day, norm))
        return say(self.writing.language, _PASSED, days=stood, norm=usual)

    def _item(self, row: Due, definition: Definition) -> Item:
        rule = definition.rule(row.rule)
        return Item(
            what=row.what or (rule.do[self.writing.language] if rule else row.rule or ""),
            due_on=row.due_on,
            url=self.writing.links.follow_up(row.id, row.version, self.writing.staff),
            escalated_from=self._whose(row, rule) if rule and rule.to != row.receiver else None,
            answered=None,
        )

    def _whose(self, row: Due, rule: FollowUpRule) -> str | None:
        """Who did not do in time what came up to somebody else: the owner, or a partner."""
        if row.receiver == "coordinator" and row.owner_id:
            return self.names.get(row.owner_id)
        partner = row.partner_id
        if rule.to == "provider":
            partner = due_work.providers_of(self.writing.session, [row.case_id]).get(row.case_id)
        found = referrals.partner_names(self.writing.session, [partner]) if partner else {}
        return found.get(partner or 0)


def partner_digest(writing: Writing) -> Letter | None:
    """What somebody at a partner is asked to tell: references and no names."""
    detail = writing.message.detail
    rows = due_work.mailed_to_partners(
        writing.session,
        writing.library.id or 0,
        date.fromisoformat(detail["day"]),
        detail["follow_ups"],
    )
    if not rows:
        return None
    view = PartnerDigestView(
        name=writing.name,
        day=date.fromisoformat(detail["day"]),
        items=tuple(_asked(writing, row) for row in rows),
    )
    return writing.letter("partner_digest", {"digest": view}, regular=True)


def _asked(writing: Writing, row: Due) -> PartnerItem:
    rule = definition_of(writing.session, row.workflow_version_id).rule(row.rule)
    return PartnerItem(
        reference=reference(row.case_id),
        what=rule.do[writing.language] if rule else row.what or "",
        due_on=row.due_on,
        url=writing.links.follow_up(row.id, row.version, writing.contact),
    )
