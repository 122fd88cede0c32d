package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import reactor.core.publisher.Mono;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * An instance of an application that sends what others have written, until it's killed.
 */
final class SenderProcess {

	private SenderProcess() {
	}

	/**
	 * Runs it.
	 * @param arguments the database's URL, the API's, and perhaps where it comes to a
	 * standstill, which it says
	 */
	public static void main(String[] arguments) throws InterruptedException {
		String point = (arguments.length > 2) ? arguments[2] : "nowhere";
		MessagingTemplateBuilder messaging = TestOutbox.template(arguments[1]).deadline(Duration.ofSeconds(30));
		switch (point) {
			case "before-the-write" -> messaging.filter((request, next) -> standstill(point));
			case "before-the-mark" ->
				messaging.filter((request, next) -> next.exchange(request).flatMap((answer) -> standstill(point)));
			default -> messaging.deadline(Duration.ofSeconds(10));
		}
		TestOutbox instance = TestOutbox.of(arguments[0], messaging,
				(builder) -> builder.inFlight(4).shutdownTimeout(Duration.ofSeconds(30)));
		if (point.equals("amid-the-insert")) {
			insert(instance.outbox);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(instance::close));
		instance.start();
		System.out.println("started");
		Thread.sleep(Long.MAX_VALUE);
	}

	private static void insert(MessagingOutbox outbox) {
		Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
		outbox.sendAll(IntStream.range(0, 1000).mapToObj((number) -> {
			if (number == 700) {
				standstill("amid-the-insert").block();
			}
			return OutboxRequest.of("entry-" + number, to("+15558675310").body("Number " + number)).at(tomorrow);
		}));
	}

	private static <T> Mono<T> standstill(String point) {
		return Mono.defer(() -> {
			System.out.println(point);
			return Mono.never();
		});
	}

}
