"""Seeded simulation: people edit both sides at random, trouble comes, the process dies."""
