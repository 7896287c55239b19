"""Real results on real data: ``python -m benchmarks.results NAME`` trains and reports.

``digits`` and ``text`` hold the recipes, ``recipe`` what a recipe is and how it is judged.
"""
