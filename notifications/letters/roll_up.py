"""Once a week, for a coordinator: where things stand still, in numbers."""

from datetime import timedelta

from core import clock
from core.words import Told, say
from notifications.composing import Writing
from notifications.letter import Letter
from notifications.views import RollUpView
from storage.queries import due_work, refused_addresses, week
from storage.queries.staff import names_of
from workflows.workdays import moment

_DAYS = 7
#: whose what is that is nobody's
_NOBODY = Told("the coordinators")


def roll_up(writing: Writing) -> Letter | None:
    """The week that ended; nothing when nothing moved and nothing stands still."""
    session, number = writing.session, writing.library.id or 0
    today = clock.local_day(writing.now, writing.library.zone)
    start = moment(today, 0, writing.library.zone)
    names, nobody = names_of(session, number), say(writing.language, _NOBODY)
    overdue = due_work.overdue_per_person(session, number, start)
    view = RollUpView(
        name=writing.name,
        first_day=today - timedelta(days=_DAYS),
        last_day=today - timedelta(days=1),
        overdue_by=tuple((names[who] if who else nobody, count) for who, count in overdue),
        unowned=week.without_owner(session, number),
        without_next_step=week.without_next_step(session, number),
        unanswered=week.unanswered(session, number),
        undeliverable=tuple(
            (each.address, each.reason) for each in refused_addresses.marks(session, number)
        ),
        moved=week.moved(session, number, start - timedelta(days=_DAYS), start),
    )
    still = (view.overdue_by, view.unowned, view.without_next_step, view.unanswered, view.moved)
    if not any(still) and not view.undeliverable:
        return None
    return writing.letter("roll_up", {"week": view}, regular=True)
