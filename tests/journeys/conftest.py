"""Journeys go through real pages: the same town and windows that tests of pages have."""

from tests.web.conftest import plain, served

__all__ = ["plain", "served"]
