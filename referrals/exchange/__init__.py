"""What comes in from and goes out to other people's files."""
