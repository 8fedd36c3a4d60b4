"""Who is told what, when: reads what a move wrote and never takes part in it."""
