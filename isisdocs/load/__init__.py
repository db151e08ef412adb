"""File to article: decode, repair, strip, find metadata. Each stage is a pure function."""
