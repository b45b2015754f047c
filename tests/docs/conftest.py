"""The demo of the end-to-end tests, for the tour."""

from tests.e2e.conftest import start_demo

__all__ = ["start_demo"]
