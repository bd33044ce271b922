"""Forms: what samples hold besides numpy arrays, taken in before the engine and handed back after.

A picture of PIL, a tensor, a decoder, a list of numbers or an array of float64 is turned to the
numbers that carriers know, and what they make of them to the same form again: type, dtype, layout
and device. `places` says what each modality's carrier knows, `recognition` which form a value has,
one module for each family of forms how it is taken in and handed back, and `border` does it for a
sample. No library is imported for it: a form is recognised by the names of its type.

What comes back unchanged is the very object that came. Nothing that came is written to.
"""

from syncaug.forms.border import Border, Taken

__all__ = ["Border", "Taken"]
