package io.github.twiliospring.messaging.simulator.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts a simulator in place of the API in a Spring test: one for each application
 * context, on a free port, wired by
 * {@link io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails}, and
 * reset before each test method, unless another test that runs at the same time shares
 * the context. It reports to the test's own web server: the property
 * {@code twilio.messaging.webhook.public-url} is emptied. Nested test classes inherit it.
 * The {@link io.github.twiliospring.messaging.simulator.TwilioSimulator} is there to
 * inject.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface EnableTwilioSimulator {

	/**
	 * What moves the simulator's time.
	 * @return the system's clock, on which messages move by themselves and which can be
	 * moved ahead as well, or one that the test alone moves
	 */
	TwilioSimulatorProperties.Clock clock() default TwilioSimulatorProperties.Clock.SYSTEM;

}
