"""Event logs: who did what when, read as a stream from CSV and XES, also compressed."""

from workflows.event_logs.csv_logs import Refuse
from workflows.event_logs.names import clean_name
from workflows.event_logs.traces import Event, Trace, read_events, read_traces

__all__ = ["Event", "Refuse", "Trace", "clean_name", "read_events", "read_traces"]
