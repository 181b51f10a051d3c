"""The oracle: a reference that other implementations, in any language, are tested against.

    spec, hooks, place            what can be said, and what a walk remembers
    tuples, dense                 two models that share no rule and check each other
    session, trace, generate      lines, files of lines, random lines
    target, runner, report        who is asked, how answers are judged, what is said about it
    shrink, explain, script       a failure made small, drawn, and told in Python
    exhaustive, corpus, matrix    the cases
    adapter                       the library itself, as one more implementation

None of it but `adapter` imports the library, so that nothing is checked by itself.
PROTOCOL.md is for those who write an adapter in another language.
"""
