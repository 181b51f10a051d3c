// go-intervals under the oracle: a set of spans.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/google/go-intervals/intervalset" // Debian: golang-github-google-go-intervals-dev
)

// span is what the library asks its user to write: a right-open interval of integers.
type span struct{ low, high int64 }

func (s span) IsZero() bool { return s.low >= s.high }

func (s span) Before(x intervalset.Interval) bool { return s.high <= x.(span).low }

func (s span) Intersect(x intervalset.Interval) intervalset.Interval { return s.cap(x.(span)) }

func (s span) Bisect(x intervalset.Interval) (intervalset.Interval, intervalset.Interval) {
	both := s.cap(x.(span))
	if both.IsZero() {
		if s.Before(x) {
			return s, span{}
		}
		return span{}, s
	}
	return span{s.low, both.low}, span{both.high, s.high}
}

func (s span) Adjoin(x intervalset.Interval) intervalset.Interval {
	o := x.(span)
	if s.high == o.low {
		return span{s.low, o.high}
	}
	if o.high == s.low {
		return span{o.low, s.high}
	}
	return span{}
}

func (s span) Encompass(x intervalset.Interval) intervalset.Interval {
	o := x.(span)
	return span{min(s.low, o.low), max(s.high, o.high)}
}

func (s span) cap(o span) span { return span{max(s.low, o.low), min(s.high, o.high)} }

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func max(a, b int64) int64 {
	if a < b {
		return b
	}
	return a
}

type line map[string]any

type refusal string

func key(text any) int64 {
	number, err := strconv.ParseInt(text.(string), 10, 64)
	if err != nil {
		panic(err)
	}
	return number
}

func empty() *intervalset.Set {
	return intervalset.EmptyV1(func() intervalset.Interval { return span{} })
}

var set = empty()

// one is the set of one span; that an empty one is an error is a rule of the protocol.
func one(l line) *intervalset.Set {
	s := span{key(l["start"]), key(l["stop"])}
	if s.IsZero() {
		panic(refusal("EmptySpan"))
	}
	return intervalset.NewSet([]intervalset.Interval{s})
}

// window is clipped to what there is.
func window(l line) span {
	w := set.Extent().(span)
	start, hasStart := l["start"]
	stop, hasStop := l["stop"]
	if hasStart && hasStop && key(stop) < key(start) {
		panic(refusal("EmptySpan"))
	}
	if hasStart {
		w.low = key(start)
	}
	if hasStop {
		w.high = key(stop)
	}
	return w
}

func piece(i intervalset.Interval) any {
	s := i.(span)
	return []string{fmt.Sprint(s.low), fmt.Sprint(s.high), "a"}
}

var ops = map[string]func(line) any{
	"set": func(l line) any { set.Add(one(l)); return nil },
	"remove": func(l line) any {
		if l["start"] != nil && l["stop"] != nil {
			set.Sub(one(l))
		} else if w := window(l); !w.IsZero() {
			set.Sub(intervalset.NewSet([]intervalset.Interval{w}))
		}
		return nil
	},
	"clear": func(line) any { set = empty(); return nil },
	"dump": func(line) any {
		all := []any{}
		for _, i := range set.AllIntervals() {
			all = append(all, piece(i))
		}
		return all
	},
	"slice": func(l line) any {
		all := []any{}
		set.IntervalsBetween(window(l), func(i intervalset.Interval) bool {
			all = append(all, piece(i))
			return true
		})
		return all
	},
	"covers": func(l line) any {
		w := window(l)
		return w.IsZero() || set.Contains(w)
	},
}

func answer(l line) (reply line) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case refusal:
			reply = line{"err": caught}
		default:
			panic(caught)
		}
	}()
	op, isOp := l["op"].(string)
	switch {
	case !isOp:
		set = empty()
		return line{"ok": nil}
	case op == "stop":
		return line{"ok": nil}
	case op == "start":
		words := []string{"void", "key=int64", "values=one", "coalesce=equal", "merge=left", "split=copy"}
		for name := range ops {
			words = append(words, name)
		}
		return line{"ok": line{"name": "go-intervals", "version": "", "capabilities": words}}
	case ops[op] == nil:
		return line{"skip": "no " + op}
	}
	return line{"ok": ops[op](l)}
}

func main() {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Scan() {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			panic(err)
		}
		if err := out.Encode(answer(l)); err != nil {
			panic(err)
		}
		if l["op"] == "stop" {
			return
		}
	}
}
