"""The console in the browser: pages over a system, drawn on the server, nothing from the net."""
