package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import io.github.twiliospring.messaging.outbox.OnUnresolved;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The outbox, where {@code twilio-messaging-outbox} is there.
 *
 * @param onUnresolved What becomes of an entry of which nobody could find out whether its
 * message exists.
 * @param giveUpAfter How long after its time an entry is still worth sending.
 * @param unresolvedAfter How long it's tried to find out whether a message exists.
 * @param retention How long an entry that has ended is kept.
 * @param keepContent Whether an entry that has ended keeps number and text.
 * @param events Whether an OutboxUpdateEvent is published, too, when an entry reaches a
 * state that methods hear of.
 * @param pause Pauses between attempts that surely sent nothing.
 * @param handlerLimit How long @OutboxUpdate methods may take for an entry, before
 * they're interrupted and called again later.
 * @param relay What sends the entries.
 */
@ConfigurationProperties("twilio.messaging.outbox")
public record TwilioOutboxProperties(@DefaultValue("hold") OnUnresolved onUnresolved,
		@DefaultValue("24h") Duration giveUpAfter, @DefaultValue("15m") Duration unresolvedAfter,
		@DefaultValue("30d") Duration retention, @DefaultValue("false") boolean keepContent,
		@DefaultValue("false") boolean events, @DefaultValue Pause pause, @DefaultValue("10m") Duration handlerLimit,
		@DefaultValue Relay relay) {

	/**
	 * Pauses between attempts that surely sent nothing.
	 *
	 * @param first The first pause. Each is twice as long as the one before, a quarter
	 * more or less.
	 * @param longest The longest pause.
	 */
	public record Pause(@DefaultValue("5s") Duration first, @DefaultValue("5m") Duration longest) {

	}

	/**
	 * What sends the entries.
	 *
	 * @param inFlight How many entries an instance sends at a time.
	 * @param pollInterval How often an instance looks for due entries, beside those that
	 * it wrote itself.
	 * @param heartbeat How often an instance says that it's alive. After four times as
	 * long, another takes over what it has.
	 * @param shutdownTimeout How long stopping waits for what is being sent. Has to be
	 * longer than the deadline of the client.
	 */
	public record Relay(@DefaultValue("16") int inFlight, @DefaultValue("1s") Duration pollInterval,
			@DefaultValue("5s") Duration heartbeat, @DefaultValue("40s") Duration shutdownTimeout) {

	}

}
