"""Entities as data: field descriptors, defaults, indexes; and the rows of a fresh portal."""
