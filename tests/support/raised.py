"""Errors as they are where they are logged."""


def fail(message: str) -> ValueError:
    """An error that has been raised, so that it has a traceback."""
    try:
        raise ValueError(message)
    except ValueError as error:
        return error
