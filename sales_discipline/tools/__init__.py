"""Arithmetic of the product: functions on numbers, dates and frozen dataclasses.

Nothing here knows a record, an environment or today's date; what a rule needs comes in as an argument, so
that each rule can be read, tested and trusted alone. `tests/test_architecture.py` guards the imports.
"""
