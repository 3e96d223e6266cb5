"""How it is said: bytes to values and back, pure."""
