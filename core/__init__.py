"""What every room stands on: settings, the clock, errors, references and words."""
