"""Hypothesis tries few examples with every change, and many at night (`scripts/nightly`)."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "nightly", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
