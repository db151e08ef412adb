"""Query tree and article, to what matched and the sentences around it.

    find      where the query matches: character ranges of the title and of each paragraph
    snippets  a few sentences for a list of results
    passages  all matched sentences, with context, to cite
    hits      one sentence for every single match

What a match is stands in `query.tree`; which words a leaf means in `query.match`.
"""

from isisdocs.passages.excerpts import Whole, hits, passages, snippets
from isisdocs.passages.marks import ArticleText, Marked, find

__all__ = ["ArticleText", "Marked", "Whole", "find", "hits", "passages", "snippets"]
