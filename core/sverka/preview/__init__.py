"""What a full exchange would do, found out without writing anywhere."""

from sverka.preview.rehearsing import preview
from sverka.preview.sheet import Deed, FieldChange, Named, Preview, Row

__all__ = ["Deed", "FieldChange", "Named", "Preview", "Row", "preview"]
