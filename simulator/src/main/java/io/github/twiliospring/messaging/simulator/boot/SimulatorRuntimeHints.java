package io.github.twiliospring.messaging.simulator.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.ClassMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;

/**
 * What a native image has to know of the simulator: the files of its page, the pictures
 * of its media, and what it reads and writes as JSON. All of that are records and enums;
 * each is registered, so that none is forgotten.
 */
final class SimulatorRuntimeHints implements RuntimeHintsRegistrar {

	private static final String ROOT = "io/github/twiliospring/messaging/simulator/";

	/** Where no JSON is: these need libraries that an application may not have. */
	private static final Set<String> WITHOUT_JSON = Set.of("assertj", "boot", "junit", "standalone");

	private static final String CONTROL_JSON = "io.github.twiliospring.messaging.simulator.control.ControlJson";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources()
			.registerPattern(ROOT + "page/*.css")
			.registerPattern(ROOT + "page/*.html")
			.registerPattern(ROOT + "page/*.js")
			.registerPattern(ROOT + "page/*.svg")
			.registerPattern(ROOT + "api/pixel.*");
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(),
				data(classLoader).map((name) -> ClassUtils.resolveClassName(name, classLoader))
					.toArray(Class<?>[]::new));
		// What is mixed in has no caller either.
		hints.reflection()
			.registerType(TypeReference.of(CONTROL_JSON + "$ByNumber"), MemberCategory.INVOKE_PUBLIC_METHODS)
			.registerType(TypeReference.of(CONTROL_JSON + "$ByValue"), MemberCategory.INVOKE_PUBLIC_METHODS);
	}

	private static Stream<String> data(@Nullable ClassLoader classLoader) {
		PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver(classLoader);
		MetadataReaderFactory classes = MetadataReaderFactory.create(resolver);
		try {
			return Stream.of(resolver.getResources("classpath*:" + ROOT + "**/*.class"))
				.map((file) -> metadata(classes, file))
				.filter(SimulatorRuntimeHints::isData)
				.map(ClassMetadata::getClassName);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ClassMetadata metadata(MetadataReaderFactory classes, Resource file) {
		try {
			return classes.getMetadataReader(file).getClassMetadata();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isData(ClassMetadata type) {
		String superclass = type.getSuperClassName();
		String packageName = ClassUtils.getPackageName(type.getClassName());
		return (Record.class.getName().equals(superclass) || Enum.class.getName().equals(superclass))
				&& !WITHOUT_JSON.contains(packageName.substring(packageName.lastIndexOf('.') + 1));
	}

}
