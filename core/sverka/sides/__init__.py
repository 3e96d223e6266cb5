"""Whom we talk to: the portal and the infobase as flows, without I/O."""
