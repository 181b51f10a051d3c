// Guava under the oracle.  The first argument chooses the container.
//
//   map     TreeRangeMap, written with putCoalescing       set         TreeRangeSet
//   put     TreeRangeMap, written with put and merge       complement  TreeRangeSet, written through its complement
//   view    as map, every operation through a sub-view

import com.google.common.collect.Range;
import com.google.common.collect.RangeMap;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeMap;
import com.google.common.collect.TreeRangeSet;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

final class Guava {
    private static RangeMap<Long, String> map = TreeRangeMap.create();
    private static RangeSet<Long> set = TreeRangeSet.create();

    /** The span of a write; that an empty one is an error is a rule of the protocol. */
    private static Range<Long> span(JsonObject line) {
        long start = Wire.key(line, "start"), stop = Wire.key(line, "stop");
        if (start >= stop) throw new Wire.Refusal("EmptySpan");
        return Range.closedOpen(start, stop);
    }

    /** A window; it may be empty, and an end that is left out is no bound at all. */
    private static Range<Long> window(JsonObject line) {
        Long start = Wire.key(line, "start"), stop = Wire.key(line, "stop");
        if (start != null && stop != null && stop < start) throw new Wire.Refusal("EmptySpan");
        if (start == null) return stop == null ? Range.all() : Range.lessThan(stop);
        return stop == null ? Range.atLeast(start) : Range.closedOpen(start, stop);
    }

    private static Range<Long> hole(JsonObject line) {
        return line.has("start") && line.has("stop") ? span(line) : window(line);
    }

    private static Object piece(Range<Long> range, String value) {
        return range == null ? null : Wire.piece(range.lowerEndpoint(), range.upperEndpoint(), value);
    }

    private static Object piece(Map.Entry<Range<Long>, String> entry) {
        return entry == null ? null : piece(entry.getKey(), entry.getValue());
    }

    private static List<Object> pieces(RangeMap<Long, String> some) {
        List<Object> all = new ArrayList<>();
        some.asMapOfRanges().entrySet().forEach(entry -> all.add(piece(entry)));
        return all;
    }

    private static List<Object> pieces(RangeSet<Long> some) {
        List<Object> all = new ArrayList<>();
        some.asRanges().forEach(range -> all.add(piece(range, "a")));
        return all;
    }

    private static Object nothing(Runnable run) {
        run.run();
        return null;
    }

    private static void claimMap(Wire wire, boolean coalescing, boolean views) {
        wire.reset = () -> map = TreeRangeMap.create();
        wire.ops.put("set", line -> {
            Range<Long> span = span(line);
            String value = line.get("value").getAsString();
            // A view joins only what lies inside it, so the view is everything.
            RangeMap<Long, String> target = views ? map.subRangeMap(Range.all()) : map;
            return nothing(() -> { if (coalescing) target.putCoalescing(span, value); else target.put(span, value); });
        });
        wire.ops.put("remove", line -> {
            Range<Long> hole = hole(line);
            return nothing(() -> { if (views) map.subRangeMap(hole).clear(); else map.remove(hole); });
        });
        wire.ops.put("clear", line -> nothing(() -> map.clear()));
        wire.ops.put("dump", line -> pieces(views ? map.subRangeMap(Range.all()) : map));
        wire.ops.put("len", line -> map.asMapOfRanges().size());
        wire.ops.put("at", line -> {
            long key = Wire.key(line, "key");
            return piece((views ? map.subRangeMap(Range.atLeast(Long.MIN_VALUE)) : map).getEntry(key));
        });
        wire.ops.put("slice", line -> pieces(map.subRangeMap(window(line))));
        if (coalescing) return;
        wire.ops.put("add", line -> {
            Range<Long> span = span(line);
            String value = line.get("value").getAsString();
            return nothing(() -> map.merge(span, value, String::concat));
        });
    }

    private static void claimSet(Wire wire, boolean complement) {
        wire.reset = () -> set = TreeRangeSet.create();
        wire.ops.put("set", line -> {
            Range<Long> span = span(line);
            return nothing(() -> { if (complement) set.complement().remove(span); else set.add(span); });
        });
        wire.ops.put("remove", line -> {
            Range<Long> hole = hole(line);
            return nothing(() -> { if (complement) set.complement().add(hole); else set.remove(hole); });
        });
        wire.ops.put("clear", line -> nothing(() -> set.clear()));
        wire.ops.put("dump", line -> pieces(complement ? set.complement().complement() : set));
        wire.ops.put("len", line -> set.asRanges().size());
        wire.ops.put("at", line -> piece(set.rangeContaining(Wire.key(line, "key")), "a"));
        wire.ops.put("slice", line -> pieces(set.subRangeSet(window(line))));
        wire.ops.put("covers", line -> {
            Range<Long> window = window(line);
            return window.isEmpty() || (complement ? !set.complement().intersects(window) : set.encloses(window));
        });
    }

    public static void main(String[] arguments) throws Exception {
        String how = arguments.length > 0 ? arguments[0] : "map";
        var jar = new JarFile(RangeMap.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        String version = jar.getManifest().getMainAttributes().getValue("Bundle-Version");
        var wire = new Wire("Guava " + how, version, "void", "key=int64", "merge=left", "split=copy");
        switch (how) {
            case "map", "view" -> claimMap(wire, true, how.equals("view"));
            case "put" -> claimMap(wire, false, false);
            case "set", "complement" -> claimSet(wire, how.equals("complement"));
            default -> throw new IllegalArgumentException("no container " + how + ", want map, put, view, set or complement");
        }
        wire.words.addAll(
            switch (how) {
                case "put" -> List.of("coalesce=never", "overlap=join");
                case "set", "complement" -> List.of("coalesce=equal", "values=one");
                default -> List.of("coalesce=equal");
            });
        wire.serve();
    }
}
