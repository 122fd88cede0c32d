package com.example.shop;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.MessagingTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that has nothing but the starter and four lines of configuration.
 */
@SpringBootTest
class StarterAloneTests {

	private static final String CREATE = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json";

	@RegisterExtension
	static final WireMockExtension api = WireMockExtension.newInstance().build();

	@Autowired
	MessagingTemplate messaging;

	@Autowired
	ApplicationContext context;

	@DynamicPropertySource
	static void baseUrl(DynamicPropertyRegistry registry) {
		registry.add("twilio.base-url", api::baseUrl);
	}

	@Test
	void sendsAMessageWithoutBeingAWebApplication() {
		api.stubFor(post(CREATE).willReturn(okJson("{\"sid\":\"SM1\",\"status\":\"accepted\"}").withStatus(201)));
		assertThat(this.messaging.send("+15558675310", "Your table is ready").block().sid()).isEqualTo("SM1");
		api.verify(1, postRequestedFor(urlEqualTo(CREATE)).withRequestBody(equalTo("To=%2B15558675310"
				+ "&MessagingServiceSid=MG0123456789abcdef0123456789abcdef&Body=Your+table+is+ready")));
		assertThat(this.context).isNotInstanceOf(ReactiveWebApplicationContext.class);
	}

	@SpringBootApplication
	static class Shop {

	}

}
