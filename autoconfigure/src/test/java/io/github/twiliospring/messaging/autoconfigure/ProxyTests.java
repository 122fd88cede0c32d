package io.github.twiliospring.messaging.autoconfigure;

import java.net.InetSocketAddress;
import java.util.function.BiFunction;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.netty.resolver.NoopAddressResolverGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.ProxyProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a proxy is the only way out, it alone finds the API's host.
 */
class ProxyTests {

	private static final String ELSEWHERE = "api.nowhere.invalid";

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void sendsThroughAProxyToAHostThatThisMachineDoesNotKnow(boolean ownLoops) throws Exception {
		LoopResources loops = LoopResources.create("own", 1, true);
		try {
			sendThroughProxy((client, address) -> {
				HttpClient proxied = client.proxy((spec) -> spec.type(ProxyProvider.Proxy.HTTP).socketAddress(address));
				return ownLoops ? proxied.runOn(loops) : proxied;
			});
		}
		finally {
			loops.dispose();
		}
	}

	@Test
	void sendsThroughAProxyThatIsChosenWithEachConnection() throws Exception {
		sendThroughProxy((client, address) -> client
			.proxyWhen((configuration, spec) -> Mono.just(spec.type(ProxyProvider.Proxy.HTTP).socketAddress(address)))
			.resolver(NoopAddressResolverGroup.INSTANCE));
	}

	private static void sendThroughProxy(BiFunction<HttpClient, InetSocketAddress, HttpClient> setting)
			throws Exception {
		try (ApiStub api = new ApiStub(); TunnelProxy proxy = new TunnelProxy(api.port())) {
			ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> customizer = (builder) -> builder
				.withHttpClientCustomizer((client) -> setting.apply(client, proxy.address()));
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(ReactiveHttpClientAutoConfiguration.class,
						TwilioMessagingAutoConfiguration.class))
				.withPropertyValues(api.properties())
				.withPropertyValues("twilio.base-url=http://" + ELSEWHERE, "twilio.messaging.retry.max-attempts=1")
				.withBean(ClientHttpConnectorBuilderCustomizer.class, () -> customizer)
				.run((context) -> assertThat(
						context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block().sid())
					.startsWith("SM"));
			assertThat(proxy.asked).containsExactly("CONNECT " + ELSEWHERE + ":80 HTTP/1.1");
		}
	}

}
