"""Places at which a worker can be made to die, for the tests that count what is lost.

``BRUG_FAIL_AT=delivered`` ends the process the first time it gets there, ``delivered:3`` the third
time. This and nothing else is read from the environment outside the settings, because it must
not be possible to set it in a file.
"""

import os

#: in the order in which one mail passes them
POINTS = (
    "claimed",
    "composed",
    "rendered",
    "data_started",
    "data_written",
    "delivered",
    "settling",
    "settled",
    "released",
)
EXIT_CODE = 70

_name = ""
_left = 0


def arm(setting: str) -> None:
    """Die at a point; nothing: nowhere. Raises `ValueError` for a point that is not there."""
    global _name, _left
    name, _, turn = setting.partition(":")
    if name and name not in POINTS:
        raise ValueError(name)
    _name, _left = name, int(turn or 1)


def passing(name: str) -> None:
    """Called at each of the points."""
    if name == _name:
        _die()


def _die() -> None:
    global _left
    _left -= 1
    if _left == 0:
        os._exit(EXIT_CODE)


arm(os.environ.get("BRUG_FAIL_AT", ""))
