package io.github.twiliospring.messaging.benchmarks.scale;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.SendResult;
import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.benchmarks.Report;
import io.github.twiliospring.messaging.benchmarks.Usage;
import io.github.twiliospring.messaging.benchmarks.send.StarterTemplate;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One of the things that may grow, in a process of its own.
 */
public final class ScaleStep {

	private static final int ROWS = 10;

	private ScaleStep() {
	}

	/**
	 * Serves until the standard input ends.
	 * @param step {@code send-all}, {@code back-off} or {@code ledger}
	 * @param arguments what it needs
	 */
	public static void serve(String step, List<String> arguments) {
		switch (step) {
			case "send-all" -> sendAll(arguments.get(0), Integer.parseInt(arguments.get(1)));
			case "back-off" -> backOff(arguments.get(0), Integer.parseInt(arguments.get(1)));
			default -> ledger(Integer.parseInt(arguments.get(0)));
		}
	}

	private static void sendAll(String baseUrl, int messages) {
		MessagingTemplate template = StarterTemplate.unobserved(baseUrl, Map.of());
		Child.serve((question) -> {
			Report table = new Report("messages", "messages/s of this tenth", "heap MiB, live", "resident MiB",
					"threads");
			Progress progress = new Progress(table, messages / ROWS);
			template.sendAll(Flux.range(0, messages).map(ScaleStep::message)).doOnNext(progress::sent).blockLast();
			System.out.printf("sendAll of %d messages%n", messages);
			table.print();
			return "done";
		});
	}

	private static OutboundMessage message(long number) {
		return OutboundMessage.to(Fixtures.recipient(number)).body(Fixtures.BODY).build();
	}

	private static void backOff(String baseUrl, int waiting) {
		MessagingTemplate template = StarterTemplate.unobserved(baseUrl,
				Map.of("twilio.messaging.retry.budget", waiting, "twilio.messaging.client.pool.max-pending", waiting));
		Flux.range(0, waiting).flatMap((number) -> template.send(message(number))).blockLast();
		CompletableFuture<Long> all = new CompletableFuture<>();
		Child.serve((question) -> switch (question[0]) {
			case "begin" -> {
				Flux.range(0, waiting)
					.flatMap((number) -> template.send(message(number)), waiting)
					.count()
					.subscribe(all::complete, all::completeExceptionally);
				yield "begun";
			}
			case "finish" -> {
				if (all.join() != waiting) {
					throw new IllegalStateException("Some weren't sent");
				}
				yield "finished";
			}
			case "measure" -> question[1] + " " + ManagementFactory.getThreadMXBean().getThreadCount() + " "
					+ Report.number(Usage.liveHeapBytes() / (1024.0 * 1024), 1) + " "
					+ Report.mebibytes(Usage.residentMemory());
			default -> throw new IllegalArgumentException(question[0]);
		});
	}

	private static void ledger(int entries) {
		Child.serve((question) -> {
			Report table = new Report("entries", "bytes each", "ns, new", "ns, duplicate", "ns, next status");
			InMemoryCallbackLedger ledger = new InMemoryCallbackLedger(entries, Duration.ofDays(10));
			long empty = Usage.liveHeapBytes();
			int step = entries / ROWS;
			for (int from = 0; from < entries; from += step) {
				long fresh = time(ledger, from, step, MessageStatus.SENT, Verdict.HANDLED);
				long heap = Usage.liveHeapBytes() - empty;
				long again = time(ledger, from, step, MessageStatus.SENT, Verdict.DUPLICATE);
				long later = time(ledger, from, step, MessageStatus.DELIVERED, Verdict.HANDLED);
				table.row(from + step, Report.number((double) heap / (from + step), 0), fresh, again, later);
			}
			System.out.println("Ledger in memory; the first row is cold");
			table.print();
			return "done";
		});
	}

	private static long time(InMemoryCallbackLedger ledger, int from, int count, MessageStatus status,
			Verdict expected) {
		StatusMark mark = StatusMark.of(status, status.value(), false);
		long start = System.nanoTime();
		for (int i = from; i < from + count; i++) {
			// Each request brings its own strings, the handler's is shared.
			LedgerKey key = new LedgerKey(new String(Fixtures.ACCOUNT_SID), Fixtures.messageSid(i),
					"orderUpdates.track(StatusUpdate)");
			Verdict verdict = ledger.handleOnce(key, mark, Mono.empty()).block();
			if (verdict != expected) {
				throw new IllegalStateException(verdict + " for entry " + i);
			}
		}
		return (System.nanoTime() - start) / count;
	}

	/**
	 * Prints a row for each tenth.
	 */
	private static final class Progress {

		private final Report table;

		private final int step;

		private int sent;

		private long start = System.nanoTime();

		Progress(Report table, int step) {
			this.table = table;
			this.step = step;
		}

		void sent(SendResult result) {
			if (result.failure() != null) {
				throw Objects.requireNonNull(result.failure());
			}
			if (++this.sent % this.step == 0) {
				long taken = System.nanoTime() - this.start;
				this.table.row(this.sent, Report.number(this.step * 1e9 / taken, 0),
						Report.number(Usage.liveHeapBytes() / (1024.0 * 1024), 1),
						Report.mebibytes(Usage.residentMemory()), ManagementFactory.getThreadMXBean().getThreadCount());
				this.start = System.nanoTime();
			}
		}

	}

}
