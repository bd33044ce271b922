"""What lives in a world: clouds, solid boxes and cameras."""
