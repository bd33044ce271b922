"""Values of a policy: what is written against what may be, to constants, draws and links."""
