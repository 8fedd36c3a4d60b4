"""What goes into a move and what comes out: the answers filled in, and what became of the cases."""

from dataclasses import dataclass, field
from datetime import date

from core.errors import Refused
from core.references import reference
from workflows.planning import Planned


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that moved, what was planned for it, and the linked case that was opened."""

    case_id: int
    from_stage: str
    to_stage: str
    planned: tuple[Planned, ...] = ()
    opened: int | None = None

    @property
    def reference(self) -> str:
        """How people name the case."""
        return reference(self.case_id)


@dataclass
class Outcome:
    """What became of a move: the cases that moved, and for the others every reason why not."""

    moved: list[Moved] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)

    def raise_refusal(self) -> None:
        """Raise the first refusal, for whoever moves a single case."""
        for refusal in self.refused.values():
            raise refusal


Day = date


@dataclass(frozen=True)
class Answers:
    """What the person who moves filled in, by the names of `workflows.definition.QUESTIONS`."""

    note: str | None = None
    reason: str | None = None
    #: a local day: in the past the one on which the step was made, else that of the appointment
    date: Day | None = None
    course: int | None = None
    provider: int | None = None
    #: going along or calling together, when a referral is made
    warm_handover: bool = False
    #: the referral whose answer causes the move, and which has its new state already
    answered: int | None = None
