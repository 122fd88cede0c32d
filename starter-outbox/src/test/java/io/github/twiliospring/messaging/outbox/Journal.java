package io.github.twiliospring.messaging.outbox;

import java.util.List;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every state that entries were in, as PostgreSQL committed them.
 */
final class Journal {

	private final JdbcClient database;

	Journal(TestOutbox test) {
		this.database = test.database;
		for (String statement : List.of("""
				create table journal (number bigserial, message_key varchar(100), state varchar(12),
				 problem varchar(200), due timestamptz, at timestamptz default clock_timestamp())""", """
				create function journal() returns trigger language plpgsql as $$
				begin
				  insert into journal (message_key, state, problem, due)
				   values (new.message_key, new.state, new.problem, new.send_at);
				  return null;
				end $$""", """
				create trigger journal_insert after insert on twilio_outbox for each row
				 execute function journal()""", """
				create trigger journal_update after update on twilio_outbox for each row
				 when (old.state <> new.state) execute function journal()""")) {
			this.database.sql(statement).update();
		}
	}

	/**
	 * The states of an entry, one after the other.
	 */
	String of(String key) {
		return this.database.sql("select state from journal where message_key = :key order by number")
			.param("key", key)
			.query(String.class)
			.list()
			.stream()
			.collect(Collectors.joining(" → "));
	}

	/**
	 * How often an entry came into a state.
	 */
	int count(String state) {
		return this.database.sql("select count(*) from journal where state = :state")
			.param("state", state)
			.query(Integer.class)
			.single();
	}

	/**
	 * How often entries became unknown for a reason.
	 */
	int unknown(String problem) {
		return this.database.sql("select count(*) from journal where state = 'unknown' and problem = :problem")
			.param("problem", problem)
			.query(Integer.class)
			.single();
	}

	/**
	 * How long after its time the latest entry was sent, in milliseconds.
	 */
	long latest() {
		return this.database.sql(
				"select coalesce(max(extract(epoch from at - due) * 1000), 0)::bigint from journal where state = 'sent'")
			.query(Long.class)
			.single();
	}

}
