"""The errors of every store. Anything else that a store raises is a bug.

StoreError
  Unavailable  it is closed, locked, out of reach or broken: ask again later
  Full         it has no room: nothing of the call was kept, and calls succeed again when there is room
"""


class StoreError(Exception):
    """A store could not read or write."""


class Unavailable(StoreError):
    """The store is closed, locked, out of reach or broken. Whether the call was kept is not known: repeat it."""


class Full(StoreError):
    """The store is full; what was stored before is safe, and writes succeed again when there is room."""
