package io.github.twiliospring.messaging.webhook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.twiliospring.messaging.signature.RequestValidator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Our verdict on mutations of genuine requests against that of an implementation written
 * from the provider's documentation with nothing but the JDK.
 */
class WebhookGateDifferentialTests {

	private static final int MUTATIONS = 10_000;

	private static final List<String> TOKENS = List.of("new-token", "old-token");

	private final WebhookGate gate = new WebhookGate(new RequestValidator(TOKENS), WebhookLimits.defaults());

	@Test
	void decidesTenThousandMutationsAsAnIndependentImplementationDoes() {
		Random random = new Random(20260302);
		int accepted = 0;
		for (int i = 0; i < MUTATIONS; i++) {
			Call genuine = Call.random(random);
			assertThat(verdict(genuine)).as("genuine " + genuine).isTrue();
			Call mutated = genuine.mutate(random);
			boolean expected = Independent.accepts(mutated);
			assertThat(verdict(mutated)).as("mutation " + i + " " + mutated + " of " + genuine).isEqualTo(expected);
			accepted += expected ? 1 : 0;
		}
		// The comparison says something only if both verdicts are frequent.
		assertThat(accepted).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
	}

	private boolean verdict(Call call) {
		int query = call.url().indexOf('?');
		WebhookRequest request = new WebhookRequest(call.url(), (query >= 0) ? call.url().substring(query + 1) : null,
				call.json() ? "application/json" : "application/x-www-form-urlencoded; charset=UTF-8", -1,
				call.signatures(), call.body().getBytes(StandardCharsets.UTF_8));
		return this.gate.admit(request) instanceof Admission.Admitted;
	}

	private record Call(String url, boolean json, String body, List<String> signatures) {

		private static final String[] TEXTS = { "", " ", "a", "A", "b c", "é", "😀", "+", "&=", "%", "'", "1", "10",
				"\r\n", "https://x.example.com/?a=b" };

		private static final String[] NAMES = { "MessageSid", "To", "From", "Body", "b", "B", "ä", "a" };

		private static final String[] QUERIES = { "", "?a=b", "?a=b%20c&d='", "?a=%27x%27", "?q=%c3%a9", "?a+b",
				"?&=" };

		static Call random(Random random) {
			String scheme = random.nextBoolean() ? "https" : "http";
			String port = pick(random, "", "", ":443", ":80", ":8443");
			String host = pick(random, "shop.example.com", "[2001:db8::1]", "10.0.0.1");
			String url = scheme + "://" + host + port + "/twilio/status" + pick(random, QUERIES);
			if (random.nextInt(5) == 0) {
				String body = "{\"text\":\"" + random.nextInt() + "\"}";
				String signed = url + (url.contains("?") ? "&" : "?") + "bodySHA256=" + Independent.sha256(body);
				return new Call(signed, true, body, List.of(Independent.sign(pick(random, TOKENS), signed, "")));
			}
			List<String> pairs = new ArrayList<>();
			for (int i = random.nextInt(6); i > 0; i--) {
				pairs.add(encode(random, pick(random, NAMES)) + "=" + encode(random, pick(random, TEXTS)));
			}
			String body = String.join("&", pairs);
			return new Call(url, false, body, List.of(Independent.sign(pick(random, TOKENS), url, body)));
		}

		Call mutate(Random random) {
			String signature = this.signatures.get(0);
			return switch (random.nextInt(20)) {
				case 0 -> this;
				case 1 -> withUrl(this.url.replaceFirst("https?", random.nextBoolean() ? "https" : "http"));
				case 2 -> withUrl(
						this.url.replaceFirst("(:\\d+)?/twilio", pick(random, "", ":443", ":80", ":1") + "/twilio"));
				case 3 -> withUrl(this.url.replace("'", "%27"));
				case 4 -> withUrl(this.url.replace("%27", "'"));
				case 5 -> withUrl(this.url + pick(random, "#f", "&x=1", "?", "/"));
				case 6 -> withUrl(flip(random, this.url));
				case 7 -> withBody(this.body.replace("+", "%20"));
				case 8 -> withBody(this.body.replace("%20", "+"));
				case 9 -> withBody(shuffled(random, this.body));
				case 10 -> withBody(this.body + "&" + pick(random, "a=1", "", "=", "MessageSid=", "b"));
				case 11 -> withBody(this.body + "&" + this.body);
				case 12 -> withBody(without(random, this.body));
				case 13 -> withBody(flip(random, this.body));
				case 14 -> withBody(this.body.replaceFirst("%([0-9A-F])", "%" + pick(random, "", "%", "0")));
				case 15 -> withSignatures(List.of());
				case 16 ->
					withSignatures(pick(random, List.of(List.of(signature, signature), List.of("x", signature))));
				case 17 -> withSignatures(List.of(flip(random, signature)));
				case 18 -> withSignatures(List.of(pick(random, "", signature + "=", " " + signature,
						signature.replace("=", ""), signature.toLowerCase())));
				default -> new Call(this.url, !this.json, this.body, this.signatures);
			};
		}

		private Call withUrl(String changed) {
			return new Call(changed, this.json, this.body, this.signatures);
		}

		private Call withBody(String changed) {
			return new Call(this.url, this.json, changed, this.signatures);
		}

		private Call withSignatures(List<String> changed) {
			return new Call(this.url, this.json, this.body, changed);
		}

		private static String encode(Random random, String text) {
			StringBuilder encoded = new StringBuilder();
			for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
				boolean plain = Character.isLetterOrDigit(each) && each > 0;
				encoded.append((each == ' ' && random.nextBoolean()) ? "+"
						: plain ? String.valueOf((char) each) : "%%%02X".formatted(each));
			}
			return encoded.toString();
		}

		private static String flip(Random random, String text) {
			if (text.isEmpty()) {
				return text;
			}
			int at = random.nextInt(text.length());
			char other = (char) ('!' + random.nextInt(90));
			return text.substring(0, at) + other + text.substring(at + 1);
		}

		private static String shuffled(Random random, String form) {
			List<String> pairs = new ArrayList<>(Arrays.asList(form.split("&")));
			Collections.shuffle(pairs, random);
			return String.join("&", pairs);
		}

		private static String without(Random random, String form) {
			List<String> pairs = new ArrayList<>(Arrays.asList(form.split("&")));
			pairs.remove(random.nextInt(pairs.size()));
			return String.join("&", pairs);
		}

		@SafeVarargs
		private static <T> T pick(Random random, T... from) {
			return from[random.nextInt(from.length)];
		}

		private static <T> T pick(Random random, List<T> from) {
			return from.get(random.nextInt(from.size()));
		}

	}

	/**
	 * The provider's documentation, word for word.
	 */
	private static final class Independent {

		static boolean accepts(Call call) {
			if (call.signatures().size() != 1) {
				return false;
			}
			int query = call.url().indexOf('?');
			if (query >= 0 && isBroken(call.url().substring(query + 1).replaceFirst("#.*", ""))) {
				return false;
			}
			boolean digest = call.url().replaceFirst("#.*", "").matches("[^?]*\\?(.*&)?bodySHA256(=.*|&.*|)");
			boolean byBody = digest || (call.json() && !call.body().isEmpty());
			String form = (call.json() || digest) ? "" : call.body();
			if ((!call.json() && isBroken(call.body())) || (byBody && !coversBody(call))) {
				return false;
			}
			for (String token : TOKENS) {
				for (String url : spellings(call.url())) {
					if (sign(token, url, form).equals(call.signatures().get(0))) {
						return true;
					}
				}
			}
			return false;
		}

		static String sign(String token, String url, String form) {
			StringBuilder text = new StringBuilder(url.replaceFirst("#.*", ""));
			SortedMap<String, SortedSet<String>> sorted = new TreeMap<>();
			for (String pair : form.split("&")) {
				if (!pair.isEmpty()) {
					String[] parts = (pair + "=").split("=", 2);
					String value = pair.contains("=") ? pair.substring(pair.indexOf('=') + 1) : "";
					sorted.computeIfAbsent(decode(parts[0]), (name) -> new TreeSet<>()).add(decode(value));
				}
			}
			sorted.forEach((name, values) -> values.forEach((value) -> text.append(name).append(value)));
			try {
				Mac mac = Mac.getInstance("HmacSHA1");
				mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
				byte[] digest = mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
				return Base64.getEncoder().encodeToString(digest);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		static String sha256(String body) {
			try {
				byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
				StringBuilder hex = new StringBuilder();
				for (byte each : digest) {
					hex.append("%02x".formatted(each));
				}
				return hex.toString();
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static boolean coversBody(Call call) {
			String url = call.url().replaceFirst("#.*", "");
			List<String> digests = new ArrayList<>();
			for (String pair : url.substring(url.indexOf('?') + 1).split("&")) {
				if (pair.startsWith("bodySHA256=")) {
					digests.add(pair.substring("bodySHA256=".length()));
				}
			}
			return url.contains("?") && digests.equals(List.of(sha256(call.body())));
		}

		private static List<String> spellings(String url) {
			String standard = url.startsWith("https:") ? ":443" : ":80";
			List<String> ports = new ArrayList<>(List.of(url));
			int path = url.replaceFirst("[?#].*", "").indexOf('/', "https://".length());
			String head = (path >= 0) ? url.substring(0, path) : url.replaceFirst("[?#].*", "");
			String tail = url.substring(head.length());
			if (head.matches(".*://(\\[[^\\]]*\\]|[^:\\[]*):\\d+")) {
				ports.add(head.replaceFirst(":\\d+$", "") + tail);
			}
			else if (!head.matches(".*://(\\[[^\\]]*\\]|[^:\\[]*):.*")) {
				ports.add(head + standard + tail);
			}
			if (url.matches("[^?#]*\\?(#.*)?")) {
				ports.addAll(spellings(url.replaceFirst("\\?.*", "")));
			}
			List<String> all = new ArrayList<>();
			for (String each : ports) {
				int query = each.indexOf('?');
				String front = (query >= 0) ? each.substring(0, query) : each;
				String rest = (query >= 0) ? each.substring(query) : "";
				all.addAll(List.of(each, front + rest.replace("'", "%27"), front + rest.replace("%27", "'")));
			}
			return all;
		}

		private static boolean isBroken(String form) {
			return form.replaceAll("%[0-9A-Fa-f]{2}", "").contains("%");
		}

		private static String decode(String text) {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			for (int i = 0; i < text.length(); i++) {
				char character = text.charAt(i);
				if (character == '%') {
					bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
					i += 2;
				}
				else {
					bytes.write((character == '+') ? ' ' : character);
				}
			}
			return bytes.toString(StandardCharsets.UTF_8);
		}

	}

}
