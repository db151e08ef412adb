"""Where do postings live? One small protocol, and one file for each engine behind it."""
