package io.github.twiliospring.messaging;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * What the application adds to each request: all that can be taken from a
 * {@code WebClient.Builder}.
 *
 * @param filter all filters, the first one outermost, or {@code null} for none
 * @param headers those of a request without a body, but for its credentials
 * @param formHeaders those of a form
 * @param cookies default cookies
 * @param observation what observes exchanges
 */
record RequestCustomizations(@Nullable ExchangeFilterFunction filter, HttpHeaders headers, HttpHeaders formHeaders,
		MultiValueMap<String, String> cookies, ExchangeObservation.Source observation) {

	private static final Log logger = LogFactory.getLog(RequestCustomizations.class);

	/**
	 * Runs customizers on a builder that takes what it can, and says what it can't.
	 * @param registry what observes exchanges, unless a customizer names another
	 * @param customizers the customizers
	 */
	static RequestCustomizations of(ObservationRegistry registry,
			List<? extends Consumer<? super WebClient.Builder>> customizers) {
		Recorder recorder = new Recorder(registry);
		WebClient.Builder builder = recorder.proxy();
		for (Consumer<? super WebClient.Builder> customizer : customizers) {
			recorder.customizer = customizer;
			customizer.accept(builder);
		}
		return recorder.result();
	}

	ApiRequest request(ApiCall<?> call) {
		ApiRequest request = ApiRequest.of(call, (call.form() != null) ? this.formHeaders : this.headers, this.cookies);
		return (this.filter != null) ? request.shown() : request;
	}

	/**
	 * Notes what a builder gives out to nobody. A proxy, so that methods which Spring
	 * adds later are passed on, too.
	 */
	private static final class Recorder implements InvocationHandler {

		private static final Set<String> NOT_TAKEN = Set.of("defaultRequest", "defaultStatusHandler",
				"exchangeFunction", "defaultApiVersion", "apiVersionInserter");

		private final WebClient.Builder target = WebClient.builder();

		private ObservationRegistry registry;

		private @Nullable ClientRequestObservationConvention convention;

		private @Nullable Object customizer;

		Recorder(ObservationRegistry registry) {
			this.registry = registry;
		}

		WebClient.Builder proxy() {
			return (WebClient.Builder) Proxy.newProxyInstance(WebClient.class.getClassLoader(),
					new Class<?>[] { WebClient.Builder.class }, this);
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
				throws Throwable {
			String name = method.getName();
			if (arguments != null && arguments.length > 0) {
				if (arguments[0] instanceof ObservationRegistry given) {
					this.registry = given;
				}
				else if (arguments[0] instanceof ClientRequestObservationConvention given) {
					this.convention = given;
				}
				else if (name.equals("apply") && arguments[0] instanceof Consumer<?> consumer) {
					Object outer = this.customizer;
					this.customizer = consumer;
					apply(consumer, (WebClient.Builder) proxy);
					this.customizer = outer;
					return proxy;
				}
			}
			if (NOT_TAKEN.contains(name)) {
				logger.warn("%s calls %s of WebClient.Builder, which has no effect on calls of the messaging API"
					.formatted(String.valueOf(this.customizer), name));
			}
			try {
				Object result = method.invoke(this.target, arguments);
				return (result == this.target) ? proxy : result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}

		// Headers that are made of others would write into these.
		private static HttpHeaders constant(HttpHeaders headers) {
			MultiValueMap<String, String> values = CollectionUtils
				.toMultiValueMap(new LinkedCaseInsensitiveMap<>(8, Locale.ENGLISH));
			headers.forEach((name, all) -> values.put(name, List.copyOf(all)));
			return HttpHeaders.readOnlyHttpHeaders(CollectionUtils.unmodifiableMultiValueMap(values));
		}

		@SuppressWarnings("unchecked")
		private static void apply(Consumer<?> consumer, WebClient.Builder builder) {
			((Consumer<WebClient.Builder>) consumer).accept(builder);
		}

		RequestCustomizations result() {
			List<ExchangeFilterFunction> filters = new ArrayList<>();
			HttpHeaders headers = new HttpHeaders();
			MultiValueMap<String, String> cookies = new LinkedMultiValueMap<>();
			this.target.filters(filters::addAll)
				.defaultHeaders((given) -> headers.addAll(given))
				.defaultCookies((given) -> cookies.addAll(given));
			headers.set(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
			HttpHeaders formHeaders = new HttpHeaders();
			formHeaders.addAll(headers);
			formHeaders.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_FORM_URLENCODED_VALUE);
			return new RequestCustomizations(filters.stream().reduce(ExchangeFilterFunction::andThen).orElse(null),
					constant(headers), constant(formHeaders), CollectionUtils.unmodifiableMultiValueMap(cookies),
					new ExchangeObservation.Source(this.registry, this.convention));
		}

	}

}
