"""Which moves cases can make now, for lists of many: the next sensible one, and the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.words import LANGUAGES
from referrals.routes import Published
from workflows import case_path
from workflows.guards import GUARDS, Facts

#: answers that are remembered
_REMEMBERED = 8192


@dataclass(frozen=True)
class Possible:
    """The moves that nothing is in the way of but, perhaps, a consent that is asked with them."""

    #: the next sensible one; empty: what can be done lies beside the path
    next: str
    #: language → what its button says
    title: Mapping[str, str]
    #: ``agree:agreed refer:referred``: each move with the stage that it leads to
    moves: str


def possible(version: Published, stage: str, facts: Facts) -> Possible:
    """The moves of a case at a stage; the same for every case that the guards say the same of."""
    if stage not in version.definition.stages:
        return Possible("", {}, "")
    held = tuple(guard.holds(facts) for guard in GUARDS.values())
    question = (version, stage, held)
    if question not in _known:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[question] = _possible(version, stage, facts)
    return _known[question]


_known: dict[tuple[Published, str, tuple[bool, ...]], Possible] = {}


def _possible(version: Published, stage: str, facts: Facts) -> Possible:
    options = case_path.options(version.definition, stage, facts)
    first = case_path.next_sensible(options)
    can = [each.move for each in options if each.allowed or each.wants_consent]
    return Possible(
        first.move.name if first else "",
        {language: first.move.title[language] for language in LANGUAGES} if first else {},
        " ".join(f"{move.name}:{move.to}" for move in can),
    )
