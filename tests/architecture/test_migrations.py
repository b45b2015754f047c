"""Migrations of the embedded store: one file each, numbered, and all of them in the order of their numbers."""

from importlib import import_module
from pathlib import Path

from tellwire.platform.backends.embedded import migrations
from tellwire.platform.backends.embedded.schema import MIGRATIONS


def test_each_migration_has_a_file_of_its_number_and_says_which_it_is() -> None:
    names = sorted(path.stem for path in Path(str(migrations.__file__)).parent.glob("m*.py"))
    modules = [import_module(f"{migrations.__name__}.{name}") for name in names]

    assert [int(name[1:3]) for name in names] == list(range(1, len(names) + 1))
    assert tuple(module.SCRIPT for module in modules) == MIGRATIONS
    for number, module in enumerate(modules, 1):
        assert str(module.__doc__).startswith(f"Migration {number}: ")
