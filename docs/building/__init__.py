"""What Sphinx has to be taught for this site.

picture       a directive: Python that is run, and the library's picture of what it gives
docstrings    our docstrings (Cost:, Raises:, drawings) as fields and literal blocks
scenes        a directive: the whiteboard's scenes, drawn, with links to them
members       a directive: these members of a class, each from its docstring
"""
