package io.github.twiliospring.messaging.benchmarks.micro;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Signing and validating a request of twenty parameters.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SignatureBenchmark {

	private static final int PARAMETERS = 20;

	private final String url = Fixtures.PUBLIC_URL + Fixtures.STATUS_PATH + "?" + Fixtures.query(42);

	private final Map<String, String> report = report();

	private final Map<String, List<String>> parameters = Fixtures.listed(this.report);

	private final RequestSigner signer = new RequestSigner(Fixtures.AUTH_TOKEN);

	private final RequestValidator validator = new RequestValidator(List.of(Fixtures.AUTH_TOKEN));

	private final com.twilio.security.RequestValidator peer = new com.twilio.security.RequestValidator(
			Fixtures.AUTH_TOKEN);

	private final String signature = this.signer.sign(this.url, this.parameters);

	private static Map<String, String> report() {
		Map<String, String> report = new LinkedHashMap<>(Fixtures.report(42));
		for (int i = report.size(); i < PARAMETERS; i++) {
			report.put("Parameter" + i, "value of parameter " + i);
		}
		return report;
	}

	/**
	 * Signs.
	 * @return the signature
	 */
	@Benchmark
	public String sign() {
		return this.signer.sign(this.url, this.parameters);
	}

	/**
	 * Validates.
	 * @return {@code true}
	 */
	@Benchmark
	public boolean validate() {
		return Checks.isTrue(this.validator.isValid(this.url, this.parameters, this.signature));
	}

	/**
	 * Refuses a forged request.
	 * @return {@code true}
	 */
	@Benchmark
	public boolean refuse() {
		return Checks.isTrue(!this.validator.isValid(this.url + "0", this.parameters, this.signature));
	}

	/**
	 * Validates with the provider's library.
	 * @return {@code true}
	 */
	@Benchmark
	public boolean validateWithProvidersLibrary() {
		return Checks.isTrue(this.peer.validate(this.url, this.report, this.signature));
	}

}
