"""What is wrong with one file or value, before it is known which sample it belongs to."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FileProblem", "read_bytes"]


class FileProblem(Exception):
    """A file or an inline value is not what its stream needs: expected, came, and what to do."""

    def __init__(self, expected: str, came: str, hint: str = "") -> None:
        self.expected, self.came, self.hint = expected, came, hint
        super().__init__(f"expected {expected}; came {came}" + (f". {hint}" if hint else ""))

    def __reduce__(self) -> tuple[type[FileProblem], tuple[str, str, str]]:
        return type(self), (self.expected, self.came, self.hint)


def read_bytes(path: Path, expected: str) -> bytes:
    """The whole file. Raises FileProblem where there is none, or it is a folder, or it is empty."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileProblem(expected, f"{path}, which does not exist") from None
    except IsADirectoryError:
        raise FileProblem(expected, f"{path}, which is a folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileProblem(expected, f"{path}, which cannot be read: {reason}") from None
    if not data:
        raise FileProblem(expected, f"{path}, which is empty")
    return data
