package io.github.twiliospring.messaging.webhook;

import java.util.List;

/**
 * An annotated method as it's shown to an operator.
 *
 * @param annotation the annotation's simple name
 * @param handler bean, method and parameter types; also its name in the ledger
 * @param conditions what it asks for, empty for everything
 * @param blocking whether it's called on a thread that may block
 */
public record HandlerDescription(String annotation, String handler, List<String> conditions, boolean blocking) {

}
