"""Training on augmented pairs: losses, weights from records, and layouts of batches.

`losses` needs the extra `torch`, and imports it when it is imported itself.
"""
