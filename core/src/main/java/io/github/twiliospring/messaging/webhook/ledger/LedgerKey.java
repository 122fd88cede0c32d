package io.github.twiliospring.messaging.webhook.ledger;

/**
 * What a mark is kept for.
 *
 * @param accountSid the account
 * @param messageSid the message
 * @param handler a name of the handler that is the same in every instance and after a
 * restart
 */
public record LedgerKey(String accountSid, String messageSid, String handler) {

}
