"""The number by which rows about a profile are indexed; two profiles may share one, so readers compare the id too."""

from zlib import crc32

from tellwire.platform.model.profile import ProfileId


def profile_hash(profile_id: ProfileId) -> int:
    """Return the number."""
    return crc32(profile_id.encode())
