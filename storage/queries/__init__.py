"""Every question to the database by its name, a noun a file."""
