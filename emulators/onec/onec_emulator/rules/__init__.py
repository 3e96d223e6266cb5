"""What the configuration itself does to a record at a write."""
