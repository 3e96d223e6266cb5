"""What is kept in step: declarations without logic."""
