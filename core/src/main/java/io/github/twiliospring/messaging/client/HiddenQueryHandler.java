package io.github.twiliospring.messaging.client;

import java.util.Objects;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientInfos;

import org.springframework.http.client.reactive.ClientHttpRequest;

/**
 * Puts the query of a request back in Reactor Netty's pipeline, since Reactor Netty logs
 * the URL that it's asked for. Reactor Netty removes it before the connection is used
 * again.
 */
final class HiddenQueryHandler extends ChannelOutboundHandlerAdapter {

	private final HiddenQuery query;

	private HiddenQueryHandler(HiddenQuery query) {
		this.query = query;
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpRequest request) {
			request.setUri(this.query.restore(request.uri()));
		}
		context.write(message, promise);
	}

	/**
	 * The query of one exchange, which Reactor Netty may put on the wire more than once.
	 */
	static final class Exchange {

		private final HiddenQuery query;

		private volatile @Nullable String url;

		Exchange(HiddenQuery query) {
			this.query = query;
		}

		/**
		 * Puts the query back once the request is written, unless it's a redirected one:
		 * its URL is another, and whole.
		 * @param request a request of Reactor Netty's that has its connection
		 */
		void restoreIn(ClientHttpRequest request) {
			Object operations = request.getNativeRequest();
			String target = ((HttpClientInfos) operations).resourceUrl();
			if (this.url == null) {
				this.url = target;
			}
			if (Objects.equals(target, this.url)) {
				((NettyOutbound) operations)
					.withConnection((connection) -> connection.addHandlerLast(new HiddenQueryHandler(this.query)));
			}
		}

	}

}
