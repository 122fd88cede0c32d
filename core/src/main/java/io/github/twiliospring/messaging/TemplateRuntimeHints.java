package io.github.twiliospring.messaging;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * What a native image has to know of templates: the builder that customizers are given is
 * a proxy, which calls the real one's methods by reflection.
 */
final class TemplateRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.proxies().registerJdkProxy(WebClient.Builder.class);
		hints.reflection().registerType(WebClient.Builder.class, MemberCategory.INVOKE_PUBLIC_METHODS);
	}

}
