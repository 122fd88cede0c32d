package io.github.twiliospring.messaging.autoconfigure;

import java.util.function.Supplier;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;

/**
 * The kinds of application, each without a server.
 */
enum Stack {

	NONE(ApplicationContextRunner::new), SERVLET(WebApplicationContextRunner::new),
	REACTIVE(ReactiveWebApplicationContextRunner::new);

	static final String[] CREDENTIALS = { "twilio.account-sid=" + ApiStub.ACCOUNT_SID, "twilio.auth-token=token" };

	private final Supplier<AbstractApplicationContextRunner<?, ?, ?>> runner;

	Stack(Supplier<AbstractApplicationContextRunner<?, ?, ?>> runner) {
		this.runner = runner;
	}

	/**
	 * An application with what the starter brings where there's no actuator.
	 */
	AbstractApplicationContextRunner<?, ?, ?> runner() {
		return this.runner.get()
			.withConfiguration(
					AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class,
							ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class))
			// Otherwise each context takes two seconds to close.
			.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s");
	}

	static AbstractApplicationContextRunner<?, ?, ?> withActuator(AbstractApplicationContextRunner<?, ?, ?> runner) {
		return runner
			.withConfiguration(
					AutoConfigurations.of(TwilioHealthAutoConfiguration.class, TwilioInfoAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=twiliohandlers",
					"management.info.twilio.enabled=true");
	}

	static AbstractApplicationContextRunner<?, ?, ?> withRedis(AbstractApplicationContextRunner<?, ?, ?> runner) {
		return runner
			.withConfiguration(
					AutoConfigurations.of(DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class))
			.withPropertyValues("twilio.messaging.webhook.ledger.store=redis",
					"spring.data.redis.lettuce.shutdown-timeout=0");
	}

	boolean web() {
		return this != NONE;
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	static void run(AbstractApplicationContextRunner runner, Check check) {
		runner.run((context) -> check.run((ApplicationContextAssertProvider<?>) context));
	}

	interface Check {

		void run(ApplicationContextAssertProvider<?> context);

	}

}
