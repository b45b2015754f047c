"""Tellwire: from an app's event to a text on the right phone."""
