"""The path of a case as its page draws it, and what comes when nobody does anything."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core import clock
from core.words import Told
from storage.queries.case_pages import Task
from storage.queries.cases import Entry
from web.pages.case_scene import Scene
from web.pages.case_words import Words
from workflows import case_path
from workflows.case_path import Coming, Open, Step, Visit
from workflows.definition import LEVELS, Definition, FollowUpRule

#: what is told of all that comes by itself
MOST_COMING = 3
RECEIVERS = {
    "owner": Told("the owner"),
    "coordinator": Told("the coordinator"),
    "referrer": Told("whoever referred"),
    "provider": Told("the provider"),
}


@dataclass(frozen=True)
class PathItem:
    """A stage on the drawn path."""

    title: str
    #: ``passed``, ``here`` or ``ahead``
    state: str
    level: int | None
    aside: bool
    #: the day on which the case got there
    day: str = ""
    #: the time that it stood there
    stay: str = ""
    over: bool = False


@dataclass(frozen=True)
class ComingItem:
    """Something that happens by itself."""

    day: str
    what: str
    #: it was due before today
    late: bool = False


def path_items(words: Words, there: Scene, history: Iterable[Entry]) -> list[PathItem]:
    """The stages passed, the one where the case stands, and those ahead."""
    passed = visits(history, there.definition.stages)
    steps = case_path.path(there.definition, passed, words.today, there.days)
    return [_item(words, there, step) for step in steps]


def visits(history: Iterable[Entry], stages: Collection[str]) -> list[Visit]:
    """The steps that hold, the oldest first.

    Going over to another version is no step: the stage that it led to takes the place of the one
    before. What its version does not know any more is left out.
    """
    held = [each for each in history if each.voided_by is None and each.kind != "undo"]
    went_over = [each.kind == "migrate" for each in held[1:]] + [False]
    return [
        Visit(each.to_stage, each.day if each.precision == "day" else None)
        for each, replaced in zip(held, went_over, strict=True)
        if not replaced and each.to_stage in stages
    ]


def _item(words: Words, there: Scene, step: Step) -> PathItem:
    level = step.stage.level
    return PathItem(
        title=step.stage.title[words.member.language],
        state=step.state,
        level=LEVELS.index(level) if level else None,
        aside=step.stage.aside,
        day=words.day(step.day) if step.day and step.state != "ahead" else "",
        stay=_stay(words, step),
        over=step.over,
    )


def _stay(words: Words, step: Step) -> str:
    if step.state == "ahead" or not step.days:
        return ""
    if step.norm is None or (step.state == "passed" and not step.over):
        return words.workdays(step.days)
    return words.say(
        "{days} of {norm} workdays", days=step.days, norm=step.norm
    )  # fmt: skip


def norm_sentence(words: Words, there: Scene) -> str:
    """How long the case has been where it is, against the norm."""
    stage = there.definition.stages[there.head.stage]
    if stage.final:
        return words.say("since {day}", day=words.long_day(there.head.stage_day))
    stood = case_path.workdays(there.days, there.head.stage_day, words.today)
    norm = case_path.norm_of(stage, there.head.stage_day, there.days)
    if not stood:
        return words.say("since today")
    if norm is None:
        return words.say("for {time}", time=words.workdays(stood))
    usual = words.workdays(norm)
    if stood > norm:
        return words.say("for {time}, {norm} is usual", time=words.workdays(stood), norm=usual)
    return words.say("for {time} of the usual {norm}", time=words.workdays(stood), norm=norm)


def open_of(words: Words, definition: Definition, task: Task) -> Open:
    """A follow-up as far as it matters for what comes."""
    later = task.escalates_at
    return Open(
        definition.rule(task.rule),
        task.due_on,
        clock.local_day(later, words.member.zone) if later else None,
        task.occurrence,
        task.receiver,
    )


def coming_items(words: Words, there: Scene, waiting: Sequence[Task]) -> list[ComingItem]:
    """What comes next if nothing happens, by day."""
    rows = [open_of(words, there.definition, each) for each in waiting]
    found = case_path.coming(rows)
    first = found[:MOST_COMING]
    # whatever is left out, it is said when somebody else hears of it
    later = [each for each in found[MOST_COMING:] if each.kind == "escalates"][:1]
    escalates = any(each.kind == "escalates" for each in first)
    return [
        _coming(words, there, waiting[each.index], each)
        for each in (*first, *([] if escalates else later))
    ]


def _coming(words: Words, there: Scene, task: Task, each: Coming) -> ComingItem:
    late = each.day < words.today
    if each.kind == "due":
        who, what = who_does(words, there, task), what_to_do(words, there.definition, task)
        sentence = words.say("{what} ({who})", what=what.rstrip("."), who=who)
        return ComingItem(words.day(each.day), sentence, late)
    rule = there.definition.rule(task.rule)
    do = rule.do[words.member.language] if rule else ""
    told = words.say(
        "If nobody did it, this goes to {who}: {what}", who=RECEIVERS[each.to], what=do
    )
    return ComingItem(words.day(each.day), told, late)


def what_to_do(words: Words, definition: Definition, task: Task) -> str:
    """What must be done, by the route or as somebody planned it."""
    rule = definition.rule(task.rule)
    return rule.do[words.member.language] if rule else task.what or ""


def who_does(words: Words, there: Scene, task: Task) -> str:
    """For whom a follow-up is."""
    if task.assignee_id == words.member.staff_id:
        return words.say("you")
    if task.assignee_id is not None:
        return words.name(task.assignee_id)
    if task.receiver == "referrer" and there.head.partner:
        return there.head.partner
    if task.receiver == "provider" and there.open_referral:
        return there.open_referral.provider
    if task.receiver == "owner":
        return words.name(there.head.owner_id, words.say("nobody yet"))
    return words.say(RECEIVERS[task.receiver])


def repeats(words: Words, definition: Definition, rule: FollowUpRule | None, left: int) -> str:
    """What becomes of a follow-up that is tried in vain; empty when its rule knows no attempts."""
    if rule is None or rule.every is None:
        return ""
    then = definition.moves.get(rule.then or "")
    title = then.title[words.member.language] if then else ""
    if left:
        tries = Told("once more") if left == 1 else Told("{number} times more", number=left)
        return words.say("Not reached? Then it comes {tries}.", tries=tries)
    if title:
        return words.say("Not reached? This was the last attempt: then “{move}”.", move=title)
    return words.say("Not reached? This was the last attempt.")
