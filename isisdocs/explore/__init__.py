"""What can be computed from what was found: nothing here reads files or prints.

periods       months and years, and the gaps between them
corpus        articles of a query, their words and how often they stand there
kwic          concordance: every match in the middle of its line
timeline      matches by month or year, against how much was written then
facets        found articles by author, source or year
association   the measures: log-likelihood, mutual information, logDice, log ratio
collocates    words near the matches
keywords      words of the found articles against the rest
similar       articles that share an article's telling words
quotations    what a draft quotes, and from whom
verify        whether the corpus has it so
"""
