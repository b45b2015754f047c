"""The wire format of 8x8's SMS API and CleverTap's callbacks: bytes to typed values and back, all pure."""
