"""nnlib beside its peers: the same network, the same data, the same number of steps.

``python -m benchmarks`` runs everything. ``mlp`` and ``networks`` train a network in each library
as a user of that library would write it; ``points``, ``digits``, ``images``, ``characters``,
``inference`` and ``imports`` are the workloads; ``harness`` measures. ``benchmarks.results`` trains
on real data and reports what was reached.
"""
