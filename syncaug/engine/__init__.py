"""The engine: a plan compiled once to lanes, steps and a schedule, and samples carried by it.

`program` is what a plan becomes, `schedule` says which map reaches which lane, `state` is one
sample on its way, `tracks` hold the maps that wait for their lanes, and `view` is what transforms
may ask.
"""
