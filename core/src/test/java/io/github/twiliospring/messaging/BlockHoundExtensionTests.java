package io.github.twiliospring.messaging;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A call that blocks where it mustn't fails in each test of the module.
 */
class BlockHoundExtensionTests {

	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void aCallThatBlocksWhereNothingMayFails() {
		Mono<String> blocking = Mono.fromCallable(() -> {
			TimeUnit.MILLISECONDS.sleep(1);
			return "slept";
		}).subscribeOn(Schedulers.parallel());
		assertThatThrownBy(blocking::block).hasRootCauseInstanceOf(BlockingOperationError.class);
	}

}
