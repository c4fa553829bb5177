from typing import Any


class DomainError(Exception):
    """A rule of the domain stands in the way.

    `message` is a whole translated sentence for the person who asked; `field` names the form field it
    belongs to, or is empty when it belongs to the whole request.
    """

    def __init__(self, message: Any, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
