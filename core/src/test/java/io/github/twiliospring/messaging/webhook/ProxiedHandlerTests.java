package io.github.twiliospring.messaging.webhook;

import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.elsewhere.PackagePrivateTracker;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.SmartClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Annotated methods of beans that are proxies: called on the bean, or refused with what
 * to do about it.
 */
class ProxiedHandlerTests {

	private static final String URL = "https://shop.example.com/twilio/status";

	private static final List<String> seen = new CopyOnWriteArrayList<>();

	@ParameterizedTest
	@ValueSource(classes = { FinalMethod.class, FinalMethodBehindAScope.class })
	void failsTheStartupWhereAClassProxyWouldCallAFinalMethodOnItself(Class<?> configuration) {
		assertThatFailure(configuration).withMessageContaining("it's final")
			.withMessageContaining("make it non-final, or move it");
	}

	@Test
	void failsTheStartupWhereAClassProxyWouldCallAPrivateMethodOnItself() {
		assertThatFailure(PrivateMethod.class).withMessageContaining("it's private")
			.withMessageContaining("make it package-private or public")
			.withMessageNotContaining("JDK");
	}

	@ParameterizedTest
	@ValueSource(classes = { AnotherPackage.class, AnotherClassLoader.class })
	void failsTheStartupWhereAClassProxyCannotSeeAMethodThatIsPackagePrivate(Class<?> configuration) {
		assertThatFailure(configuration).withMessageContaining("package-private in another package or class loader")
			.withMessageContaining("make it public or protected");
	}

	@Test
	void failsTheStartupWhereNoInterfaceOfAJdkProxyDeclaresTheMethod() {
		assertThatFailure(NotOfTheInterface.class).withMessageContaining("declare it in an interface");
	}

	@Test
	void refusesTheCallWhereALazyBeanTurnsOutToBeSuchAProxy() {
		assertThat(handle(LazyFinalMethod.class)).isEqualTo(500);
		assertThat(seen).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(classes = { StaticMethods.class, FinalClassByInterface.class, FinalClassUnproxied.class,
			FinalMethodOfAConfiguration.class, ProtectedMethodOfAnotherClassLoader.class, LazyBeans.class })
	void callsTheMethodOnTheBean(Class<?> configuration) {
		assertThat(handle(configuration)).isEqualTo(204);
		assertThat(seen).isNotEmpty().containsOnly("field");
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<InvalidHandlerException> assertThatFailure(
			Class<?> configuration) {
		return assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> new AnnotationConfigApplicationContext(configuration).close());
	}

	private static int handle(Class<?> configuration) {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(configuration)) {
			StatusUpdateDispatcher dispatcher = new StatusUpdateDispatcher(
					context.getBean(StatusCallbackHandlers.class), new InMemoryCallbackLedger(100, Duration.ofDays(1)),
					Pools.pool(), null, Clock.systemUTC());
			WebhookEndpoint endpoint = WebhookEndpoint.forStatus(
					new WebhookGate(new RequestValidator(List.of("token")), WebhookLimits.defaults()), dispatcher,
					ObservationRegistry.NOOP, null);
			String form = "AccountSid=AC1&MessageSid=SM1&MessageStatus=sent";
			WebhookRequest request = new WebhookRequest(URL, null, "application/x-www-form-urlencoded", form.length(),
					List.of(new RequestSigner("token").sign(URL, FormParameters.parse(form, 20))), form.getBytes());
			return endpoint.receive(Mono.just(request), Pools.pool()).block().status();
		}
	}

	/**
	 * Proxies beans whose name says so.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Base {

		@Bean
		StatusCallbackHandlers handlers(AnnotationConfigApplicationContext context) {
			return new StatusCallbackHandlers(context.getBeanFactory(), List.of());
		}

		@Bean
		static BeanPostProcessor proxies() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					if (!beanName.startsWith("proxiedBy")) {
						return bean;
					}
					ProxyFactory factory = new ProxyFactory(bean);
					factory.setProxyTargetClass(beanName.contains("ByClass"));
					return beanName.endsWith("Elsewhere") ? factory.getProxy(new OtherLoader()) : factory.getProxy();
				}

			};
		}

	}

	/**
	 * As the class loader of a restart: it sees all classes, and defines proxies itself.
	 */
	public static class OtherLoader extends ClassLoader implements SmartClassLoader {

		OtherLoader() {
			super(ProxiedHandlerTests.class.getClassLoader());
		}

		@Override
		public boolean isClassReloadable(Class<?> type) {
			return false;
		}

		@Override
		public Class<?> publicDefineClass(String name, byte[] bytes, ProtectionDomain domain) {
			return defineClass(name, bytes, 0, bytes.length, domain);
		}

	}

	interface Tracker {

		void track();

	}

	static class FinalMethodBean {

		private final String field = String.valueOf("field");

		@StatusCallback
		final void track() {
			seen.add(this.field);
		}

	}

	static class FinalMethod extends Base {

		@Bean
		FinalMethodBean proxiedByClass() {
			return new FinalMethodBean();
		}

	}

	static class FinalMethodBehindAScope extends Base {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		FinalMethodBean scoped() {
			return new FinalMethodBean();
		}

	}

	static class LazyFinalMethod extends Base {

		@Bean
		@Lazy
		FinalMethodBean proxiedByClass() {
			return new FinalMethodBean();
		}

	}

	static class PrivateMethodBean {

		@StatusCallback
		private void track() {
			seen.add("never");
		}

	}

	static class PrivateMethod extends Base {

		@Bean
		PrivateMethodBean proxiedByClass() {
			return new PrivateMethodBean();
		}

	}

	static class AnotherPackage extends Base {

		@Bean
		Subclass proxiedByClass() {
			return new Subclass();
		}

		static class Subclass extends PackagePrivateTracker {

		}

	}

	// A class loader of its own sees public classes alone.
	public static class PackagePrivateBean {

		private final String field = String.valueOf("field");

		@StatusCallback
		void track() {
			seen.add(this.field);
		}

	}

	static class AnotherClassLoader extends Base {

		@Bean
		PackagePrivateBean proxiedByClassElsewhere() {
			return new PackagePrivateBean();
		}

	}

	static class NotOfTheInterface extends Base {

		@Bean
		Tracker proxiedByInterface() {
			return new Tracker() {

				@Override
				public void track() {
				}

				@StatusCallback
				public void another() {
					seen.add("never");
				}

			};
		}

	}

	static class StaticMethods extends Base {

		@Bean
		StaticMethodBean proxiedByClass() {
			return new StaticMethodBean();
		}

		@Bean
		Tracker proxiedByInterface() {
			return new StaticMethodBean();
		}

	}

	static class StaticMethodBean implements Tracker {

		@StatusCallback
		private static void handle() {
			seen.add("field");
		}

		@Override
		public void track() {
		}

	}

	static class FinalClassByInterface extends Base {

		@Bean
		Tracker proxiedByInterface() {
			return new FinalTracker();
		}

	}

	static class FinalClassUnproxied extends Base {

		@Bean
		FinalTracker tracker() {
			return new FinalTracker();
		}

	}

	static final class FinalTracker implements Tracker {

		private final String field = String.valueOf("field");

		@Override
		@StatusCallback
		public void track() {
			seen.add(this.field);
		}

	}

	@Configuration
	static class FinalMethodOfAConfiguration extends Base {

		private final String field = String.valueOf("field");

		@StatusCallback
		final void track() {
			seen.add(this.field);
		}

	}

	static class ProtectedMethodOfAnotherClassLoader extends Base {

		@Bean
		ProtectedMethodBean proxiedByClassElsewhere() {
			return new ProtectedMethodBean();
		}

	}

	public static class ProtectedMethodBean {

		private final String field = String.valueOf("field");

		@StatusCallback
		protected void track() {
			seen.add(this.field);
		}

	}

	static class Scoped {

		private final String field = String.valueOf("field");

		@StatusCallback
		void track() {
			seen.add(this.field);
		}

	}

	static class LazyBeans extends Base {

		@Bean
		@Lazy
		PackagePrivateBean proxiedByClass() {
			return new PackagePrivateBean();
		}

		@Bean
		@Lazy
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Scoped scoped() {
			return new Scoped();
		}

		@Bean
		@Lazy
		FinalTracker late() {
			return new FinalTracker();
		}

	}

}
