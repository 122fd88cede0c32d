package io.github.twiliospring.messaging.benchmarks.startup;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.benchmarks.Usage;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The process of one application.
 */
public final class StartupProcess {

	private static final String SELF_TEST = "twilio-webhook-self-test";

	private StartupProcess() {
	}

	/**
	 * The start that Boot's ahead-of-time processing looks at.
	 * @param arguments the stack and the variant
	 */
	public static void main(String[] arguments) {
		serve(arguments[0], arguments[1]);
	}

	/**
	 * Starts the application and serves until the standard input ends. It answers
	 * {@code start}: its port, and the nanoseconds of CPU that the starting thread took;
	 * and {@code memory}: live heap, resident memory, loaded classes and threads.
	 * @param stack {@code reactive} or {@code servlet}
	 * @param variant which application
	 */
	public static void serve(String stack, String variant) {
		Class<?> application = switch (StartupClassPath.Variant.valueOf(variant)) {
			case BARE -> BareApplication.class;
			case WEB_CLIENT -> WebClientApplication.class;
			case STARTER -> StarterApplication.class;
		};
		ConfigurableApplicationContext context = new SpringApplicationBuilder(application).main(StartupProcess.class)
			.web(WebApplicationType.valueOf(stack.toUpperCase(Locale.ROOT)))
			.properties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "warn", "server.port", 0,
					"twilio.account-sid", Fixtures.ACCOUNT_SID, "twilio.auth-token", Fixtures.AUTH_TOKEN,
					"twilio.messaging.from", Fixtures.FROM))
			.run();
		long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
		Child.serve((question) -> switch (question[0]) {
			case "start" -> context.getEnvironment().getProperty("local.server.port") + " " + cpu;
			default -> memory();
		});
	}

	// The self-test may still be under way, and loads classes.
	private static String memory() {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().equals(SELF_TEST)) {
				try {
					thread.join();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}
		return Usage.liveHeapBytes() + " " + Usage.residentMemory() + " "
				+ ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount() + " "
				+ ManagementFactory.getThreadMXBean().getThreadCount();
	}

}
