"""Campaigns rehearsed: over a file of events on a virtual clock, before anybody gets a text."""
