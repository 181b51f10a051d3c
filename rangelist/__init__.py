"""rangelist: intervals that merge and split correctly, and walks that survive it.

    RangeList     disjoint, valued spans that merge and split by themselves
    SharedRangeList    the same for several threads at once
    RangeBag      intervals that may overlap and repeat
    Policy        the hooks: what "the same" means; EQUAL, IDENTITY, NEVER, ALWAYS
    Node          a stable handle in a list; Piece and Gap describe parts of the key axis
    Cursor        a walk in steps, in both directions, that travels as JSON
    Edit          a change as a record; History undoes and redoes
    after, closed, POS_INF, ...    open, closed and unbounded ends

Names that are needed less often are in their modules: further errors in `rangelist.errors`, further
bounds in `rangelist.bounds`, `Step` and `Fate` in `rangelist.record`, streams in
`rangelist.stream` and `rangelist.algebra`.

docs/design.md lists all modules in the order in which to read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rangelist import chain as _chain
from rangelist.algebra import DROP as DROP
from rangelist.bounds import NEG_INF as NEG_INF
from rangelist.bounds import POS_INF as POS_INF
from rangelist.bounds import after as after
from rangelist.bounds import before as before
from rangelist.bounds import closed as closed
from rangelist.bounds import everything as everything
from rangelist.bounds import open as open  # noqa: A004 - the name of the interval; import it by name
from rangelist.bounds import point as point
from rangelist.cursor import Cursor as Cursor
from rangelist.errors import EditConflictError as EditConflictError
from rangelist.errors import EmptySpanError as EmptySpanError
from rangelist.errors import GapError as GapError
from rangelist.errors import LengthError as LengthError
from rangelist.errors import MissingKeyError as MissingKeyError
from rangelist.errors import NotTouchingError as NotTouchingError
from rangelist.errors import OverlapError as OverlapError
from rangelist.errors import RangeListError as RangeListError
from rangelist.errors import ReentrancyError as ReentrancyError
from rangelist.errors import StaleNodeError as StaleNodeError
from rangelist.errors import UnorderedKeyError as UnorderedKeyError
from rangelist.node import Gap as Gap
from rangelist.node import Node as Node
from rangelist.node import Piece as Piece
from rangelist.policy import ALWAYS as ALWAYS
from rangelist.policy import EQUAL as EQUAL
from rangelist.policy import IDENTITY as IDENTITY
from rangelist.policy import NEVER as NEVER
from rangelist.policy import Policy as Policy
from rangelist.ranges import RangeList as RangeList
from rangelist.record import Edit as Edit
from rangelist.stream import coalesce_sorted as coalesce_sorted

if TYPE_CHECKING:
    from rangelist.bag import RangeBag as RangeBag
    from rangelist.history import History as History
    from rangelist.shared import SharedRangeList as SharedRangeList
else:
    # Loaded when first asked for: a quarter of the time that `import rangelist` would take.
    LATER = {"History": "history", "RangeBag": "bag", "SharedRangeList": "shared"}

    def __getattr__(name: str) -> Any:
        if name not in LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415

        globals()[name] = found = getattr(import_module(f"rangelist.{LATER[name]}"), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *LATER})


# `open` is left out: a star import must not hide the built-in.
__all__ = [
    "ALWAYS",
    "COMPILED",
    "DROP",
    "EQUAL",
    "IDENTITY",
    "NEG_INF",
    "NEVER",
    "POS_INF",
    "Cursor",
    "Edit",
    "EditConflictError",
    "EmptySpanError",
    "Gap",
    "GapError",
    "History",
    "LengthError",
    "MissingKeyError",
    "Node",
    "NotTouchingError",
    "OverlapError",
    "Piece",
    "Policy",
    "RangeBag",
    "RangeList",
    "RangeListError",
    "ReentrancyError",
    "SharedRangeList",
    "StaleNodeError",
    "UnorderedKeyError",
    "after",
    "before",
    "closed",
    "coalesce_sorted",
    "everything",
    "point",
]

__version__: Final = "0.2.0"

COMPILED: Final[bool] = not (_chain.__file__ or "").endswith(".py")
"""Whether the compiled build is running."""
