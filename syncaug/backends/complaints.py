"""What a library complains of, in one form."""

from __future__ import annotations

from types import TracebackType

__all__ = ["complaints"]


class complaints:
    """A context that turns what a library raises into a ValueError that names the operation."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            raise ValueError(
                f"{self._name}: {str(error).strip() or type(error).__name__}"
            ) from error
