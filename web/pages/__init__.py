"""Pages, a noun a file: each parses, calls a room below, and answers."""
