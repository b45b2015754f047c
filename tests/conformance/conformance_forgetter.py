"""A process that forgets what is old, a step at a time, until it is killed; prints a line for each step.

python conformance_forgetter.py <back end> <directory>
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from conformance_harness import HARNESSES
from conformance_nouns import LATER

from tellwire.kernel.retention import horizon

KEEP = timedelta(days=90)
LONG_AFTER = LATER + timedelta(days=400)


async def main(name: str, directory: Path) -> None:
    backend = await HARNESSES[name](directory).open()
    forgets = (
        backend.retention.forget_messages,
        backend.retention.forget_activity,
        backend.retention.forget_stream,
    )
    resumes: list[int | None] = [0, 0, 0]
    while any(resume is not None for resume in resumes):
        for n, forget in enumerate(forgets):
            after = resumes[n]
            if after is not None:
                step = await forget(horizon(LONG_AFTER, KEEP), after)
                resumes[n] = step.resume
                sys.stdout.write(f"{step.rows}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
