"""Until `Edit.fates` is there."""
from types import SimpleNamespace
def fates(edit):
    if hasattr(edit, "fates"):
        return edit.fates
    old, new, into = {}, {}, {}
    for c in edit.changes:
        for s in c.old:
            if id(s.node) in new: new.pop(id(s.node))
            else: old[id(s.node)] = s
        for s in c.new: new[id(s.node)] = s
        into.update({id(d): s for d, s in c.absorbed})
    out = []
    for k in {**old, **new}:
        b, a = old.get(k), new.get(k)
        kind = "changed" if a and b else "new" if a else "merged" if k in into else "removed"
        out.append(SimpleNamespace(node=(b or a).node, kind=kind, before=b and b.piece(), after=a and a.piece(), into=into.get(k) if kind == "merged" else None))
    return sorted(out, key=lambda f: (f.before or f.after).start)
