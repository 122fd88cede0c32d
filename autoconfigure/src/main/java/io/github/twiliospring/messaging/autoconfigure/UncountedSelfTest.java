package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.webhook.Webhooks;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/**
 * Keeps the webhook's self-test out of the server's metrics.
 */
final class UncountedSelfTest implements ObservationPredicate {

	private static final boolean SERVLET = ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest",
			UncountedSelfTest.class.getClassLoader());

	private final ObjectProvider<Webhooks> webhooks;

	UncountedSelfTest(ObjectProvider<Webhooks> webhooks) {
		this.webhooks = webhooks;
	}

	@Override
	public boolean test(String name, Observation.Context context) {
		if (SERVLET && ServletRequests.isSelfTest(this.webhooks, context)) {
			return false;
		}
		return !(context instanceof org.springframework.http.server.reactive.observation.ServerRequestObservationContext reactive)
				|| reactive.getCarrier() == null
				|| !this.webhooks.getObject().isSelfTest(reactive.getCarrier().getHeaders()::getFirst);
	}

	/**
	 * Apart, since servlets may be missing.
	 */
	private static final class ServletRequests {

		static boolean isSelfTest(ObjectProvider<Webhooks> webhooks, Observation.Context context) {
			return context instanceof org.springframework.http.server.observation.ServerRequestObservationContext servlet
					&& servlet.getCarrier() != null && webhooks.getObject().isSelfTest(servlet.getCarrier()::getHeader);
		}

	}

}
