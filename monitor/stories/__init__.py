"""Articles to stories: which texts are copies of which, and what is new."""
