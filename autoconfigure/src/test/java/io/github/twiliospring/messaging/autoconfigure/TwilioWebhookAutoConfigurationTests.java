package io.github.twiliospring.messaging.autoconfigure;

import java.lang.reflect.Proxy;
import java.time.Duration;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.StatusUpdateEventPublisher;
import io.github.twiliospring.messaging.webhook.Webhooks;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import io.lettuce.core.ClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class TwilioWebhookAutoConfigurationTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class))
		.withPropertyValues("twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=token");

	@Test
	void servesTheWebhookInAReactiveWebApplication() {
		this.contextRunner.run((context) -> assertThat(context).hasBean("webhookWebFilter"));
	}

	@Test
	void isNotThereWhereItIsDisabled() {
		this.contextRunner.withPropertyValues("twilio.messaging.webhook.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Webhooks.class).doesNotHaveBean("webhookWebFilter"));
	}

	@Test
	void isNotThereWithoutAWebApplication() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class))
			.withPropertyValues("twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=token")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Webhooks.class));
	}

	@Test
	void backsOffBeforeAUsersLedger() {
		CallbackLedger own = new InMemoryCallbackLedger(1, Duration.ofDays(1));
		this.contextRunner.withBean(CallbackLedger.class, () -> own)
			.run((context) -> assertThat(context.getBean(CallbackLedger.class)).isSameAs(own));
	}

	@Test
	void saysWhatToAddWhereMarksCannotBeKeptInRedis() {
		this.contextRunner.withPropertyValues("twilio.messaging.webhook.ledger.store=redis")
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
					.contains("'spring-boot-starter-data-redis-reactive'");
			});
	}

	@Test
	void saysWhatToChangeWhereBothKindsOfWebhooksHaveOnePath() {
		this.contextRunner.withPropertyValues("twilio.messaging.webhook.inbound-path=/twilio/status").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
				.contains("'twilio.messaging.webhook.inbound-path'");
		});
	}

	@Test
	void failsTheStartupWhereNothingCouldVerifyAWebhook() {
		this.contextRunner
			.withPropertyValues("twilio.auth-token=", "twilio.api-key=SK0123456789abcdef0123456789abcdef",
					"twilio.api-secret=s")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
					.contains("'twilio.auth-token'")
					.contains("twilio.messaging.webhook.enabled=false");
			});
	}

	@Test
	void failsTheStartupNamingTheParameterThatNothingSupplies() {
		this.contextRunner.withUserConfiguration(UnsupportedParameter.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getDescription())
				.contains(UnsupportedParameter.class.getName() + ".track")
				.contains("'order' of type java.lang.Long");
		});
	}

	@ParameterizedTest
	@CsvSource({ "twilio.messaging.webhook.path,twilio/status", "twilio.messaging.webhook.public-url,shop.example.com",
			"twilio.messaging.webhook.public-url,https://my_shop.example.com",
			"twilio.messaging.webhook.public-url,https://shop.example.com/twilio/status",
			"twilio.messaging.webhook.public-url,https://shop.example.com/shop/twilio/inbound/",
			"twilio.base-url,https://api.twilio.com/2010-04-01", "twilio.auth-token,sec ret",
			"twilio.messaging.messaging-service-sid,MG123", "twilio.messaging.concurrency,0" })
	void failsTheStartupWhereAPropertyCannotWork(String property, String value) {
		this.contextRunner.withPropertyValues(property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getDescription())
				.contains("'" + property + "'");
		});
	}

	@Test
	void fillsInThePublicUrlWithBasePathAndOverrides() {
		this.contextRunner
			.withPropertyValues("twilio.messaging.webhook.public-url=https://shop.example.com/",
					"spring.webflux.base-path=/shop", "twilio.messaging.webhook.path=/sms")
			.run((context) -> assertThat(context.getBean(StatusCallbackAddress.class).get())
				.isEqualTo("https://shop.example.com/shop/sms#rc=2&rp=5xx,ct,rt&rt=4500"));
	}

	@Test
	void fillsNothingInWhereNoUrlIsKnownOrItIsTurnedOff() {
		this.contextRunner.run((context) -> assertThat(context.getBean(StatusCallbackAddress.class).get()).isNull());
		this.contextRunner
			.withPropertyValues("twilio.messaging.webhook.public-url=https://shop.example.com",
					"twilio.messaging.webhook.callback.fill-in=false")
			.run((context) -> {
				assertThat(context.getBean(StatusCallbackAddress.class).get()).isNull();
				assertThat(context.getBean(StatusCallbackAddress.class).url()).isNotNull();
			});
	}

	@ParameterizedTest
	@CsvSource({ "https://shop.example.com,", "http://localhost:1,http://localhost:1" })
	void letsALocalApiReportToThisMachineOnly(String configured, String filledIn) {
		this.contextRunner.withBean(TwilioConnectionDetails.class, LocalConnectionDetails::new)
			.withPropertyValues("twilio.messaging.webhook.public-url=" + configured,
					"twilio.messaging.webhook.callback.overrides=")
			.run((context) -> {
				String expected = (filledIn != null) ? filledIn + "/twilio/status" : null;
				assertThat(context.getBean(StatusCallbackAddress.class).get()).isEqualTo(expected);
			});
	}

	@Test
	void showsTheMappingsToAnOperatorWhereTheyAreExposed() {
		this.contextRunner.withUserConfiguration(Mapped.class)
			.withPropertyValues("management.endpoints.web.exposure.include=twiliohandlers",
					"twilio.messaging.webhook.public-url=https://provider:hush@shop.example.com")
			.run((context) -> {
				TwilioHandlersEndpoint.Handlers handlers = context.getBean(TwilioHandlersEndpoint.class).handlers();
				assertThat(handlers.statusCallbackUrl()).startsWith("https://…@shop.example.com/twilio/status#");
				assertThat(handlers.statusCallbacks()).singleElement().satisfies((each) -> {
					assertThat(each.handler()).endsWith("Mapped.track(StatusUpdate)");
					assertThat(each.conditions()).containsExactly("statuses [delivered, failed]",
							"error categories [UNREACHABLE]");
					assertThat(each.blocking()).isTrue();
				});
				assertThat(handlers.inboundMessages()).singleElement().satisfies((each) -> {
					assertThat(each.conditions()).containsExactly("keywords [stop]", "1 receivers");
					assertThat(each.blocking()).isFalse();
				});
			});
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(TwilioHandlersEndpoint.class));
	}

	@Test
	void sweepsBySchedule() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(ReactiveHttpClientAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(StatusSweep.class)
				.doesNotHaveBean("statusSweepSchedule"));
		this.contextRunner.withPropertyValues("twilio.messaging.webhook.sweep.interval=0s")
			.run((context) -> assertThat(context).hasFailed());
	}

	// Boot tells parents of it.
	@Test
	void takesNoPortFromTheServerOfAChildContext() {
		WebServer server = stub(WebServer.class, 4711);
		WebServerApplicationContext child = stub(WebServerApplicationContext.class, null);
		this.contextRunner.withBean(TwilioConnectionDetails.class, LocalConnectionDetails::new).run((context) -> {
			context.publishEvent(new WebServerInitializedEvent(server) {

				@Override
				public WebServerApplicationContext getApplicationContext() {
					return child;
				}

			});
			assertThat(context.getBean(StatusCallbackAddress.class).url()).isNull();
		});
	}

	@Test
	void startsWithTheLedgerInRedisBesideAConnectionFactoryOfTheApplicationsOwn() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(DataRedisReactiveAutoConfiguration.class))
			.withBean(LettuceConnectionFactory.class)
			.withPropertyValues("twilio.messaging.webhook.ledger.store=redis")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisCallbackLedger.class)
				.getBean("twilioLedgerDeadHosts", LettuceClientOptionsBuilderCustomizer.class)
				.satisfies((customizer) -> customizer.customize(ClientOptions.builder())));
	}

	private static <T> T stub(Class<T> type, Object answer) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answer));
	}

	@Test
	void publishesReportsAsEventsWhereItIsAsked() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(StatusUpdateEventPublisher.class));
		this.contextRunner.withPropertyValues("twilio.messaging.webhook.events=true")
			.run((context) -> assertThat(context).hasSingleBean(StatusUpdateEventPublisher.class));
	}

	static class LocalConnectionDetails extends TwilioMessagingAutoConfigurationTests.OwnConnectionDetails {

		@Override
		public boolean isLocal() {
			return true;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mapped {

		@StatusCallback(value = { MessageStatus.FAILED, MessageStatus.DELIVERED },
				categories = ErrorCategory.UNREACHABLE)
		void track(StatusUpdate update) {
		}

		@InboundMessage(keywords = "stop", receivers = "+15005550006")
		Mono<Reply> answer() {
			return Mono.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnsupportedParameter {

		@StatusCallback
		void track(Long order) {
		}

	}

}
