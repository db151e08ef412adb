"""Query tree and article, to what matched and the sentences around it.

    find      where the query matches: character ranges of the title and of each paragraph, and of
              the lines that were cut and the file's own where the query asks for those
    snippets  a few sentences for a list of results
    passages  all matched sentences, with context, to cite
    hits      one sentence for every single match

What a match is stands in `query.tree`; which words a leaf means in `query.match`.
"""

from isisdocs.passages.excerpts import Whole, hits, passages, snippets
from isisdocs.passages.marks import ArticleText, Marked, MarkedField, find

__all__ = ["ArticleText", "Marked", "MarkedField", "Whole", "find", "hits", "passages", "snippets"]
