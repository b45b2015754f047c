"""The nouns, as frozen values, in the order they come to be: event, profile, campaign, facts, decision, message."""
