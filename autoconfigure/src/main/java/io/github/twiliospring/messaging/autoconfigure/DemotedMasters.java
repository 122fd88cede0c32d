package io.github.twiliospring.messaging.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Ends a connection on which Redis answers that it's a replica, once a second at most:
 * the address may lead to the new master by now, and a client that stays would never find
 * out.
 */
final class DemotedMasters implements NettyCustomizer {

	private static final String READONLY = "READONLY";

	private static final int LONGEST = 512;

	private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

	private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL);

	@Override
	public void afterChannelInitialized(Channel channel) {
		ChannelHandlerContext commands = channel.pipeline().context(CommandHandler.class);
		if (commands != null) {
			channel.pipeline().addBefore(commands.name(), "twilioDemotedMasters", watcher());
		}
	}

	ChannelHandler watcher() {
		return new Watcher();
	}

	private boolean tryEnd() {
		long now = System.nanoTime();
		long before = this.last.get();
		return now - before >= INTERVAL && this.last.compareAndSet(before, now);
	}

	// Before Redis 7 it stands within what is said of the script that failed. One that
	// comes behind another's answer isn't seen; the next one is.
	private static boolean isRefusal(Object message) {
		if (!(message instanceof ByteBuf bytes) || !bytes.isReadable() || bytes.getByte(bytes.readerIndex()) != '-') {
			return false;
		}
		int length = Math.min(bytes.readableBytes(), LONGEST);
		String begin = bytes.toString(bytes.readerIndex(), length, StandardCharsets.US_ASCII);
		int end = begin.indexOf('\r');
		return begin.substring(0, (end >= 0) ? end : length).contains(READONLY);
	}

	/**
	 * Of one connection.
	 */
	private final class Watcher extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			boolean refusal = isRefusal(message);
			context.fireChannelRead(message);
			if (refusal && tryEnd()) {
				context.close();
			}
		}

	}

}
