"""Scenarios over both systems: certification, simulation, and the stand they run on."""
