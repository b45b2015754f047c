"""Decides which campaigns answer an event, through every gate, and keeps profiles as their changes say."""
