"""Opaque keys: random, but begun with the time, so that new rows stand together on disk."""

import secrets
import threading
from datetime import datetime

_LANE_BITS, _RANDOM_BITS = 10, 12
#: keeps two processes that make many keys at the same time apart
_LANE = secrets.randbits(_LANE_BITS)

_lock = threading.Lock()
_last = 0


def new_key(now: datetime) -> int:
    """A key of 63 bits that this process has not given out: milliseconds since 1970, and random."""
    return new_keys(1, now)[0]


def new_keys(count: int, now: datetime) -> list[int]:
    """`count` different keys, ascending; a process never gives one out twice."""
    global _last
    with _lock:
        first = max(int(now.timestamp() * 1000), _last + 1)
        _last = first + count
    return [
        (((first + place) << _LANE_BITS | _LANE) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        for place in range(count)
    ]
