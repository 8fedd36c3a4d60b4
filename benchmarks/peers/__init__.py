"""Others that make durable moves, each in a process of its own; only with the extra ``peers``."""
