"""Historical data of the user's own, imported into one local file with its provenance.

Nothing here knows a lens.  Accord ships none of these data sets: it reads their native files where the user has them.
"""

from typing import TYPE_CHECKING

from accord.lazily import room

if TYPE_CHECKING:
    from accord.data.catalogue import KINDS
    from accord.data.importing import Imported, import_files
    from accord.data.states import name_of, resolve
    from accord.data.store import Entry, default_store, entries, reading
    from accord.data.verifying import verify

__all__ = [
    "KINDS",
    "Entry",
    "Imported",
    "default_store",
    "entries",
    "import_files",
    "name_of",
    "reading",
    "resolve",
    "verify",
]

_INSIDE = {
    "catalogue": ("KINDS",),
    "importing": ("Imported", "import_files"),
    "states": ("name_of", "resolve"),
    "store": ("Entry", "default_store", "entries", "reading"),
    "verifying": ("verify",),
}
__getattr__ = room(__name__, _INSIDE)
