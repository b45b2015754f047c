"""Rows that are written many at a time: each once, in order, none of the empty ones that fill a statement up."""

import apsw
import pytest

from tellwire.platform.backends.embedded import bulk


class Counting:
    """A connection that notes the statements it is given."""

    def __init__(self) -> None:
        self.connection = apsw.Connection(":memory:")
        self.connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, code TEXT)")
        self.statements: list[str] = []

    def execute(self, statement, bindings=()):
        self.statements.append(statement)
        return self.connection.execute(statement, bindings)


def rows(count):
    return [(n, f"name {n}", None) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 63, 64, 65, 200])
def test_every_row_is_inserted_once_and_in_order(count):
    to = Counting()

    bulk.insert(to, "INSERT INTO thing (id, name, code)", iter(rows(count)))

    assert to.connection.execute("SELECT * FROM thing ORDER BY rowid").fetchall() == rows(count)
    assert len(to.statements) == -(-count // bulk.ROWS)


def test_batches_of_any_size_take_few_different_statements():
    to = Counting()

    for count in range(1, 100):
        to.connection.execute("DELETE FROM thing")
        bulk.insert(to, "INSERT INTO thing (id, name, code)", rows(count))

    assert len(set(to.statements)) == 5


def test_other_statements_pass_over_empty_rows():
    to = Counting()
    bulk.insert(to, "INSERT INTO thing (id, name, code)", rows(7))

    bulk.write(
        to,
        "WITH new (id, name) AS (VALUES {rows}) UPDATE thing SET name = new.name FROM new WHERE thing.id = new.id",
        [(3, "three"), (5, "five")],
    )

    names = [name for (name,) in to.connection.execute("SELECT name FROM thing ORDER BY id")]
    assert names == ["name 0", "name 1", "name 2", "three", "name 4", "five", "name 6"]
