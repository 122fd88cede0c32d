package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.ExchangeObservation.ExchangeContext;
import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientHttpObservationDocumentation.LowCardinalityKeyNames;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.DefaultClientRequestObservationConvention;

/**
 * The names and keys of Spring's own convention, of what is known without a look at the
 * answer, and once for all requests of a URL.
 */
final class ExchangeObservationConvention extends DefaultClientRequestObservationConvention {

	private static final KeyValue SUCCESS = KeyValue.of(LowCardinalityKeyNames.OUTCOME, "SUCCESS");

	private volatile @Nullable Names last;

	private ExchangeObservationConvention(String name) {
		super(name);
	}

	/**
	 * Takes the place of Spring's own, which Boot sets, too; a convention of the
	 * application stays.
	 */
	static ClientRequestObservationConvention insteadOfDefault(
			@Nullable ClientRequestObservationConvention convention) {
		if (convention != null && convention.getClass() != DefaultClientRequestObservationConvention.class) {
			return convention;
		}
		String name = (convention != null) ? convention.getName() : null;
		return new ExchangeObservationConvention((name != null) ? name : "http.client.requests");
	}

	@Override
	protected KeyValue clientName(ClientRequestObservationContext context) {
		return names(context).client();
	}

	@Override
	protected KeyValue uri(ClientRequestObservationContext context) {
		return names(context).uri();
	}

	@Override
	protected KeyValue httpUrl(ClientRequestObservationContext context) {
		return names(context).url();
	}

	@Override
	protected KeyValue exception(ClientRequestObservationContext context) {
		return (context.getError() instanceof NamedFailure named)
				? KeyValue.of(LowCardinalityKeyNames.EXCEPTION, NamedFailure.typeOf(named)) : super.exception(context);
	}

	@Override
	protected KeyValue status(ClientRequestObservationContext context) {
		HttpStatusCode status = statusOf(context);
		return (status != null && !context.isAborted())
				? KeyValue.of(LowCardinalityKeyNames.STATUS, String.valueOf(status.value())) : super.status(context);
	}

	@Override
	protected KeyValue outcome(ClientRequestObservationContext context) {
		HttpStatusCode status = statusOf(context);
		return (status != null && status.is2xxSuccessful() && !context.isAborted()) ? SUCCESS : super.outcome(context);
	}

	private static @Nullable HttpStatusCode statusOf(ClientRequestObservationContext context) {
		return (context instanceof ExchangeContext exchange) ? exchange.status() : null;
	}

	private Names names(ClientRequestObservationContext context) {
		ApiPaths.Target target = (context instanceof ExchangeContext exchange) ? exchange.target() : null;
		Names names = this.last;
		if (names == null || names.target() != target) {
			names = new Names(target, super.clientName(context), super.uri(context), super.httpUrl(context));
			this.last = names;
		}
		return names;
	}

	/**
	 * What is the same for all requests there.
	 */
	private record Names(ApiPaths.@Nullable Target target, KeyValue client, KeyValue uri, KeyValue url) {

	}

}
