package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;

class InMemoryLedgerContractTests extends CallbackLedgerContract {

	private final CallbackLedger ledger = new InMemoryCallbackLedger(1000, Duration.ofDays(1), Duration.ofHours(1),
			LONGEST_WAIT);

	@Override
	List<CallbackLedger> instances() {
		return List.of(this.ledger, this.ledger);
	}

}
