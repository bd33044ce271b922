"""Whether the same sample gives the same bytes: in every loader, and under other libraries.

`check` holds a policy and samples against the configurations of a loader, `lock` and `locked`
against what was written down before; `steps` says which step is the first that differs.
"""
