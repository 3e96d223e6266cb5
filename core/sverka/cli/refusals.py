"""What the command line refuses by itself, before the core is asked."""

from sverka.errors import SverkaError


class WrongUsage(SverkaError):
    """What was typed, or written in the settings file, cannot be used; the text is whole."""
