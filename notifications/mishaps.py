"""What may be logged of a mistake: its kind and place, never its words, which may be personal."""

import traceback

#: places that are named, the innermost last
_PLACES = 3


def where(error: BaseException) -> str:
    """Such as ``KeyError in compose (composing.py:41) < _letters (writing.py:80)``."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    places = (
        f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
        for frame in reversed(frames)
    )
    return f"{type(error).__name__} in {' < '.join(places)}"
