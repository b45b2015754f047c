"""Writes the message: Liquid rendered over profile and event, counted in parts, and made a frozen `Message`."""
