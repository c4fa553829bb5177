"""Independent checkers: a result is believed when its certificate proves it, not before."""

from .allocation import check_allocation
from .pairing import check_pairing
from .violations import VIOLATION_CODES, Violation

__all__ = ["VIOLATION_CODES", "Violation", "check_allocation", "check_pairing"]
