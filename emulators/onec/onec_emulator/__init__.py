"""A 1C infobase that runs on a laptop: its OData interface, exchange plan and people."""
