"""What 8x8's SMS API and CleverTap's callbacks look like on the wire: bytes to typed values and back, all pure."""
