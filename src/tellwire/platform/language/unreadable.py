"""What a form that cannot be read says of itself."""


class Unreadable(Exception):
    """A form that says nothing, or two things at once; `fields` says why, by path."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields
