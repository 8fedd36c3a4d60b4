"""Changes a norm or the title of a reason in the text of a route, and leaves all else as it is.

Comments, order and layout stay: only the words themselves are replaced, at the place where the
reader found them. What comes out is read again, so that nothing else can have changed.
"""

import json
import re
from collections.abc import Mapping

from core.errors import Fault, FaultyRoute
from workflows import checking
from workflows.definition import Definition, Titles
from workflows.periods import Period
from workflows.reading import Span, spans

#: words that need no quotes, whatever stands around them
_PLAIN = re.compile(r"[^\W\d_](?:[\w '()/-]*[\w)])?")
_WORDS = ("true", "false", "null", "yes", "no", "on", "off")


def with_norms(text: str, norms: Mapping[str, Period | None]) -> str:
    """The text of a sound route with other norms for these stages; none: no norm any more."""
    definition = _sound(text)
    for stage, norm in norms.items():
        if definition.stages[stage].norm != norm:
            text = _with_norm(text, stage, norm)
    wanted = {
        name: stage.model_copy(update={"norm": norms.get(name, stage.norm)})
        for name, stage in definition.stages.items()
    }
    return _as(text, definition.model_copy(update={"stages": wanted}))


def with_reasons(text: str, reasons: Mapping[str, Titles]) -> str:
    """The text of a sound route with other titles for these reasons."""
    definition = _sound(text)
    for code, titles in reasons.items():
        for language in ("nl", "en"):
            if definition.reasons[code][language] != titles[language]:
                there = spans(text)["reasons", code, language]
                text = _replaced(text, there, _written(titles[language]))
    wanted = {**definition.reasons, **reasons}
    return _as(text, definition.model_copy(update={"reasons": wanted}))


def _sound(text: str) -> Definition:
    return checking.parse(text, routes=None)


def _as(text: str, wanted: Definition) -> str:
    """The text, when it says just what is wanted; a layout that is too unusual is refused."""
    if _sound(text) != wanted:
        fault = Fault("file", "This cannot be changed here.", "Change it in the text.")
        raise FaultyRoute(wanted.name, faults=(fault,))
    return text


def _with_norm(text: str, stage: str, norm: Period | None) -> str:
    places = spans(text)
    there, whole = places.get(("stages", stage, "norm")), places["stages", stage]
    if there is not None and norm is not None:
        return _replaced(text, there, str(norm))
    if there is not None:
        return _without(text, there, whole)
    if norm is None:
        return text
    if whole.braces:
        last = len(text[: whole.end - 1].rstrip())
        return f"{text[:last]}, norm: {norm}{text[last:]}"
    line = text.rfind("\n", 0, whole.start) + 1
    indent = text[line : whole.start]
    return f"{text[: whole.start]}norm: {norm}\n{indent}{text[whole.start :]}"


def _without(text: str, there: Span, whole: Span) -> str:
    """Without a norm: with the comma before it (or after it), or with its line."""
    key = text.rindex("norm", 0, there.start)
    if not whole.braces:
        line, end = text.rfind("\n", 0, key) + 1, text.find("\n", there.end) + 1
        return text[:line] + text[end:] if end else text[:line]
    before = text[:key].rstrip()
    if before.endswith(","):
        return before[:-1] + text[there.end :]
    return text[:key] + text[there.end :].lstrip().removeprefix(",").lstrip()


def _replaced(text: str, there: Span, words: str) -> str:
    return text[: there.start] + words + text[there.end :]


def _written(words: str) -> str:
    """Words as a route file has them: between quotes where they could mean something else."""
    plain = _PLAIN.fullmatch(words) and words.lower() not in _WORDS
    return words if plain else json.dumps(words, ensure_ascii=False)
