"""First benchmarks: what the portal does a second, each figure beside a reference measured in the same run.

`python -m bench` (`make bench`) runs them; how each is measured stands at the head of its module.
"""
