"""`make demo`: the whole of dondoc on one machine with a sample plan, fictitious units and local doubles."""
