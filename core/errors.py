"""Everything that can be refused, as one tree; the docstring of a class is what people read."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: what it is about, why, and what to do about it."""

    thing: str
    why: str
    remedy: str = ""
    #: 1-based line in the file it stands in, when there is one
    line: int | None = None

    def __str__(self) -> str:
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.thing}: {self.why}{remedy}"


def why_unopened(error: OSError) -> str:
    """Why a file cannot be opened, as a sentence."""
    if isinstance(error, FileNotFoundError):
        return "There is no such file."
    if isinstance(error, IsADirectoryError):
        return "This is a folder."
    return "It may not be read." if isinstance(error, PermissionError) else "It cannot be opened."


class BrugError(Exception):
    """Something went wrong."""

    def __init__(self, thing: str = "", *, remedy: str = "", faults: tuple[Fault, ...] = ()):
        self.thing = thing
        self.remedy = remedy
        self.faults = faults
        super().__init__(thing)

    @property
    def sentence(self) -> str:
        """The untranslated sentence of this kind of error."""
        return (type(self).__doc__ or "").strip()

    def __str__(self) -> str:
        parts = [f"{self.thing}: {self.sentence}" if self.thing else self.sentence, self.remedy]
        return " ".join(part for part in parts if part)


class Refused(BrugError):
    """This cannot be done."""


class NotFound(Refused):
    """This was not found."""


class Unclear(Refused):
    """It is not clear which one is meant."""


class MoveRefused(Refused):
    """This step is not possible now."""


@dataclass
class Change:
    """What somebody else changed in the meantime: where the case stood and stands, who, when."""

    reference: str
    expected_stage: str
    stage: str
    by: str
    at: str = ""
    field: str = field(default="stage")


class ChangedMeanwhile(Refused):
    """Somebody else changed this in the meantime."""

    def __init__(self, thing: str, change: Change, *, remedy: str = ""):
        super().__init__(thing, remedy=remedy)
        self.change = change


class ConsentMissing(Refused):
    """The participant has not agreed to share this."""


class NothingToUndo(Refused):
    """There is no step that can be undone."""


class FaultyRoute(Refused):
    """The route file has faults."""


class FaultyFile(Refused):
    """This file cannot be read."""


class FaultyValue(Refused):
    """This value cannot be used."""


class BsnFound(FaultyValue):
    """This looks like a BSN. A BSN may not be kept here."""


class AlreadyThere(Refused):
    """This is already there."""


class NoAddress(Refused):
    """There is no e-mail address to send this to."""


class Busy(Refused):
    """There is more to do right now than can be done."""


class DatabaseUnready(Refused):
    """The database is not ready."""


class Misused(BrugError):
    """This command was not used as meant."""
