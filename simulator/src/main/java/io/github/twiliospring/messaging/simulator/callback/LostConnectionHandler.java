package io.github.twiliospring.messaging.simulator.callback;

import java.io.IOException;

import io.github.twiliospring.messaging.simulator.engine.WebhookAnswer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.util.ReferenceCountUtil;
import reactor.core.publisher.Sinks;

/**
 * Tells of a connection that ends before the answer does. What goes wrong doesn't get as
 * far as Reactor Netty, which would write a warning and a stack trace into the user's log
 * for each of what may be thousands of callbacks.
 */
final class LostConnectionHandler extends ChannelInboundHandlerAdapter {

	private final Sinks.One<WebhookAnswer> lost;

	LostConnectionHandler(Sinks.One<WebhookAnswer> lost) {
		this.lost = lost;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof DecoderResultProvider decoded && decoded.decoderResult().isFailure()) {
			ReferenceCountUtil.release(message);
			exceptionCaught(context, decoded.decoderResult().cause());
			return;
		}
		context.fireChannelRead(message);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		// Too late to matter if the whole answer has come.
		this.lost.tryEmitError(new IOException("The connection was closed before the answer had ended"));
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		this.lost.tryEmitError(cause);
		context.close();
	}

}
