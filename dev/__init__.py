"""Doubles of the outside world for the demo and the tests: a mail server and a Zalo that keep what they got.

Each is a process of its own with its own constants. Nothing here imports the program: a rule that both sides shared
could be wrong on both sides at once.
"""
