"""Runs over many samples: what is to be done, made in any process and committed in one, in order.

A run is a sequence of units (`units`): one result of one sample each. What a unit becomes depends
on nothing but the unit, the policy and the options, so that it may be made anywhere (`making`) and
in any order. One process alone puts what was made into its place, in the order of the units
(`running`). Samples come from a `Source`, results go to a `Sink`, and an `Engine` makes units
(`protocols`).
"""
