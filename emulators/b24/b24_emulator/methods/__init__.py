"""The methods of the REST API: one row each, with scope and provenance."""
