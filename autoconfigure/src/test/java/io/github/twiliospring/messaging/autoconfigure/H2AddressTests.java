package io.github.twiliospring.messaging.autoconfigure;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.boot.r2dbc.OptionsCapableConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class H2AddressTests {

	@ParameterizedTest
	@CsvSource({ "r2dbc:h2:mem:///shop, jdbc:h2:mem:shop", "r2dbc:h2:file:///./shop, jdbc:h2:file:./shop",
			"r2dbc:h2:file:////var/shop, jdbc:h2:file:/var/shop", "r2dbc:pool:h2:mem:///shop, jdbc:h2:mem:shop",
			"r2dbc:h2:mem:///shop?options=DB_CLOSE_DELAY=-1;MODE=MySQL, jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1;MODE=MySQL" })
	void namesTheSameDatabase(String reactive, String blocking) {
		assertThat(H2Address.of(known(reactive))).isEqualTo(new H2Address(blocking, null, null));
	}

	@Test
	void hasItsUserAndKeepsThePasswordToItself() {
		H2Address address = H2Address.of(known("r2dbc:h2:mem://sa:secret@localhost/shop"));
		assertThat(address).isEqualTo(new H2Address("jdbc:h2:mem:shop", "sa", "secret"));
		assertThat(address).asString().doesNotContain("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "r2dbc:postgresql://localhost/shop", "r2dbc:h2:tcp://localhost/shop",
			"r2dbc:pool:postgresql://localhost/shop" })
	void saysNothingOfAServer(String reactive) {
		assertThat(H2Address.of(known(reactive))).isNull();
	}

	@Test
	void saysNothingOfWhatBootDidNotMake() {
		assertThat(H2Address.of(new Unreachable())).isNull();
	}

	private static ConnectionFactory known(String url) {
		return new OptionsCapableConnectionFactory(ConnectionFactoryOptions.parse(url), new Unreachable());
	}

	static class Unreachable implements ConnectionFactory {

		@Override
		public Publisher<? extends Connection> create() {
			return Mono.error(new IllegalStateException("not to be called"));
		}

		@Override
		public ConnectionFactoryMetadata getMetadata() {
			return () -> "unreachable";
		}

	}

}
