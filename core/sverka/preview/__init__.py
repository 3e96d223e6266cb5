"""What a full exchange would do, found out without writing anywhere."""

from sverka.preview.rehearsing import preview
from sverka.preview.sheet import NEW, Deed, FieldChange, Named, Preview, Row

__all__ = ["NEW", "Deed", "FieldChange", "Named", "Preview", "Row", "preview"]
