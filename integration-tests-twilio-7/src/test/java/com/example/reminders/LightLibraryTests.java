package com.example.reminders;

import java.io.File;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the simulator brings to a project with JUnit and nothing else.
 */
class LightLibraryTests {

	@Test
	void bringsWhatItUsesAndNothingElse() {
		assertThat(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> entry.replace(File.separatorChar, '/'))
			.filter((entry) -> entry.matches(
					".*/(io/netty|io/projectreactor|io/micrometer|org/springframework|org/bouncycastle|com/github/ben-manes|tools/jackson|org/slf4j|org/jspecify)/.*"))
			.map((entry) -> entry.replaceAll(".*/", "").replaceAll("-[0-9].*", ""))
			.distinct()).containsExactlyInAnyOrder("jackson-core", "jackson-databind", "jspecify", "netty-buffer",
					"netty-codec-base", "netty-codec-classes-quic", "netty-codec-compression", "netty-codec-dns",
					"netty-codec-http", "netty-codec-http2", "netty-codec-http3", "netty-codec-socks", "netty-common",
					"netty-handler", "netty-handler-proxy", "netty-resolver", "netty-resolver-dns",
					"netty-resolver-dns-classes-macos", "netty-resolver-dns-native-macos", "netty-transport",
					"netty-transport-classes-epoll", "netty-transport-native-epoll",
					"netty-transport-native-unix-common", "reactor-core", "reactor-netty-core", "reactor-netty-http",
					"slf4j-api");
	}

}
