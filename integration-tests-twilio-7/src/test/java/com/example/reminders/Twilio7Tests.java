package com.example.reminders;

import java.time.Duration;

import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.apache.http.HttpHost;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.client.HttpClientBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The provider's library 7 against the simulator, by the lines of docs/simulator.md.
 */
@ExtendWith(TwilioSimulatorExtension.class)
class Twilio7Tests {

	@Test
	void createsFetchesListsAndDeletesAMessage(TwilioSimulator simulator) {
		TwilioRestClient client = client(simulator.accountSid(), simulator.authToken(), simulator.port());
		String sid = Message.creator(new PhoneNumber("+15558675310"), new PhoneNumber("+15017122661"), "See you at 9")
			.create(client)
			.getSid();
		assertThat(simulator.awaitMessage(MessageMatcher.sid(sid)).body()).isEqualTo("See you at 9");
		assertThat(Message.fetcher(sid).fetch(client).getStatus()).isEqualTo(Message.Status.QUEUED);
		assertThat(Message.reader().read(client)).extracting(Message::getSid).containsExactly(sid);
		simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(Message.deleter(sid).delete(client)).isTrue();
		assertThatExceptionOfType(ApiException.class).isThrownBy(() -> Message.fetcher(sid).fetch(client))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(20404));
	}

	private static TwilioRestClient client(String accountSid, String authToken, int port) {
		// @formatter:off
		HttpHost simulator = new HttpHost("127.0.0.1", port, "http");
		HttpClientBuilder http = HttpClientBuilder.create()
		    .setRoutePlanner((target, request, context) -> new HttpRoute(simulator));
		TwilioRestClient client = new TwilioRestClient.Builder(accountSid, authToken)
		    .httpClient(new NetworkHttpClient(http))
		    .build();
		// @formatter:on
		return client;
	}

}
