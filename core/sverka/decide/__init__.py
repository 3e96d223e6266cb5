"""What to do: pure functions from values to plans."""
