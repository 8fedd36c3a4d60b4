"""What imports need: a library."""

import pytest
from sqlalchemy import Engine

from storage.engine import transaction
from tests.builders import a_library


@pytest.fixture
def library(engine: Engine) -> int:
    """A library, committed, as imports open transactions of their own."""
    with transaction(engine) as session:
        return a_library(session)
