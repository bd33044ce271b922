"""Steps of a policy to steps of a plan."""
