"""How results are written: terminal, JSON, exports. Nothing is searched here."""
