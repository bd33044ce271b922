"""What a step must not leave behind: one rule each, asked of every step."""
