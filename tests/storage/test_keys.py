"""Keys: never the same twice, in the order of time, and saying nothing about a person."""

import threading
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.keys import new_key, new_keys
from tests.builders import NOW


def test_keys_ascend_so_that_new_rows_stand_together_on_disk() -> None:
    keys = new_keys(1_000, NOW)
    assert keys == sorted(keys) and len(set(keys)) == 1_000


@given(st.integers(0, 3_000))
def test_a_key_fits_in_a_bigint(days: int) -> None:
    key = new_key(NOW + timedelta(days=days))
    assert 0 < key < 2**63


def test_many_batches_made_at_one_moment_share_no_key() -> None:
    """An import of a million people asks for thousands at a time, all with the same `now`."""
    keys = [key for _ in range(200) for key in new_keys(1_000, NOW)]
    assert len(set(keys)) == len(keys)


def test_threads_at_one_moment_share_no_key() -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.extend(new_keys(2_000, NOW))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == len(found) == 16_000


def test_the_last_bits_are_random() -> None:
    assert len({key & 0xFFF for key in new_keys(2_000, NOW)}) > 1_000
