"""nnlib beside its peers: the same network, the same data, the same number of steps.

``python -m benchmarks`` runs everything. ``mlp`` trains a network in each library as a user of that
library would write it; ``points``, ``digits``, ``inference`` and ``imports`` are the workloads;
``harness`` measures.
"""
