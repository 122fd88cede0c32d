package io.github.twiliospring.messaging.autoconfigure;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DemotedMastersTests {

	// The second is how Redis 6.2 and older say it of a script.
	@ParameterizedTest
	@CsvSource({ "-READONLY You can't write against a read only replica.,false",
			"-ERR Error running script (call to f_0): @user_script:5: -READONLY You can't write.,false",
			"-NOSCRIPT No matching script.,true", "+READONLY,true", "-,true", "'-ERR no|READONLY',true" })
	void endsTheConnectionOfAServerThatSaysItIsAReplica(String answer, boolean open) {
		EmbeddedChannel channel = new EmbeddedChannel(new DemotedMasters().watcher());
		assertThat(read(channel, answer)).isEqualTo(answer);
		assertThat(channel.isOpen()).isEqualTo(open);
		channel.close();
	}

	@Test
	void endsOneASecondAtMost() {
		DemotedMasters masters = new DemotedMasters();
		for (boolean open : new boolean[] { false, true }) {
			EmbeddedChannel channel = new EmbeddedChannel(masters.watcher());
			read(channel, "-READONLY You can't write.");
			assertThat(channel.isOpen()).isEqualTo(open);
			channel.close();
		}
	}

	private static String read(EmbeddedChannel channel, String answer) {
		String bytes = answer.replace("|", "\r\n") + "\r\n";
		channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
		ByteBuf read = channel.readInbound();
		String text = read.toString(StandardCharsets.US_ASCII);
		read.release();
		return text.substring(0, text.length() - 2).replace("\r\n", "|");
	}

}
