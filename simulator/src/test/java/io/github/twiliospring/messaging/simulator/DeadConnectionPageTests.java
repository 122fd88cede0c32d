package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.time.Duration;

import io.github.twiliospring.messaging.testsupport.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser, whose connections die without a word.
 */
class DeadConnectionPageTests extends SimulatorPage {

	/** Counts the streams. */
	private static final String COUNT_STREAMS = """
			const Stream = window.EventSource;
			window.streams = 0;
			window.beats = 0;
			window.EventSource = class extends Stream {
			  constructor(url) {
			    super(url);
			    window.streams += 1;
			    this.addEventListener('beat', () => { window.beats += 1; });
			  }
			};
			""";

	private TcpProxy proxy;

	@Override
	TwilioSimulatorBuilder configure(TwilioSimulatorBuilder builder) {
		builder.listeners().heartbeat(Duration.ofSeconds(1));
		return super.configure(builder);
	}

	@BeforeEach
	void startProxy() throws IOException {
		this.proxy = new TcpProxy(this.simulator.baseUrl().getPort());
	}

	@AfterEach
	void closeProxy() throws IOException {
		this.proxy.close();
	}

	@Override
	void open() {
		browser.open(this.proxy.through(this.simulator.baseUrl() + "/"));
		browser.see(".connection.live");
	}

	@Test
	void noticesThatItsConnectionsDiedAndShowsWhatItMissed() {
		open();
		this.proxy.silence();
		this.api.send();
		browser.see(PHONE);
		browser.see(".connection.live");
		this.simulator.receive("+15550001111", ApiClient.FROM, "Are you there?");
		browser.see("#phones [data-phone='+15550001111']", "Are you there?");
	}

	@Test
	void saysThatItIsConnectingWhileNothingIsHeard() {
		open();
		this.proxy.freeze();
		browser.see("#connection", "connecting");
		this.api.send();
		this.proxy.restore();
		browser.see("#connection", "live");
		browser.see(PHONE);
	}

	@Test
	void keepsAStreamOnWhichNothingButBeatsCome() {
		browser.withBeginning(COUNT_STREAMS, () -> {
			open();
			browser.await("window.beats >= 4");
			assertThat(browser.script("return window.streams")).isEqualTo(1L);
		});
	}

}
