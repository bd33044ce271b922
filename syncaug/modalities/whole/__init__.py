"""What belongs to the whole sample and to no space: labels and tables of numbers."""
