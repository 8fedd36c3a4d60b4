"""Counting reach: from opaque entries to people and participations, exactly and at once."""
