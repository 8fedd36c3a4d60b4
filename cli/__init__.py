"""The command line: where settings are read and everything is put together."""
