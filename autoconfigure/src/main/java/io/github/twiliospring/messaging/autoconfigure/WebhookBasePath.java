package io.github.twiliospring.messaging.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The path that precedes every path of the application.
 *
 * @param value begins with a slash and doesn't end with one, or is empty
 */
record WebhookBasePath(String value) {

	static WebhookBasePath of(@Nullable String property) {
		return new WebhookBasePath((property != null) ? StringUtils.trimTrailingCharacter(property.trim(), '/') : "");
	}

}
