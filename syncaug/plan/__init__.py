"""The plan: what a policy comes to, as frozen data, and what it answers."""
