"""Tables, named queries and migrations, on SQLite and PostgreSQL; the only room that knows SQL."""
