"""The compiler: a policy's data to a plan, or to all of its problems at once."""
