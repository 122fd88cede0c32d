package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every state that entries were in, as PostgreSQL or MariaDB committed them. In MariaDB
 * it knows no times.
 */
final class Journal {

	private static final List<String> POSTGRESQL = List.of("""
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
			 when (old.state <> new.state) execute function journal()""");

	private static final List<String> MARIADB = List.of("""
			create table journal (number bigint auto_increment primary key, message_key varchar(100),
			 state varchar(12))""", """
			create trigger journal_insert after insert on twilio_outbox for each row
			 insert into journal (message_key, state) values (new.message_key, new.state)""", """
			create trigger journal_update after update on twilio_outbox for each row
			 insert into journal (message_key, state)
			 select new.message_key, new.state from dual where old.state <> new.state""");

	private final JdbcClient database;

	Journal(TestOutbox test) {
		this.database = test.database;
		boolean mariaDb = Dialect.of(test.dataSource) == Dialect.MYSQL;
		for (String statement : mariaDb ? MARIADB : POSTGRESQL) {
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
	 * The entries that became unknown for a reason, sooner than in a time after the state
	 * before.
	 */
	List<String> unknown(String problem, Duration sooner) {
		return this.database.sql("""
				select message_key from (select message_key, state, problem,
				 at - lag(at) over (partition by message_key order by number) as taken from journal) as states
				 where state = 'unknown' and problem = :problem and taken < make_interval(secs => :seconds)""")
			.param("problem", problem)
			.param("seconds", sooner.toMillis() / 1000.0)
			.query(String.class)
			.list();
	}

	/**
	 * How many states there were until now.
	 */
	long states() {
		return this.database.sql("select coalesce(max(number), 0) from journal").query(Long.class).single();
	}

	/**
	 * How long after its time the latest entry was sent, in milliseconds.
	 * @param states after how many states
	 */
	long latest(long states) {
		return this.database.sql("""
				select coalesce(max(extract(epoch from at - due) * 1000), 0)::bigint from journal
				 where state = 'sent' and number > :states""").param("states", states).query(Long.class).single();
	}

}
