package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.twiliospring.messaging.AttemptListener;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.error.MessagingException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class TwilioHealthTests {

	private final ApiStub api = new ApiStub();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class,
						TwilioHealthAutoConfiguration.class, TwilioInfoAutoConfiguration.class))
		.withPropertyValues(this.api.properties());

	@AfterEach
	void stop() {
		this.api.close();
	}

	@Test
	void knowsNothingAndCallsNothingBeforeTheFirstSend() {
		this.contextRunner.run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(this.api.requests()).isEmpty();
		});
	}

	@Test
	void startsBesideAMockedTemplate() {
		this.contextRunner.withBean(MessagingTemplate.class, () -> Mockito.mock(MessagingTemplate.class))
			.withPropertyValues("management.health.twilio.active=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			});
	}

	@Test
	void isUpWhereACallIsForbiddenAndOthersNeedNotBe() {
		this.contextRunner.run((context) -> {
			answer(context, 403);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void isDownFromRefusedCredentialsToTheNextSuccess() {
		this.contextRunner.run((context) -> {
			answer(context, 201);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			answer(context, 401);
			answer(context, 503);
			answer(context, 400);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("answered", 2L)
				.containsEntry("refused", 1L)
				.containsEntry("failed", 1L)
				.containsEntry("lastError", "rejected (HTTP 400)");
			assertThat(health.toString()).doesNotContain("hush", "15558675310", ApiStub.ACCOUNT_SID);
			answer(context, 201);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void isUpAfterADefiniteNoAndUnknownAfterATransientFailure() {
		this.contextRunner.run((context) -> {
			answer(context, 400);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			answer(context, 500);
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			answer(context, 201);
			this.api.close();
			assertThat(catchThrowable(() -> send(context))).isInstanceOf(MessagingException.class);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat((String) health.getDetails().get("lastError")).startsWith("no answer (").endsWith("Exception)");
		});
	}

	@Test
	void listsOneMessageInEachIntervalWhereItIsAsked() {
		this.contextRunner
			.withPropertyValues("management.health.twilio.active=true", "management.health.twilio.interval=1h")
			.run((context) -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(this.api.requests()).singleElement().satisfies((request) -> {
					assertThat(request.method()).isEqualTo("GET");
					assertThat(request.uri()).endsWith("/Messages.json?PageSize=1");
				});
			});
	}

	@Test
	void findsRefusedCredentialsByItselfWhereItIsActive() {
		this.contextRunner
			.withPropertyValues("management.health.twilio.active=true", "management.health.twilio.interval=1ms")
			.run((context) -> {
				this.api.answerWith(401);
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
				this.api.answerWith(201);
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
			});
	}

	@Test
	void leavesOtherAccountsOut() {
		this.contextRunner.run((context) -> {
			this.api.answerWith(401);
			catchThrowable(() -> context.getBean(MessagingTemplateBuilder.class)
				.account("ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "secret")
				.build()
				.send("+15558675310", "Hi")
				.block());
			assertThat(this.api.requests()).hasSize(1);
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
		});
	}

	@Test
	void aListenerOfTheApplicationHearsTheSame() {
		List<Integer> heard = new CopyOnWriteArrayList<>();
		this.contextRunner
			.withBean(AttemptListener.class,
					() -> (url, status, failure) -> heard.add((status != null) ? status.value() : null))
			.run((context) -> {
				answer(context, 201);
				answer(context, 400);
				assertThat(heard).containsExactly(201, 400);
				assertThat(health(context).getDetails()).containsEntry("answered", 2L);
			});
	}

	@Test
	void isNotThereWhereItIsTurnedOffOrHealthIsMissing() {
		this.contextRunner.withPropertyValues("management.health.twilio.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TwilioHealthIndicator.class));
		this.contextRunner.withClassLoader(new FilteredClassLoader(ReactiveHealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("twilioHealthIndicator"));
	}

	@Test
	void showsTheAccountWithoutSecretsWhereItIsAsked() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean("twilioInfoContributor"));
		this.contextRunner.withPropertyValues("management.info.twilio.enabled=true", "twilio.region=ie1")
			.run((context) -> {
				Info.Builder info = new Info.Builder();
				context.getBean(InfoContributor.class).contribute(info);
				assertThat(info.build().getDetails()).containsEntry("twilio", Map.of("accountSid", "AC…cdef", "region",
						"ie1", "sender", "from", "webhookPath", "/twilio/status"));
			});
	}

	private void answer(ApplicationContext context, int status) {
		this.api.answerWith(status);
		Throwable failure = catchThrowable(() -> send(context));
		assertThat(failure == null).isEqualTo(status == 201);
	}

	private static void send(ApplicationContext context) {
		context.getBean(MessagingOperations.class).send("+15558675310", "Hi").block();
	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(TwilioHealthIndicator.class).health().block());
	}

}
