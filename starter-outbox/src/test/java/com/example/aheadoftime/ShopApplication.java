package com.example.aheadoftime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxUpdate;
import io.github.twiliospring.messaging.outbox.OutboxUpdateEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * An application that sends one message, and ends.
 */
@SpringBootApplication(proxyBeanMethods = false)
class ShopApplication {

	static final String OUTCOME = "Heard by the method and the listener: ";

	public static void main(String[] arguments) {
		try (ConfigurableApplicationContext context = SpringApplication.run(ShopApplication.class, arguments)) {
			MessagingOutbox outbox = context.getBean(MessagingOutbox.class);
			outbox.send("ship-1", to("+15558675310").body("On its way"));
			outbox.awaitEnded("ship-1");
			System.out.println(OUTCOME + context.getBean(Updates.class).heard);
		}
	}

	@Component
	static class Updates {

		final List<String> heard = new CopyOnWriteArrayList<>();

		@OutboxUpdate
		void tell(OutboxEntry entry) {
			this.heard.add(entry.key() + " " + entry.state());
		}

		@EventListener
		void on(OutboxUpdateEvent event) {
			this.heard.add(event.entry().key() + " " + event.entry().state());
		}

	}

}
