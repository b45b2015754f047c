"""Hypothesis tries few examples with every change, and many at night (`scripts/nightly`).

No example has a deadline of its own: how long one takes says how busy the machine is. What hangs, pytest ends.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("change", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", settings.get_profile("change"), max_examples=2000)
settings.load_profile("change")
