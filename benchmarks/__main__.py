"""`python -m benchmarks <name> [options]`: runs one benchmark, its Markdown table to stdout."""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).parent
    names = sorted(f.stem for f in here.glob("*.py") if f.stem[0] != "_" and "_" not in f.stem)
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        sys.exit(f"usage: python -m benchmarks {{{','.join(names)}}} [options]")
    importlib.import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])
