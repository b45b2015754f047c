"""What a call brings: `ExternalTrigger`, nested objects and lists too, within the limits of an event's data. Pure."""

from typing import Final

import msgspec

from tellwire.platform.intake.clevertap import limits
from tellwire.platform.model.value import Properties

VALUES_LIMIT: Final = 32 * 1024  # bytes of the values as JSON


class BadValues(Exception):
    """These values cannot be taken; the message is a sentence."""


def values_of(values: Properties) -> msgspec.Raw:
    """Return the values as a call keeps them. Raises `BadValues`."""
    if len(values) > limits.OBJECT_KEYS:
        raise BadValues(f"There are {len(values)} values: at most {limits.OBJECT_KEYS} are taken.")
    problem = limits.problem_of_nesting(values)
    for key, value in values.items():
        problem = problem or limits.problem_of_name(key) or limits.problem_of_value(key, value)
    if problem:
        raise BadValues(problem)
    written = msgspec.json.encode(values)
    if len(written) > VALUES_LIMIT:
        raise BadValues(f"The values are longer than {VALUES_LIMIT} bytes.")
    return msgspec.Raw(written)
