package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.OptOutType;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.SpringApplication;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The same application on either stack, on a free port: what the starter brings, and two
 * methods.
 */
final class WebhookApplication implements AutoCloseable {

	static final String TOKEN = "token";

	static final String PATH = "/twilio/status";

	private static final String[] JETTY = {
			"org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration",
			"org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration",
			"org.springframework.boot.jetty.autoconfigure.actuate.web.server.JettyServletManagementContextAutoConfiguration",
			"org.springframework.boot.jetty.autoconfigure.actuate.web.server.JettyReactiveManagementContextAutoConfiguration" };

	private static final String[] TOMCAT = {
			"org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration",
			"org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration" };

	private static final String[] SECURITY = {
			"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration" };

	private final ConfigurableApplicationContext context;

	/**
	 * Which server takes the requests.
	 */
	enum Server {

		TOMCAT(WebApplicationType.SERVLET, WebhookApplication.JETTY),
		JETTY(WebApplicationType.SERVLET, WebhookApplication.TOMCAT),
		NETTY(WebApplicationType.REACTIVE, WebhookApplication.JETTY);

		private final WebApplicationType stack;

		private final String[] others;

		Server(WebApplicationType stack, String[] others) {
			this.stack = stack;
			this.others = others;
		}

	}

	private WebhookApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static WebhookApplication start(WebApplicationType stack, boolean security, String... properties) {
		return start(stack, security, Handlers.class, properties);
	}

	static WebhookApplication start(WebApplicationType stack, boolean security, Class<?> handlers,
			String... properties) {
		return start((stack == WebApplicationType.SERVLET) ? Server.TOMCAT : Server.NETTY, security, handlers,
				properties);
	}

	static WebhookApplication start(Server server, boolean security, Class<?> handlers, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.main.banner-mode=off",
				"spring.jmx.enabled=false", "spring.reactor.netty.shutdown-quiet-period=0s",
				"twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=" + TOKEN,
				"spring.mvc.hiddenmethod.filter.enabled=true", "spring.webflux.hiddenmethod.filter.enabled=true",
				"twilio.messaging.webhook.request.body-timeout=1s"));
		List<String> excluded = new ArrayList<>(List.of(server.others));
		if (!security) {
			excluded.addAll(List.of(SECURITY));
		}
		all.add("spring.autoconfigure.exclude=" + String.join(",", excluded));
		all.addAll(List.of(properties));
		// Of a property that's given twice, the last value counts.
		Map<String, String> arguments = new LinkedHashMap<>();
		all.forEach((property) -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
		SpringApplication application = new SpringApplication(handlers, Base.class);
		application.setWebApplicationType(server.stack);
		return new WebhookApplication(application.run(arguments.values().toArray(String[]::new)));
	}

	int port() {
		return Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port"));
	}

	/**
	 * Stops what Spring may stop, and starts it again, on another port.
	 */
	void pauseAndResume() {
		this.context.stop();
		this.context.start();
	}

	int managementPort() {
		return this.context.getEnvironment().getProperty("local.management.port", Integer.class, port());
	}

	/**
	 * How many of Tomcat's threads have work.
	 */
	int busyThreads() {
		WebServer server = ((WebServerApplicationContext) this.context).getWebServer();
		Executor executor = ((TomcatWebServer) server).getTomcat().getConnector().getProtocolHandler().getExecutor();
		return ((ThreadPoolExecutor) executor).getActiveCount();
	}

	Handlers handlers() {
		return this.context.getBean(Handlers.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Base {

	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		final Map<String, List<StatusUpdate>> reactive = new ConcurrentHashMap<>();

		final Map<String, List<StatusUpdate>> blocking = new ConcurrentHashMap<>();

		final List<Thread> threads = new CopyOnWriteArrayList<>();

		final List<Boolean> onEventLoop = new CopyOnWriteArrayList<>();

		private final AtomicInteger answers = new AtomicInteger();

		@Bean
		Blocking blockingHandler() {
			return new Blocking(this);
		}

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return Mono.fromRunnable(() -> add(this.reactive, update));
		}

		@InboundMessage
		Reply answer(IncomingMessage message) {
			return Reply.text(message.body() + " " + this.answers.incrementAndGet());
		}

		@InboundMessage(optOut = OptOutType.STOP)
		Reply part(OptOutType type) {
			return Reply.text("taken for " + type).to("+15005550009");
		}

		static void add(Map<String, List<StatusUpdate>> to, StatusUpdate update) {
			to.computeIfAbsent(update.messageSid(), (sid) -> new CopyOnWriteArrayList<>()).add(update);
		}

		/**
		 * What both methods had of a message, once they had the same.
		 */
		List<MessageStatus> statusesOf(String sid) {
			List<MessageStatus> statuses = statuses(this.reactive, sid);
			if (!statuses.equals(statuses(this.blocking, sid))) {
				throw new AssertionError("One of two methods had less than the other: " + this.reactive.get(sid) + ", "
						+ this.blocking.get(sid));
			}
			return statuses;
		}

		private static List<MessageStatus> statuses(Map<String, List<StatusUpdate>> from, String sid) {
			return from.getOrDefault(sid, List.of()).stream().map(StatusUpdate::status).toList();
		}

	}

	static class Blocking {

		private final Handlers handlers;

		Blocking(Handlers handlers) {
			this.handlers = handlers;
		}

		@StatusCallback
		void track(StatusUpdate update) {
			this.handlers.threads.add(Thread.currentThread());
			this.handlers.onEventLoop.add(Schedulers.isInNonBlockingThread());
			Handlers.add(this.handlers.blocking, update);
		}

	}

}
