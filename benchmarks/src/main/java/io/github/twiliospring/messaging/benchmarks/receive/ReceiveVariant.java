package io.github.twiliospring.messaging.benchmarks.receive;

import org.springframework.boot.WebApplicationType;

/**
 * The endpoints that are compared, on either stack.
 */
enum ReceiveVariant {

	/** The starter's: signature, ledger, annotated method. */
	STARTER_WEBFLUX("starter", WebApplicationType.REACTIVE, StarterApplications.Reactive.class, true),

	/** A form, read and answered. */
	BARE_WEBFLUX("bare form endpoint", WebApplicationType.REACTIVE, PeerApplications.BareReactive.class, false),

	/** A form, checked by the provider's validator. */
	PROVIDER_WEBFLUX("provider's validator", WebApplicationType.REACTIVE, PeerApplications.CheckedReactive.class,
			false),

	/** The starter's: signature, ledger, annotated method. */
	STARTER_SERVLET("starter", WebApplicationType.SERVLET, StarterApplications.Servlet.class, true),

	/** A form, read and answered. */
	BARE_SERVLET("bare form endpoint", WebApplicationType.SERVLET, PeerApplications.BareServlet.class, false),

	/** A form, checked by the provider's validator. */
	PROVIDER_SERVLET("provider's validator", WebApplicationType.SERVLET, PeerApplications.CheckedServlet.class, false);

	private final String title;

	private final WebApplicationType stack;

	private final Class<?> application;

	private final boolean starter;

	ReceiveVariant(String title, WebApplicationType stack, Class<?> application, boolean starter) {
		this.title = title;
		this.stack = stack;
		this.application = application;
		this.starter = starter;
	}

	String title() {
		return this.title;
	}

	WebApplicationType stack() {
		return this.stack;
	}

	Class<?> application() {
		return this.application;
	}

	boolean starter() {
		return this.starter;
	}

}
