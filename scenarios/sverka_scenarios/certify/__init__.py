"""Certification: scenarios are played, judged by the laws, and written down for outsiders."""
