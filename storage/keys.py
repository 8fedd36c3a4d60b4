"""Opaque keys: random, but begun with the time, so that new rows stand together on disk."""

import secrets
from datetime import datetime

_RANDOM_BITS = 22


def new_key(now: datetime) -> int:
    """A key of 63 bits: milliseconds since 1970 and 22 random bits."""
    return new_keys(1, now)[0]


def new_keys(count: int, now: datetime) -> list[int]:
    """`count` different keys, ascending, each with about 2²² others it could have been."""
    start = int(now.timestamp() * 1000) << _RANDOM_BITS
    return [
        start + (place << _RANDOM_BITS) + secrets.randbits(_RANDOM_BITS) for place in range(count)
    ]
