"""Range systems of the world, re-expressed: their rules on `RangeList`, `RangeBag` and `Policy`.

Each module opens with what is special in its system and which hooks express it.  They use the
public interface of the library only, so they are also examples of how to build on it.
"""
