package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

/**
 * What a request whose signature is valid carried.
 *
 * @param parameters the decoded form, empty where the body is none
 * @param query the decoded query of the URL
 */
record GenuineRequest(Map<String, List<String>> parameters, Map<String, List<String>> query) {

	@Override
	public String toString() {
		return "GenuineRequest[" + this.parameters.size() + " parameters]";
	}

}
