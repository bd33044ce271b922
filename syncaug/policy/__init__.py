"""The policy language: text to data with positions, data to a model, and its JSON Schema."""
