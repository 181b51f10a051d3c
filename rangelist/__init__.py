"""rangelist: intervals that merge and split correctly, and walks that survive it.

    RangeList     disjoint, valued spans that merge and split by themselves
    RangeBag      intervals that may overlap and repeat
    Policy        the hooks: what "the same" means; EQUAL, IDENTITY, NEVER, ALWAYS
    after, ...    open, closed and unbounded ends

Read the modules in this order: errors, keys, bounds, policy, node, index, walk, cursor, summary,
gaps, stream, algebra, draw, edit, tiles, plan, reads, sets, editor, reshape, ranges, history, bag.
"""
