package io.github.twiliospring.messaging.signature;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The provider's published vectors, and what is around them.
 */
class RequestSignatureTests {

	private static final String URL = "https://mycompany.com/myapp.php?foo=1&bar=2";

	private static final Map<String, List<String>> PARAMETERS = Map.of("CallSid", List.of("CA1234567890ABCDE"),
			"Caller", List.of("+14158675309"), "Digits", List.of("1234"), "From", List.of("+14158675309"), "To",
			List.of("+18005551212"));

	private final RequestSigner signer = new RequestSigner("12345");

	private final RequestValidator validator = new RequestValidator(List.of("12345"));

	@Test
	void signsAFormRequestAsThePublishedVectorsDo() {
		assertThat(this.signer.sign(URL, PARAMETERS)).isEqualTo("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
		assertThat(this.signer.sign("https://mycompany.com:443/myapp.php?foo=1&bar=2", PARAMETERS))
			.isEqualTo("kvajT1Ptam85bY51eRf/AJRuM3w=");
		assertThat(this.signer.sign("http://mycompany.com:80/myapp.php?foo=1&bar=2", PARAMETERS))
			.isEqualTo("0ZXoZLH/DfblKGATFgpif+LLRf4=");
		assertThat(this.signer.sign("https://mycompany.com/myapp.php?foo=hello%20world&bar=test%2Bvalue", PARAMETERS))
			.isEqualTo("er2tvAP1Wx+iuTTE2BPgvEaN1cs=");
	}

	@Test
	void signsTheUrlAloneWhereThereAreNoParameters() {
		assertThat(this.signer.sign(URL)).isEqualTo("zYQTYrRWXE7LtzbG4PfP7/bkkGo=");
	}

	@Test
	void deduplicatesAndSortsTheValuesOfARepeatedParameter() {
		Map<String, List<String>> parameters = new LinkedHashMap<>();
		parameters.put("Sid", List.of("CA123"));
		parameters.put("SidAccount", List.of("AC123"));
		parameters.put("Digits", List.of("5678", "1234", "1234"));
		assertThat(this.signer.sign(URL, parameters)).isEqualTo("IK+Dwps556ElfBT0I3Rgjkr1wJU=");
		assertThat(this.validator.isValid(URL, parameters, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")).isTrue();
	}

	@Test
	void neverSignsTheFragment() {
		assertThat(this.signer.sign(URL + "#rc=2&rp=5xx", PARAMETERS)).isEqualTo(this.signer.sign(URL, PARAMETERS));
		assertThat(this.validator.isValid(URL + "#rc=2", PARAMETERS, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://user:pa%40ss@mycompany.com/myapp.php?foo=1&bar=2",
			"https://user@mycompany.com/myapp.php?foo=1&bar=2", "https://a@b:c@mycompany.com/myapp.php?foo=1&bar=2" })
	void neverSignsUserNameAndPassword(String url) {
		assertThat(this.signer.sign(url, PARAMETERS)).isEqualTo("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
		assertThat(this.validator.isValid(url, PARAMETERS, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "https://mycompany.com/a@b", "https://mycompany.com/a?b=c@d", "https://mycompany.com?a@b" })
	void signsAnAtSignThatComesLater(String url) {
		assertThat(this.signer.sign(url, PARAMETERS)).isNotEqualTo(this.signer.sign(url.replace("@", ""), PARAMETERS));
		assertThat(this.validator.isValid(url.replaceFirst("mycompany.com.*@", ""), PARAMETERS,
				this.signer.sign(url, PARAMETERS)))
			.isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "kvajT1Ptam85bY51eRf/AJRuM3w=" })
	void acceptsADefaultPortGivenOrNot(String signature) {
		assertThat(this.validator.isValid(URL, PARAMETERS, signature)).isTrue();
		assertThat(this.validator.isValid("https://mycompany.com:443/myapp.php?foo=1&bar=2", PARAMETERS, signature))
			.isTrue();
		assertThat(this.validator.isValid("https://mycompany.com:8443/myapp.php?foo=1&bar=2", PARAMETERS, signature))
			.isEqualTo(signature.startsWith("RSOY"));
		assertThat(this.validator.isValid("http://mycompany.com/myapp.php?foo=1&bar=2", PARAMETERS, signature))
			.isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://shop.example.com:8443/a?b=c:1", "http://shop.example.com:8080/a",
			"https://[::1]:8443/a", "https://shop.example.com:8443", "https://shop.example.com:8443?a=b",
			"https://user:pw@shop.example.com:8443/a", "http://shop.example.com:443/a",
			"https://shop.example.com:80/a" })
	void acceptsAnyPortGivenWhereItWasSignedOrLeftOut(String called) {
		String without = called.replaceFirst(":\\d+(?=[/?]|$)", "");
		assertThat(this.validator.isValid(called, PARAMETERS, this.signer.sign(called, PARAMETERS))).isTrue();
		assertThat(this.validator.isValid(called, PARAMETERS, this.signer.sign(without, PARAMETERS))).isTrue();
		assertThat(this.validator.isValid(without, PARAMETERS, this.signer.sign(called, PARAMETERS)))
			.as("a port that wasn't called")
			.isFalse();
		for (String other : List.of(":8444", ":84430", ":844", ":", called.startsWith("https") ? ":443" : ":80")) {
			String signed = called.replaceFirst(":\\d+(?=[/?]|$)", other);
			assertThat(this.validator.isValid(called, PARAMETERS, this.signer.sign(signed, PARAMETERS))).as(signed)
				.isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://someurl.com/somepath?param1=client%3AAnonymous",
			"https://someurl.com:443/somepath?param1=client%3AAnonymous" })
	void leavesAnEncodedColonInTheQueryAsItStands(String url) {
		RequestValidator validator = new RequestValidator(List.of("1234567890"));
		assertThat(validator.isValid(url, Map.of(), "PM+bjB+ITJ9a3LIYStKWOTMZMlU=")).isTrue();
		assertThat(validator.isValid(url.replace("%3A", ":"), Map.of(), "PM+bjB+ITJ9a3LIYStKWOTMZMlU=")).isFalse();
	}

	@Test
	void acceptsAQuoteInTheQueryRawOrEncoded() {
		String raw = "https://shop.example.com/status?name=O'Brien";
		String encoded = "https://shop.example.com/status?name=O%27Brien";
		assertThat(this.validator.isValid(raw, PARAMETERS, this.signer.sign(encoded, PARAMETERS))).isTrue();
		assertThat(this.validator.isValid(encoded, PARAMETERS, this.signer.sign(raw, PARAMETERS))).isTrue();
	}

	@Test
	void findsThePortOfAnIpv6Address() {
		String url = "http://[::1]:8080/status";
		assertThat(this.validator.isValid(url, PARAMETERS, this.signer.sign(url, PARAMETERS))).isTrue();
		assertThat(this.validator.isValid("http://[::1]/status", PARAMETERS,
				this.signer.sign("http://[::1]:80/status", PARAMETERS)))
			.isTrue();
	}

	@Test
	void verifiesAJsonBodyByItsDigestInTheUrl() {
		byte[] body = "{\"property\": \"value\", \"boolean\": true}".getBytes(StandardCharsets.UTF_8);
		String digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
		String url = URL + "&bodySHA256=" + digest;
		assertThat(RequestSigner.bodyDigest(body)).isEqualTo(digest);
		assertThat(this.validator.isValid(url, body, "a9nBmqA0ju/hNViExpshrM61xv4=")).isTrue();
		assertThat(this.validator.isValid(url, "{}".getBytes(StandardCharsets.UTF_8), "a9nBmqA0ju/hNViExpshrM61xv4="))
			.isFalse();
		assertThat(this.validator.isValid(URL, body, this.signer.sign(URL))).isFalse();
		assertThat(this.validator.isValid(url + "&bodySHA256=" + digest, body,
				this.signer.sign(url + "&bodySHA256=" + digest)))
			.isFalse();
	}

	@Test
	void acceptsEveryTokenThatIsValidNow() {
		RequestValidator rotating = new RequestValidator(List.of("new", "12345"));
		assertThat(rotating.isValid(URL, PARAMETERS, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")).isTrue();
		assertThat(new RequestValidator(List.of("new")).isValid(URL, PARAMETERS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="))
			.isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "=", "not base64!", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "RSOYDt4T1cUTdK1PDd93/VVr8B9=",
			" RSOYDt4T1cUTdK1PDd93/VVr8B8=", "RSOYDt4T1cUTdK1PDd93/VVr8B8=RSOYDt4T1cUTdK1PDd93/VVr8B8=",
			"RSOYDt4T1cUTdK1PDd93/VVr8B8=,RSOYDt4T1cUTdK1PDd93/VVr8B8=", "\u0000ü" })
	void refusesAMalformedHeaderWithoutAnException(String signature) {
		assertThat(this.validator.isValid(URL, PARAMETERS, signature)).isFalse();
		assertThat(this.validator.isValid(URL, PARAMETERS, null)).isFalse();
	}

	@Test
	void signsUtf8() {
		// Made with: printf 'https://shop.example.com/Bodyé€😀' | openssl dgst -sha1
		// -hmac
		// 12345 -binary | base64
		assertThat(this.signer.sign("https://shop.example.com/", Map.of("Body", List.of("é€😀"))))
			.isEqualTo("KB8OL7lxAF84BBmVQy1gOZ8Eqds=");
	}

}
