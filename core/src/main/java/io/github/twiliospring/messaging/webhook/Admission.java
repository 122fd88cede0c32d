package io.github.twiliospring.messaging.webhook;

/**
 * What the gate says about a request.
 */
sealed interface Admission {

	/**
	 * The request is genuine.
	 *
	 * @param request the request
	 * @param genuine what it carried
	 */
	record Admitted(WebhookRequest request, GenuineRequest genuine) implements Admission {

	}

	/**
	 * The request reaches no application code.
	 *
	 * @param answer what it's answered
	 */
	record Refused(WebhookResponse answer) implements Admission {

	}

}
