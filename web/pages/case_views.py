"""What the page of a case shows beside its path: what must be done, referrals, consent, others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.references import reference
from referrals import routes
from storage.queries.case_pages import Agreed, Answer, OtherCase, Sent, Task
from web.pages import path_views
from web.pages.case_scene import Scene
from web.pages.case_words import Words
from web.pages.consent_forms import LANGUAGES, PURPOSES
from web.pages.follow_ups import Later, later
from workflows import case_path
from workflows.lifecycles import CALLED, REFERRAL

#: what a member of staff can note on a referral, in the order in which it is offered
ANSWERS = ("accepted", "waiting", "declined", "started", "no_show", "finished", "withdrawn")


@dataclass(frozen=True)
class TaskItem:
    """An open follow-up, with what can be said about it."""

    id: int
    what: str
    day: str
    #: workdays
    late: int
    today: bool
    who: str
    assignee_id: int | None
    open: bool
    #: whether it can be tried in vain, and what becomes of it then
    can_miss: bool
    repeats: str
    later: Later


def task_items(words: Words, there: Scene, tasks: Iterable[Task]) -> list[TaskItem]:
    """The open follow-ups of a case, by day."""
    return [task_item(words, there, task) for task in tasks if task.state == "open"]


def task_item(words: Words, there: Scene, task: Task) -> TaskItem:
    """One follow-up as the page shows it."""
    row = path_views.open_of(words, there.definition, task)
    left = case_path.attempts_left(row)
    return TaskItem(
        id=task.id,
        what=path_views.what_to_do(words, there.definition, task),
        day=words.day(task.due_on),
        late=case_path.workdays(there.days, task.due_on, words.today)
        if task.due_on < words.today
        else 0,
        today=task.due_on == words.today,
        who=path_views.who_does(words, there, task),
        assignee_id=task.assignee_id,
        open=task.state == "open",
        can_miss=row.rule is not None and row.rule.every is not None,
        repeats=path_views.repeats(words, there.definition, row.rule, left),
        later=later(there.days, task.due_on, words.today),
    )


@dataclass(frozen=True)
class AnswerItem:
    """Something that was answered to a referral."""

    day: str
    what: str
    who: str
    note: str
    taken_back: bool


@dataclass(frozen=True)
class ReferralItem:
    """A referral, with what was answered and what can be noted now."""

    id: int
    version: int
    provider: str
    course: str
    starts: str
    sent: str
    warm: bool
    state: str
    open: bool
    history: Sequence[AnswerItem]
    #: (code, title)
    possible: Sequence[tuple[str, str]]


def referral_items(words: Words, there: Scene) -> list[ReferralItem]:
    """The referrals of a case, the newest first."""
    return [_referral(words, row, answers) for row, answers in reversed(list(there.sent.items()))]


def _referral(words: Words, row: Sent, answers: Sequence[Answer]) -> ReferralItem:
    return ReferralItem(
        id=row.id,
        version=row.version,
        provider=row.provider,
        course=row.course or "",
        starts=words.day(row.starts_on) if row.starts_on else "",
        sent=words.day_of(row.sent_at),
        warm=row.warm_handover,
        state=words.say(CALLED[row.state]),
        open=row.state in REFERRAL.open_states,
        history=[_answer(words, row, each) for each in reversed(answers)],
        possible=[(name, words.say(CALLED[name])) for name in possible(row.state)],
    )


def possible(state: str) -> list[str]:
    """What can be noted on a referral in a state."""
    leads = {to for sources, to in REFERRAL.events.values() if state in sources}
    return [name for name in ANSWERS if name in leads]


def _answer(words: Words, row: Sent, each: Answer) -> AnswerItem:
    return AnswerItem(
        words.day_of(each.at),
        words.say(CALLED[each.to_state]),
        words.name(each.by_staff_id, row.provider),
        each.note or "",
        each.taken_back_at is not None,
    )


@dataclass(frozen=True)
class ConsentItem:
    """A consent, in words."""

    purposes: Sequence[str]
    how: str
    until: str
    withdrawn: str
    holds: bool


def consent_items(words: Words, there: Scene) -> list[ConsentItem]:
    """What the participant agreed to, the newest first."""
    holding = {each.id for each in there.holding}
    return [_consent(words, each, each.id in holding) for each in reversed(there.agreed)]


def _consent(words: Words, each: Agreed, holds: bool) -> ConsentItem:
    language = LANGUAGES.get(each.language)
    how = words.say(
        "Spoken, on {day}" if each.form == "spoken" else "On paper, on {day}",
        day=words.day(each.given_on),
    )
    who = words.name(each.explained_by)
    if who:
        how += words.say(", explained by {name}", name=who)
    if language and each.language != "nl":
        how += f" ({words.say(language)})"
    return ConsentItem(
        [words.say(PURPOSES[name]) for name in each.purposes if name in PURPOSES],
        how,
        words.day(each.expires_on) if each.expires_on else "",
        words.day_of(each.withdrawn_at),
        holds,
    )


@dataclass(frozen=True)
class OtherItem:
    """Another case of the participant."""

    reference: str
    route: str
    stage: str
    since: str
    closed: bool
    #: how it hangs together with this one
    link: str


def other_items(session: Session, words: Words, there: Scene) -> tuple[list[OtherItem], int]:
    """The other cases that this member may see, and how many there are besides."""
    sees = words.member.sees
    shown = [each for each in there.others if sees is None or each.owner_id in (None, sees)]
    items = [_other(session, words, there, each) for each in shown]
    return items, len(there.others) - len(shown)


def _other(session: Session, words: Words, there: Scene, each: OtherCase) -> OtherItem:
    definition = routes.pinned(session, each.workflow_version_id).definition
    link = ""
    if each.linked_case_id == there.head.id:
        link = words.say("opened from this case")
    elif each.id == there.head.linked_case_id:
        link = words.say("this case was opened from it")
    language = words.member.language
    return OtherItem(
        reference(each.id),
        definition.title[language],
        definition.stages[each.stage].title[language],
        words.day(each.stage_day),
        each.closed_at is not None,
        link,
    )


@dataclass(frozen=True)
class PersonItem:
    """The participant in short."""

    reference: str
    name: str
    birth_year: int | None
    phone: str
    dialled: str
    email: str
    wish: str
    best_moment: str


def person_item(there: Scene) -> PersonItem:
    """Who the case is about."""
    head = there.head
    return PersonItem(
        reference(head.participant_id),
        name_of(there),
        head.birth_year,
        head.phone or "",
        dialled(head.phone or ""),
        head.email or "",
        head.wish or "",
        head.best_moment or "",
    )


def name_of(there: Scene) -> str:
    """What is known of the name of the participant."""
    names = (there.head.first_name, there.head.last_name)
    return " ".join(name for name in names if name)


def dialled(phone: str) -> str:
    """A number as people in the Netherlands write it."""
    return f"0{phone[3:]}" if phone.startswith("+31") else phone
