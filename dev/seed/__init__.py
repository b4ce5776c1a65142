"""Sample data for the demo: a fictitious ward, its people, and a plan of the current year."""

from __future__ import annotations
