package io.github.twiliospring.messaging.benchmarks.startup;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.benchmarks.Usage;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The process of one application.
 */
public final class StartupProcess {

	private StartupProcess() {
	}

	/**
	 * Starts the application and serves until the standard input ends. It answers
	 * {@code memory}: live heap, resident memory, loaded classes and threads.
	 * @param stack {@code reactive} or {@code servlet}
	 * @param variant which application
	 */
	public static void serve(String stack, String variant) {
		Class<?> application = switch (StartupClassPath.Variant.valueOf(variant)) {
			case BARE -> BareApplication.class;
			case WEB_CLIENT -> WebClientApplication.class;
			case STARTER -> StarterApplication.class;
		};
		new SpringApplicationBuilder(application).web(WebApplicationType.valueOf(stack.toUpperCase(Locale.ROOT)))
			.properties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "warn", "server.port", 0,
					"twilio.account-sid", Fixtures.ACCOUNT_SID, "twilio.auth-token", Fixtures.AUTH_TOKEN,
					"twilio.messaging.from", Fixtures.FROM))
			.run();
		Child.serve((question) -> Usage.liveHeapBytes() + " " + Usage.residentMemory() + " "
				+ ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() + " "
				+ ManagementFactory.getThreadMXBean().getThreadCount());
	}

}
