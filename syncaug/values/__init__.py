"""Values: distributions, links, formulas, and bounds on what they give. No dependencies."""
