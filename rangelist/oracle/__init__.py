"""The oracle: a reference that other implementations, in any language, are tested against.

    spec, hooks                  what can be said, and what each line needs
    model, tuples, dense         two models that share no rule and check each other
    session, trace               lines, and files of lines
    generate, exhaustive, corpus random lines, every line over a few points, the lines by hand
    dialect, target, runner      what is asked, what answers, how answers are judged
    report, shrink, explain      what is said about it; a failure made small, and drawn
    real                         the library itself, as one more implementation
    commands                     the command line

None of it but `real` imports the library (but for its errors), so nothing is checked by itself.
PROTOCOL.md is for those who write an adapter in another language; docs/oracle.md is a guide.
"""
