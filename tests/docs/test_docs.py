"""What the documents point at is there: files, headings, scripts, commands with their options."""

import io
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

import tellwire
from tellwire.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
SCRIPT = re.compile(r"(?:^|[\s`])(scripts/[\w-]+)")
COMMAND = re.compile(r"(?:^|[\s`/])tellwire ([a-z]+)([^`\n|#]*)")
OPTION = re.compile(r"(?:^|\s)(--?[a-z][\w-]*)")
PLACE = re.compile(r"`((?:src|tests|docs|bench|scripts|deploy)/[\w./*-]+)`")


def pages():
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pages()
def test_every_link_of_a_page_leads_somewhere(page):
    for target in LINK.findall(page.read_text()):
        if re.match(r"\w+:", target):
            continue
        path, _, heading = target.partition("#")
        aim = (page.parent / path) if path else page
        assert aim.exists(), f"{target} is not there"
        if heading:
            assert heading in headings(aim), f"{aim.name} has no heading {heading}"


@pages()
def test_every_place_in_the_repository_that_a_page_names_is_there(page):
    for place in PLACE.findall(page.read_text()):
        assert list(ROOT.glob(place)), f"{place} is not there"


@pages()
def test_every_script_that_a_page_names_can_be_run(page):
    for script in SCRIPT.findall(page.read_text()):
        assert os.access(ROOT / script, os.X_OK), f"{script} is no script"


@pages()
def test_every_command_that_a_page_shows_is_one_and_takes_these_options(page):
    for code in CODE.findall(page.read_text()):
        for name, rest in COMMAND.findall(code):
            assert name in app, f"tellwire {name} is no command"
            words = rest.split()
            command = f"{name} {words[0]}" if words and words[0] in subcommands(name) else name
            for option in OPTION.findall(rest):
                assert option in help_of(command), f"tellwire {command} takes no {option}"


def test_the_reference_is_what_the_code_says():
    done = subprocess.run(
        [sys.executable, "scripts/reference", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@cache
def help_of(command: str) -> frozenset[str]:
    """Return the options that the command's help shows."""
    shown = io.StringIO()
    app.help_print(command.split(), console=Console(file=shown, width=200))
    return frozenset(re.findall(r"--?[a-z][\w-]*", shown.getvalue()))


@cache
def subcommands(command: str) -> frozenset[str]:
    """Return the commands below a command, as `add` of `tellwire lists`."""
    return frozenset(name for name in app[command] if not name.startswith("-"))


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_map_names_every_folder() -> None:
    folders = {path.parent.name for path in (ROOT / "src" / "tellwire").glob("*/__init__.py")}

    named = set(re.findall(r"^    (\w+)/", tellwire.__doc__ or "", re.MULTILINE))

    assert named == folders
