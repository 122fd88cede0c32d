package io.github.twiliospring.messaging.autoconfigure;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Whether the webhook's own paths are tried: unless a property says so, not in tests,
 * whose servers come and go.
 */
final class OnSelfTest implements Condition {

	private static final String TESTS = "org.springframework.test.context.TestContextManager";

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return context.getEnvironment()
			.getProperty("twilio.messaging.webhook.self-test", Boolean.class,
					!ClassUtils.isPresent(TESTS, context.getClassLoader()));
	}

}
