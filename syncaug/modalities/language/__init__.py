"""What is made of words: captions, phrases of a picture, and cues on a clock."""
