package io.github.twiliospring.messaging.webhook;

import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;

/**
 * Supplies what every status update has.
 */
final class BuiltInArgumentResolver implements CallbackArgumentResolver {

	@Override
	public boolean supports(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type == StatusUpdate.class || type == MessageStatus.class || type == MessageError.class
				|| isCallbackParameter(parameter);
	}

	@Override
	public @Nullable Object resolve(MethodParameter parameter, StatusUpdate update) {
		CallbackParameter annotation = parameter.getParameterAnnotation(CallbackParameter.class);
		if (annotation != null) {
			return update.parameter(annotation.value());
		}
		Class<?> type = parameter.getParameterType();
		if (type == StatusUpdate.class) {
			return update;
		}
		return (type == MessageStatus.class) ? update.status() : update.error();
	}

	private static boolean isCallbackParameter(MethodParameter parameter) {
		return parameter.getParameterType() == String.class
				&& parameter.hasParameterAnnotation(CallbackParameter.class);
	}

}
