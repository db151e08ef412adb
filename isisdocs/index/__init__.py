"""Is the index what the corpus folder is? Changes are found, and applied in one atomic step.

The index is a folder:

    current.json     which state readers open: engine, its state, corpus, fingerprint
    files-N.json     what each file of the corpus was like when state N was made
    listing-N        the folder as the system listed it then, to be compared at a glance
    folders-N.json   when each of its folders was last changed
    skipped-N.json   what could not be an article
    evidence-N.json  what the articles said about each other at the last rebuild
    copies-N.json    which of them are near copies of each other
    write.lock       held by the process that writes
    writer.json      which process that is; there after it only if it was killed
    …                the engine's own files

A new state becomes visible when `current.json` is replaced, and not before: whatever stops the
writer, readers find the old state or the new one.
"""
