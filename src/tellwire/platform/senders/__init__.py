"""Adapters that speak to providers. The generic one speaks to any that takes HTTP: a provider is data."""
