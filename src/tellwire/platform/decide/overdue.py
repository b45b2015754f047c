"""What comes next for those who became due while their campaign was paused. Pure."""

from tellwire.platform.decide.program import END, Program
from tellwire.platform.model.step import RepeatStep, Step, WaitStep


def next_of(program: Program, step: str) -> Step | None:
    """Return what somebody at this step does when they go on, None if that is nothing more, or no such step.

    Behind a wait it is what follows it; in the pause of a repeat the next visit; anything else is still to be done.
    """
    node = program.at(step)
    if node is None:
        return None
    match node.step:
        case WaitStep():
            place = node.next
        case RepeatStep():
            place = node.branches[0]
        case _:
            return node.step
    return None if place == END else program.nodes[place].step
