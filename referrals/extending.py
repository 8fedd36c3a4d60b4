"""Adds steps of the past to a case that an import brought in before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from referrals import entering, routes
from referrals.entering import Entering
from referrals.histories import PastStep
from referrals.routes import Published
from storage.queries import cases, follow_ups
from storage.queries.cases import Entry, Standing


def extend_case(
    session: Session,
    published: Published,
    case_id: int,
    steps: Sequence[PastStep],
    *,
    by: int | None,
    now: datetime,
    plan_from: date | None = None,
    due_hour: int = 8,
) -> int:
    """Write the steps that the case does not have yet; returns how many.

    The case gets to the last of them, unless somebody moved it by hand since: then history alone
    grows and the case stays where that person put it. What was planned for the stage it leaves
    ends; for its new stage follow-ups are planned from the local day `plan_from`, if there is one.
    """
    history = cases.history(session, case_id)
    [row] = cases.standing(session, [case_id], lock=True)
    published = _own(session, row, published)
    if not (missing := missing_steps(history, _known(published, steps))):
        return 0
    version = {published.id: published}
    entering.write_entries(session, _entries(row, published, missing, by), version, now)
    untouched = not any(entry.kind in ("open", "move") for entry in history)
    latest = max(missing, key=lambda step: step.at)
    if not untouched or latest.at < _last_known(history):
        cases.put_further(
            session, row, row.stage, len(missing), day=row.stage_day, closed_at=row.closed_at
        )
        return len(missing)
    closed_at = latest.at if published.definition.stages[latest.stage].final else None
    cases.put_further(session, row, latest.stage, len(missing), day=latest.day, closed_at=closed_at)
    follow_ups.end_planned(session, [case_id], now)
    if plan_from is not None and closed_at is None:
        there = Entering(
            row, row.seq + len(missing), "history", None, None, latest.stage, now, plan_from
        )
        entering.plan(session, [there], version, {}, now=now, due_hour=due_hour)
    return len(missing)


def _own(session: Session, row: Standing, newest: Published) -> Published:
    """The version that a case is on: an import speaks of the newest."""
    if row.workflow_version_id == newest.id:
        return newest
    return routes.pinned(session, row.workflow_version_id)


def _known(published: Published, steps: Sequence[PastStep]) -> list[PastStep]:
    return [step for step in steps if step.stage in published.definition.stages]


def _last_known(history: Sequence[Entry]) -> datetime:
    """When the last step of the past was made; going over to another version is none."""
    return max(entry.at for entry in history if entry.kind == "history")


def _entries(
    row: Standing, published: Published, steps: Sequence[PastStep], by: int | None
) -> list[Entering]:
    entries = []
    before = row.stage
    for seq, step in enumerate(steps, row.seq + 1):
        move = published.definition.move_between.get((before, step.stage))
        entries.append(
            Entering(
                row, seq, "history", move, before, step.stage, step.at, step.day, step.precision,
                by=by, reason=step.reason,
            )
        )  # fmt: skip
        before = step.stage
    return entries


def missing_steps(history: Sequence[Entry], steps: Sequence[PastStep]) -> list[PastStep]:
    """The steps that are not in the history: another stage, or the same at another moment.

    A moment that was known less precisely before (a month, or not at all) is the same step.
    """
    exact = Counter((entry.to_stage, entry.at) for entry in history)
    vague = Counter(entry.to_stage for entry in history if entry.precision != "day")
    missing = []
    for step in steps:
        if exact[(step.stage, step.at)]:
            exact[(step.stage, step.at)] -= 1
        elif vague[step.stage]:
            vague[step.stage] -= 1
        else:
            missing.append(step)
    return missing
