"""Full-text search over a folder of article files: repairs, cleans, finds, cites.

    bytes ─decode→ text ─repair→ text ─strip, metadata→ Article ─index→ engine ─search→ Results
    └──────────────────────── load ─────────────────────────┘       query ┘       └ passages, output

Nothing heavy is imported here.
"""

__version__ = "0.1.0"
