package io.github.twiliospring.messaging.simulator.control;

import java.time.Duration;
import java.util.Locale;

import io.github.twiliospring.messaging.simulator.fault.CallbackFault;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.fault.Faults;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;

/**
 * Reads faults from a control request.
 */
final class FaultParameters {

	private FaultParameters() {
	}

	static void add(Faults faults, ControlParameters parameters) {
		int times = parameters.integer("times", -1);
		Target target = (parameters.text("target") != null) ? parameters.oneOf("target", Target.class) : Target.API;
		if (target == Target.CALLBACKS) {
			for (String ofCalls : new String[] { "status", "retry_after", "share", "method" }) {
				if (parameters.text(ofCalls) != null) {
					throw new MalformedRequestException("'" + ofCalls + "' is for faults of the API, not of callbacks");
				}
			}
			faults.add(new CallbackFault(parameters.oneOf("kind", CallbackFault.Kind.class),
					parameters.duration("delay", Duration.ZERO), times, parameters.text("account_sid")));
			return;
		}
		Fault.Kind kind = parameters.oneOf("kind", Fault.Kind.class);
		String method = parameters.text("method");
		Fault.Scope scope = new Fault.Scope(times, parameters.number("share", 1),
				(method != null) ? method.toUpperCase(Locale.ROOT) : null, parameters.text("account_sid"));
		faults.add(new Fault(kind, parameters.integer("status", (kind == Fault.Kind.STATUS) ? 500 : 0),
				parameters.text("retry_after"), parameters.duration("delay", Duration.ZERO), scope));
	}

	/** What a fault strikes. */
	enum Target {

		API, CALLBACKS

	}

}
