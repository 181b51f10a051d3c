import sys
def count(fn):
    n=0
    def tr(frame,ev,arg):
        nonlocal n
        frame.f_trace_opcodes=True
        if ev=='opcode': n+=1
        return tr
    def gl(frame,ev,arg):
        frame.f_trace_opcodes=True
        return tr
    sys.settrace(gl)
    try: fn()
    finally: sys.settrace(None)
    return n
from rangelist import RangeList, EQUAL, Policy
N=2000
def mk(policy=EQUAL):
    if hasattr(RangeList,'from_sorted'): return RangeList.from_sorted([(10*i,10*i+6,i) for i in range(N)],policy=policy)
    return RangeList([(10*i,10*i+6,i) for i in range(N)],policy=policy)
CASES={'small overwrite':(5002,5008),'touching gap':(5006,5008),'free space':(5007,5009),'over three':(5003,5023),'inside one':(5002,5004),'exact':(5000,5006), 'over five':(5003,5043),'over forty':(5003,5393)}
POL={'plain':EQUAL,'merge hook':Policy(merge=lambda l,r:l.value),'4 hooks':Policy(same=lambda l,r:l.value==r.value,merge=lambda l,r:l.value,split=lambda n,at:(n.value,n.value),yields=lambda n:True)}
for name,(a,b) in CASES.items():
    row=[]
    for pol,p in POL.items():
        for watched in (False,True):
            rl=mk(p)
            if watched: rl.subscribe(lambda e:None)
            row.append(count(lambda: rl.set(a,b,-1)))
    print(f'{name:16}',row)
