import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.log.NullLogChute;

/**
 * Renders templates with the real Apache Velocity 1.7, for the tests that compare our engine with it.
 *
 * Reads one JSON object a line, {"template": text, "variables": object}, and answers with one line each,
 * {"output": text} or {"error": text}. Numbers become what json-smart makes of them: Integer, Long or BigInteger;
 * Double, or BigDecimal when the number is written with more than 18 characters.
 */
public final class VelocityReference {
    private static VelocityEngine engine;

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        System.setOut(System.err);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line));
        }
    }

    private static String answer(String line) {
        StringBuilder answer = new StringBuilder();
        try {
            Map<?, ?> request = (Map<?, ?>) new Json(line).value();
            String template = (String) request.get("template");
            VelocityContext context = new VelocityContext();
            Object variables = request.get("variables");
            if (variables != null) {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) variables).entrySet()) {
                    context.put((String) entry.getKey(), entry.getValue());
                }
            }
            context.put("escapes", new Escapes());
            if (engine == null) {
                engine = newEngine();
            }
            StringWriter writer = new StringWriter();
            try {
                engine.evaluate(context, writer, "template", template);
            } finally {
                if (template.contains("macro")) {
                    engine = null; // a macro outlives its template within one engine
                }
            }
            answer.append("{\"output\": ");
            quote(writer.toString(), answer);
        } catch (Throwable error) {
            answer.append("{\"error\": ");
            quote(error.getClass().getSimpleName() + ": " + error.getMessage(), answer);
        }
        return answer.append('}').toString();
    }

    private static VelocityEngine newEngine() throws Exception {
        VelocityEngine fresh = new VelocityEngine();
        fresh.setProperty(RuntimeConstants.RUNTIME_LOG_LOGSYSTEM, new NullLogChute());
        fresh.init();
        return fresh;
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** What API Gateway's $util.escapeJavaScript is taken to be: commons-lang 2.6. */
    public static final class Escapes {
        public String javaScript(String text) {
            return StringEscapeUtils.escapeJavaScript(text);
        }

        public String urlDecode(String text) throws java.io.UnsupportedEncodingException {
            return java.net.URLDecoder.decode(text, "UTF-8");
        }
    }

    /** A JSON reader of the size this program needs; it trusts its input, which json.dumps wrote. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Object value() {
            skipSpace();
            char c = text.charAt(at);
            switch (c) {
                case '{':
                    return object();
                case '[':
                    return array();
                case '"':
                    return string();
                case 't':
                    at += 4;
                    return Boolean.TRUE;
                case 'f':
                    at += 5;
                    return Boolean.FALSE;
                case 'n':
                    at += 4;
                    return null;
                default:
                    return number();
            }
        }

        private void skipSpace() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private Map<String, Object> object() {
            Map<String, Object> map = new LinkedHashMap<>();
            at++;
            skipSpace();
            while (text.charAt(at) != '}') {
                skipSpace();
                String key = string();
                skipSpace();
                at++; // the colon
                map.put(key, value());
                skipSpace();
                if (text.charAt(at) == ',') {
                    at++;
                }
            }
            at++;
            return map;
        }

        private List<Object> array() {
            List<Object> list = new ArrayList<>();
            at++;
            skipSpace();
            while (text.charAt(at) != ']') {
                list.add(value());
                skipSpace();
                if (text.charAt(at) == ',') {
                    at++;
                    skipSpace();
                }
            }
            at++;
            return list;
        }

        private String string() {
            StringBuilder out = new StringBuilder();
            at++;
            while (text.charAt(at) != '"') {
                char c = text.charAt(at++);
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                char escape = text.charAt(at++);
                int plain = "btnfr".indexOf(escape);
                if (escape == 'u') {
                    out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                } else {
                    out.append(plain < 0 ? escape : "\b\t\n\f\r".charAt(plain));
                }
            }
            at++;
            return out.toString();
        }

        private Number number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String digits = text.substring(start, at);
            if (digits.matches("-?[0-9]+")) {
                BigInteger big = new BigInteger(digits);
                if (big.bitLength() < 32) {
                    return big.intValue();
                }
                return big.bitLength() < 64 ? (Number) big.longValue() : big;
            }
            return digits.length() > 18 ? (Number) new BigDecimal(digits) : Double.valueOf(digits);
        }
    }
}
