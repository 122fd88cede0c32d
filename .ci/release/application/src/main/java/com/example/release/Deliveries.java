package com.example.release;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;

import org.springframework.stereotype.Component;

@Component
class Deliveries {

	private final Set<String> references = new TreeSet<>();

	@StatusCallback(MessageStatus.DELIVERED)
	synchronized void track(StatusUpdate update) {
		this.references.add(update.reference());
		notifyAll();
	}

	synchronized void await(String reference, Duration patience) throws InterruptedException {
		long end = System.nanoTime() + patience.toNanos();
		while (!this.references.contains(reference)) {
			long left = (end - System.nanoTime()) / 1_000_000;
			if (left <= 0) {
				throw new IllegalStateException("Not delivered: " + reference);
			}
			wait(left);
		}
	}

	@Override
	public synchronized String toString() {
		return String.join(" and ", this.references);
	}

}
