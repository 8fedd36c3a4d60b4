"""What the mails are filled with: one frozen class for each kind, read by its templates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a member of staff must do by a day."""

    what: str
    due_on: date
    #: the page on which it is handled
    url: str
    #: who did not do it in time, when it came up to somebody else
    escalated_from: str | None = None
    #: what the provider answered, in words
    answered: str | None = None


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """The things to do of one case."""

    reference: str
    first_name: str | None
    route_title: str
    stage_title: str
    #: such as how long it has been over the norm, in words
    note: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """What a member of staff has to do today."""

    name: str
    day: date
    overdue: tuple[CaseGroup, ...] = ()
    today: tuple[CaseGroup, ...] = ()
    #: somebody else must answer or act first
    waiting: tuple[CaseGroup, ...] = ()
    #: overdue for more than ten workdays: only counted
    older: int = 0
    #: names of colleagues who are away
    standing_in_for: tuple[str, ...] = ()
    #: the page on which all of it stands
    url: str | None = None

    @property
    def late(self) -> int:
        """How many things are overdue, without the older ones."""
        return _items(self.overdue)

    @property
    def to_do(self) -> int:
        """How many things are overdue or due today."""
        return self.late + _items(self.today)

    @property
    def on_others(self) -> int:
        """How many things wait for others."""
        return _items(self.waiting)


def _items(groups: tuple[CaseGroup, ...]) -> int:
    return sum(len(group.items) for group in groups)


@dataclass(frozen=True, slots=True)
class PartnerItem:
    """Something that a contact person at a partner was asked; without a name."""

    reference: str
    what: str
    due_on: date
    url: str


@dataclass(frozen=True, slots=True)
class PartnerDigestView:
    """What waits for a contact person at a partner."""

    name: str
    day: date
    items: tuple[PartnerItem, ...]


@dataclass(frozen=True, slots=True)
class RollUpView:
    """A week of a library, for its coordinator."""

    name: str
    first_day: date
    last_day: date
    #: (name, how many of theirs are overdue)
    overdue_by: tuple[tuple[str, int], ...] = ()
    #: cases without an owner
    unowned: int = 0
    without_next_step: int = 0
    #: referrals without an answer
    unanswered: int = 0
    #: (address, why the mail server refused it)
    undeliverable: tuple[tuple[str, str], ...] = ()
    #: cases that took a step in the week
    moved: int = 0
    #: the page on which all of it stands
    url: str | None = None


@dataclass(frozen=True, slots=True)
class IntroducedView:
    """New introductions that nobody has taken up."""

    name: str
    partner: str | None
    number: int
    #: at most ten
    references: tuple[str, ...] = ()
    url: str | None = None

    @property
    def not_shown(self) -> int:
        """How many there are beside those whose references are named."""
        return self.number - len(self.references)


@dataclass(frozen=True, slots=True)
class AboutCasesView:
    """A colleague asks to look at cases."""

    name: str
    #: who asks
    by: str
    number: int
    #: at most ten
    references: tuple[str, ...]
    #: the list of them
    url: str

    @property
    def not_shown(self) -> int:
        """How many there are beside those whose references are named."""
        return self.number - len(self.references)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A provider's answer that asks for a step today."""

    name: str
    reference: str
    first_name: str | None
    provider: str
    #: in words, as is the next step
    answer: str
    note: str | None
    next_step: str
    #: where the next step is handled; none: nothing was planned
    url: str | None


@dataclass(frozen=True, slots=True)
class UndeliveredView:
    """A mail that the mail server refused for good."""

    name: str
    address: str
    receiver: str
    #: the words of the mail server
    reason: str
    #: the kind of mail, in words
    what: str
    reference: str | None
    #: the page on which the address is mended
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral that a provider is asked to answer; without anything about the person."""

    name: str
    library: str
    reference: str
    course: str | None
    starts_on: date | None
    sent_on: date
    url: str


@dataclass(frozen=True, slots=True)
class ArrivedView:
    """Somebody whom a partner introduced came; only when that person agreed to it."""

    name: str
    reference: str
    introduced_on: date | None
    day: date


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """How many introductions of a partner were received."""

    name: str
    partner: str
    #: as it may be shown: a number, or that it is fewer than the threshold
    number: str
    day: date


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment of a participant who asked to be mailed about it."""

    first_name: str | None
    day: date
    place: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code that shows who a link is about."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class KeyView:
    """A link with which somebody chooses a password."""

    name: str
    url: str
    #: the last local day on which it works
    last_day: date


@dataclass(frozen=True, slots=True)
class NewLinkView:
    """A new link in place of one that expired."""

    name: str
    url: str
