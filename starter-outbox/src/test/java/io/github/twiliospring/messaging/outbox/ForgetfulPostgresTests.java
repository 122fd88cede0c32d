package io.github.twiliospring.messaging.outbox;

import java.time.Duration;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.testsupport.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A PostgreSQL with {@code synchronous_commit=off}, which tells of a commit before it has
 * written it down.
 */
class ForgetfulPostgresTests {

	private static final String CUSTOMER = "+15558675310";

	@Test
	void aMessageGoesOutOnceWhereTheServerForgetsWhatItCommittedLast() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setPort(FreePort.find())
			.setPGStartupWait(Duration.ofMinutes(1))
			.setServerConfig("synchronous_commit", "off")
			// As late as can be. By default it's 200 ms.
			.setServerConfig("wal_writer_delay", "10s")
			.start();
				TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(server.getJdbcUrl("postgres", "postgres"), TestOutbox.template(simulator.baseUrl().toString()),
							(builder) -> builder.unresolvedAfter(TestOutbox.TIMEOUT))
					.withSchema("postgresql")) {
			simulator.inject(Fault.hang().times(1).on("POST"));
			test.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			test.database.sql("checkpoint").update();
			test.start();
			simulator.awaitMessage(MessageMatcher.sentTo(CUSTOMER), TestOutbox.TIMEOUT);
			killAConnection(test);
			await().atMost(TestOutbox.TIMEOUT)
				// While it isn't there.
				.ignoreExceptions()
				.until(() -> test.entry("ship-1").state() == OutboxState.SENT);
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	// As the system does that is out of memory: the server begins anew, with what is
	// written down.
	private static void killAConnection(TestOutbox test) {
		long pid = test.database.sql("select pg_backend_pid()").query(Long.class).single();
		assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
	}

}
