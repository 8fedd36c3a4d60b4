"""A route as data: read, checked, drawn, made into a machine. Knows no database."""
