"""What the portal allows, as data: limits, tariffs, switches."""
