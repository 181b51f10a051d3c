"""The whiteboard: a page on which the library itself merges, splits and walks.

    script     what was done: a header and lines, each a call; the form of a permalink
    rules      policies by name, and how each writes its values as text
    world      carries a script out with the library
    gestures   what the reader pointed at, as a line
    words      an edit in words: the merge case, what became of each node, the primitive steps
    scenes     the merge cases and the laws of walks as scripts
    export     a script as a Python test, an oracle trace, a C test
    board      answers the page: one JSON text in, one out

The page (index.html, page.js) draws what `board` answers and sends what the reader does; the
library runs in worker.js.  None of the Python needs a browser.
"""
