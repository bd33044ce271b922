"""The version of syncaug, and that of what it computes."""

__version__ = "0.1.0"

ENGINE_VERSION = 5
"""The version of what is done with a draw: it rises when the same draw gives other results.

It stands in every record. What is drawn has a version of its own, `randomness.STREAM_VERSION`, and
stays. Records of version 1 do not name it. Version 3 has other fields of noise, light in float32,
and last bits of clouds with attributes and of clocks of many steps that differ. Version 4 changes
more words (symbols of sides and colours, rows and columns, rates), rebuilds captions otherwise, and
has other last bits of some boxes. Version 5 changes more words and what files of odd levels are
read as, and lets streams that draw for themselves, normals, stereo channels and oriented boxes
agree in chains in which they did not.
"""
