// The dialogue with the oracle, for adapters in Java: JSON lines in, JSON lines out.

import com.google.gson.Gson; // Debian: libgoogle-gson-java
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

final class Wire {
    /** A right answer: the name of an error of the protocol. */
    static final class Refusal extends RuntimeException {
        Refusal(String name) { super(name, null, false, false); }
    }

    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    final String name;
    final String version;
    final List<String> words = new ArrayList<>(); // capabilities beside the names of the operations
    final Map<String, Function<JsonObject, Object>> ops = new TreeMap<>();
    Runnable reset = () -> {};

    Wire(String name, String version, String... words) {
        this.name = name;
        this.version = version;
        this.words.addAll(List.of(words));
    }

    static Long key(JsonObject line, String field) {
        return line.has(field) ? Long.valueOf(line.get(field).getAsString()) : null;
    }

    static Object[] piece(long start, long stop, String value) {
        return new Object[] {Long.toString(start), Long.toString(stop), value};
    }

    private Object reply(JsonObject line) {
        if (!line.has("op")) {
            reset.run();
            return ok(null);
        }
        String op = line.get("op").getAsString();
        if (op.equals("stop")) return ok(null);
        if (op.equals("start")) {
            List<String> capabilities = new ArrayList<>(words);
            capabilities.addAll(ops.keySet());
            return ok(Map.of("name", name, "version", version, "capabilities", capabilities));
        }
        if (!ops.containsKey(op)) return Map.of("skip", "no " + op);
        try {
            return ok(ops.get(op).apply(line));
        } catch (Refusal refusal) {
            return Map.of("err", refusal.getMessage());
        }
    }

    private static Object ok(Object result) {
        Map<String, Object> reply = new TreeMap<>(); // Map.of has no place for null
        reply.put("ok", result);
        return reply;
    }

    void serve() throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        for (String raw; (raw = in.readLine()) != null; ) {
            JsonObject line = GSON.fromJson(raw, JsonObject.class);
            out.println(GSON.toJson(reply(line)));
            if (!in.ready()) out.flush();
            if (line.has("op") && line.get("op").getAsString().equals("stop")) break;
        }
        out.flush();
    }
}
