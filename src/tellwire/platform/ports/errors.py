"""What every call of every port may raise: its store is gone or full. Anything else that one raises is a bug.

Callers catch these two, or `StoreError` for both, and nothing wider. After `Unavailable` nobody knows whether the
call was kept: repeat it, for every call of a port twice is once. After `Full` nothing of the call was kept.
"""

from tellwire.kernel.store_error import Full, StoreError, Unavailable

__all__ = ["Full", "StoreError", "Unavailable"]
