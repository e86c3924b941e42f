"""The content of the demo company and the simulation of its days: plain Python, without a database."""
