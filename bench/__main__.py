"""`python -m bench [--only WORD] [--tiny]`: the benchmarks one after the other, their table, `var/bench.json`."""

import sys

from bench import program

if __name__ == "__main__":
    sys.exit(program.main())
