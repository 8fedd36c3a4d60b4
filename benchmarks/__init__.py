"""What Brug can do in a second, each time beside the most that could be done."""
