package io.github.twiliospring.messaging.simulator.boot;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.StatusChange;
import io.github.twiliospring.messaging.simulator.engine.WorldState;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorRuntimeHintsTests {

	private static final String ROOT = "io/github/twiliospring/messaging/simulator/";

	private final RuntimeHints hints = new RuntimeHints();

	// As Spring finds it.
	SimulatorRuntimeHintsTests() {
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(SimulatorRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "page/*", "api/pixel.*" })
	void takesTheFilesOfThePageAndThePicturesAlong(String pattern) throws IOException {
		Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath*:" + ROOT + pattern);
		String folder = ROOT + pattern.substring(0, pattern.indexOf('/') + 1);
		assertThat(Stream.of(files).map(Resource::getFilename).filter((name) -> !name.endsWith(".class")))
			.hasSizeGreaterThan(2)
			.allSatisfy((name) -> assertThat(RuntimeHintsPredicates.resource().forResource(folder + name))
				.accepts(this.hints));
	}

	@ParameterizedTest
	@ValueSource(strings = { "control.CallFilter", "control.ControlJson$FaultInForce",
			"control.ControlJson$MessageMore", "control.Forms$Messages", "control.Forms$NewFault",
			"control.InboundForm", "control.TextFacts", "engine.ApiCall$Answer", "engine.MessageCondition",
			"engine.MessageDraft$Content", "engine.WorldState$OfMessage$Text", "engine.WorldState", "fault.Scope",
			"network.Directory$Content", "state.StateFile$Content" })
	void readsAndWritesTheRecordsOfControlAndState(String name) {
		Class<?> type = ClassUtils.resolveClassName((ROOT + name).replace('/', '.'), null);
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(type)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(this.hints);
		assertThat(type.getRecordComponents()).extracting(RecordComponent::getAccessor)
			.allSatisfy((accessor) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(accessor))
				.accepts(this.hints));
	}

	@Test
	void readsAndWritesEnumsAndWhatIsMixedIn() throws ReflectiveOperationException {
		assertThat(RuntimeHintsPredicates.reflection().onType(Fault.Kind.class)).accepts(this.hints);
		for (Method method : new Method[] { MessageStatus.class.getMethod("value"),
				PhoneNumber.class.getMethod("address"), StatusChange.class.getMethod("status"),
				mixin("ByValue", "value"), mixin("ByNumber", "address") }) {
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method)).accepts(this.hints);
		}
	}

	@Test
	void registersNothingThatItDoesNotReadOrWrite() {
		assertThat(RuntimeHintsPredicates.reflection().onType(SimulatorConnectionDetails.class)).rejects(this.hints);
		assertThat(RuntimeHintsPredicates.resource().forResource(ROOT + "page/PageFiles.class")).rejects(this.hints);
	}

	private static Method mixin(String name, String method) throws ReflectiveOperationException {
		return Class.forName((ROOT + "control.ControlJson$" + name).replace('/', '.')).getDeclaredMethod(method);
	}

}
