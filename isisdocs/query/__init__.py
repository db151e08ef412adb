"""What does the user ask for? From what was typed to a query tree, and back to plain words."""
