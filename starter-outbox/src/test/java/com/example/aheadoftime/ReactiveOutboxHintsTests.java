package com.example.aheadoftime;

import com.zaxxer.hikari.HikariConfig;
import io.github.twiliospring.messaging.autoconfigure.TwilioMessagingAutoConfiguration;
import io.github.twiliospring.messaging.autoconfigure.TwilioOutboxAutoConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A reactive application has no {@code DataSource} whose properties a native image would
 * know.
 */
class ReactiveOutboxHintsTests {

	@Test
	void letsANativeImageGiveTheOutboxsPoolItsProperties() throws ReflectiveOperationException {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		// It's not started.
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(ReactiveApplication.class);
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(HikariConfig.class.getMethod("setMaximumPoolSize", int.class))).accepts(hints);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TwilioMessagingAutoConfiguration.class, TwilioOutboxAutoConfiguration.class })
	static class ReactiveApplication {

		@Bean
		ConnectionFactory connectionFactory() {
			return ConnectionFactories.get("r2dbc:h2:mem:///hints");
		}

	}

}
