package io.github.twiliospring.messaging.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.webhook.StatusUpdateDispatcher;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The recipes of docs/sending.md for several accounts.
 */
class SeveralTemplatesTests {

	private static final String MARKETING = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	private static final String SUBACCOUNT = "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

	private final ApiStub api = new ApiStub();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TwilioMessagingAutoConfiguration.class))
		.withPropertyValues(this.api.properties())
		.withPropertyValues("marketing.account-sid=" + MARKETING, "marketing.auth-token=secret");

	@AfterEach
	void stop() {
		this.api.close();
	}

	@Test
	void aSecondTemplateHasAccountCredentialsAndSenderOfItsOwn() {
		this.contextRunner.withUserConfiguration(MarketingConfiguration.class).withBean(Shop.class).run((context) -> {
			Shop shop = context.getBean(Shop.class);
			shop.messaging.send("+15558675310", "Hi").block();
			shop.marketing.send("+15558675310", "Hi").block();
			assertThat(this.api.requests().get(0)).satisfies((request) -> {
				assertThat(request.uri()).contains(ApiStub.ACCOUNT_SID);
				assertThat(request.authorization()).isEqualTo(basic(ApiStub.ACCOUNT_SID, "hush"));
				assertThat(request.form()).contains("From=%2B15017122661");
			});
			assertThat(this.api.requests().get(1)).satisfies((request) -> {
				assertThat(request.uri()).contains(MARKETING);
				assertThat(request.authorization()).isEqualTo(basic(MARKETING, "secret"));
				assertThat(request.form()).contains("From=%2B15005550006").doesNotContain("15017122661");
			});
		});
	}

	@Test
	void whoWaitsForNoQualifierWaitsForTheFirstTemplate() {
		this.contextRunner.withUserConfiguration(MarketingConfiguration.class).run((context) -> {
			context.getBean(BlockingMessagingOperations.class).send("+15558675310", "Hi");
			context.getBean("marketing", MessagingOperations.class).blocking().send("+15558675310", "Hi");
			assertThat(this.api.requests().get(0).uri()).contains(ApiStub.ACCOUNT_SID);
			assertThat(this.api.requests().get(1).uri()).contains(MARKETING);
		});
	}

	@Test
	void whoWaitsWaitsForTheTemplateOfTheUsersOwnOrForItsPrimaryOne() {
		this.contextRunner.withUserConfiguration(OnlyOwn.class).run((context) -> {
			context.getBean(BlockingMessagingOperations.class).send("+15558675310", "Hi");
			assertThat(this.api.requests().get(0).form()).contains("From=%2B15005550006");
		});
		this.contextRunner.withUserConfiguration(OnePrimary.class).run((context) -> {
			context.getBean(BlockingMessagingOperations.class).send("+15558675310", "Hi");
			assertThat(this.api.requests().get(1).form()).contains("From=%2B15005550006");
		});
	}

	@Test
	void nobodyWhoWaitsBringsATemplateIntoBeing() {
		this.contextRunner.withUserConfiguration(LazyOwn.class).run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton("own")).isFalse();
			context.getBean(BlockingMessagingOperations.class).send("+15558675310", "Hi");
			assertThat(context.getBeanFactory().containsSingleton("own")).isTrue();
		});
	}

	@Test
	void aSubaccountHasASenderOfItsOwnByBuilderOrByMessage() {
		this.contextRunner.run((context) -> {
			MessagingTemplateBuilder builder = context.getBean(MessagingTemplateBuilder.class);
			builder.subaccount(SUBACCOUNT)
				.messagingServiceSid("MG0123456789abcdef0123456789abcdef")
				.build()
				.send("+15558675310", "Hi")
				.block();
			MessagingOperations messaging = context.getBean(MessagingOperations.class);
			messaging.forAccount(SUBACCOUNT).send(to("+15558675310").from("+15005550006").body("Hi")).block();
			assertThat(this.api.requests()).hasSize(2).allSatisfy((request) -> {
				assertThat(request.uri()).contains(SUBACCOUNT);
				assertThat(request.authorization()).isEqualTo(basic(ApiStub.ACCOUNT_SID, "hush"));
				assertThat(request.form()).doesNotContain("15017122661");
			});
		});
	}

	@Test
	void theSweepOfASecondTemplateAsksAboutItsAccountAndTheFirstIsStillThere() {
		Stack.run(Stack.REACTIVE.runner()
			.withPropertyValues(this.api.properties())
			.withPropertyValues("marketing.account-sid=" + MARKETING, "marketing.auth-token=secret")
			.withUserConfiguration(MarketingConfiguration.class), (context) -> {
				MessagingOperations marketing = context.getBean("marketing", MessagingOperations.class);
				StatusUpdateDispatcher dispatcher = context.getBean(StatusUpdateDispatcher.class);
				new StatusSweep(marketing, dispatcher).since(Instant.EPOCH).onErrorComplete().block();
				assertThat(this.api.requests().get(0).uri()).contains(MARKETING);
				assertThat(context.getBeansOfType(StatusSweep.class)).hasSize(1);
			});
	}

	@Test
	void twoTemplatesOfTheUsersOwnAreWhatAWebApplicationHas() {
		for (Stack stack : Stack.values()) {
			Stack.run(Stack.withActuator(stack.runner())
				.withPropertyValues(this.api.properties())
				.withPropertyValues("twilio.messaging.webhook.sweep.interval=1h",
						"management.health.twilio.active=true")
				.withUserConfiguration(TwoOwn.class), (context) -> {
					assertThat(context.getStartupFailure()).isNull();
					assertThat(context.getBeansOfType(MessagingTemplate.class)).containsOnlyKeys("shop", "warehouse");
					// Which of them it should ask, nobody said.
					assertThat(context.getBeansOfType(StatusSweep.class)).isEmpty();
					assertThat(context.getBeansOfType(BlockingMessagingOperations.class)).isEmpty();
				});
		}
	}

	@Test
	void eachInjectionPointGetsABuilderOfItsOwn() {
		this.contextRunner.run((context) -> {
			context.getBean(MessagingTemplateBuilder.class).from("+15005550006").statusCallback("http://localhost/x");
			context.getBean(MessagingTemplateBuilder.class).build().send("+15558675310", "Hi").block();
			assertThat(this.api.requests().get(0).form()).contains("From=%2B15017122661")
				.doesNotContain("StatusCallback");
		});
	}

	@Test
	void aTemplateOfTheUsersOwnMakesUpForTheAutoConfiguredOne() {
		this.contextRunner.withUserConfiguration(OnlyOwn.class).run((context) -> {
			context.getBean(MessagingOperations.class).send("+15558675310", "Hi").block();
			assertThat(this.api.requests().get(0).form()).contains("From=%2B15005550006");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "AC123", "SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
	void saysWhatASidOfAnAccountLooksLike(String sid) {
		this.contextRunner.run((context) -> {
			MessagingTemplateBuilder builder = context.getBean(MessagingTemplateBuilder.class);
			assertThatIllegalArgumentException().isThrownBy(() -> builder.account(sid, "secret"))
				.withMessageStartingWith("The account SID is ")
				.withMessageEndingWith("it must be AC and 32 hexadecimal digits");
			assertThatIllegalArgumentException().isThrownBy(() -> builder.subaccount(sid));
			assertThatIllegalArgumentException().isThrownBy(() -> builder.account(MARKETING, sid + "0", "secret"))
				.withMessageStartingWith("The API key's SID is ")
				.withMessageEndingWith("it must be SK and 32 hexadecimal digits");
		});
	}

	private static String basic(String username, String password) {
		return "Basic "
				+ Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
	}

	@Configuration(proxyBeanMethods = false)
	static class MarketingConfiguration {

		@Bean(defaultCandidate = false)
		@Qualifier("marketing")
		MessagingTemplate marketing(MessagingTemplateBuilder builder,
				@Value("${marketing.account-sid}") String accountSid,
				@Value("${marketing.auth-token}") String authToken) {
			return builder.account(accountSid, authToken).from("+15005550006").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoOwn {

		@Bean
		MessagingTemplate shop(MessagingTemplateBuilder builder) {
			return builder.build();
		}

		@Bean
		MessagingTemplate warehouse(MessagingTemplateBuilder builder) {
			return builder.from("+15005550006").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnlyOwn {

		@Bean
		MessagingTemplate own(MessagingTemplateBuilder builder) {
			return builder.from("+15005550006").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnePrimary {

		@Bean
		MessagingTemplate shop(MessagingTemplateBuilder builder) {
			return builder.build();
		}

		@Bean
		@Primary
		MessagingTemplate warehouse(MessagingTemplateBuilder builder) {
			return builder.from("+15005550006").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyOwn {

		@Bean
		@Lazy
		MessagingTemplate own(MessagingTemplateBuilder builder) {
			return builder.build();
		}

	}

	static class Shop {

		private final MessagingOperations messaging;

		private final MessagingOperations marketing;

		Shop(MessagingOperations messaging, @Qualifier("marketing") MessagingOperations marketing) {
			this.messaging = messaging;
			this.marketing = marketing;
		}

	}

}
